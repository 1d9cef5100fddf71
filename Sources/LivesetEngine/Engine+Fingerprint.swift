import PoolModel

// The state of an engine as a hash: everything that decides what it does next (docs/EXHAUSTIVE.md).
//
// Left out: what only people read (`told`, last words, the wasReported flags), what never changes in a run
// (`settings`, `start`), and the ids of rounds.
extension Engine {
    /// The newest sequences of this run.
    package var sequences: SequenceFrame.Row {
        var row = SequenceFrame.Row()
        row.nonce = incarnation.nonce
        row.newestHeartbeat = sends.newest
        row.newestSlot = round.slotSequence
        return row
    }

    /// Takes this engine's state into `hash`.
    package borrowing func mix(into hash: inout StateHash) {
        mixHost(into: &hash)
        mixViews(into: &hash)
        mixRound(into: &hash)
        mixRules(into: &hash)
        mixSends(into: &hash)
        for host in others { mixPeer(host, into: &hash) }
        for row in 0..<departures.terms.count { hash.mix(departures.terms[row]) }
    }

    private borrowing func mixHost(into hash: inout StateHash) {
        hash.mix(startedAt)
        hash.mix(incarnation)
        hash.mix(UInt64(life.rawValue) << 8 | (isLeaving ? 1 : 0) | (hasGuests ? 2 : 0))
        hash.mix((isHeldOut ? 1 : 0) | (mayForceForm ? 2 : 0) | (wantsHeartbeat ? 4 : 0) as UInt64)
        hash.mix(requests)
        hash.mix(health.isUp)
        hash.mix(health.isPublishedOK)
        hash.mix(health.upSince)
        hash.mix(watchdog == .opening)
        hash.mix(watchdog.isOpen)
        hash.mix(timing.watchdog)
        hash.mix(nextArmingAt)
        hash.mix(nextHeartbeatAt)
        hash.mix(published.heard.bits)
        hash.mix(published.epoch.rawValue << 8 | UInt64(published.phase.rawValue))
        hash.mix((published.netOK ? 1 : 0) | (published.hold ? 2 : 0) as UInt64)
        hash.mix(fence.startedAt)
        hash.mix(fence.tombstonesSent)
        hash.mix((fence.isTombstoneDue ? 1 : 0) | (fence.hasFired ? 2 : 0) | (fence.isSpent ? 4 : 0) as UInt64)
        hash.mix((fence.isSpendPending ? 1 : 0) | (fence.isUnguardedKnown ? 2 : 0) as UInt64)
        hash.mix(fence.hasHandedLease)
    }

    private borrowing func mixViews(into hash: inout StateHash) {
        hash.mix(adopted, hostCount: settings.hostCount)
        hash.mix(known, hostCount: settings.hostCount)
        hash.mix(members.bits)
        hash.mix(removed.bits)
        hash.mix(firstAdoptedAt)
        hash.mix(adoptedAt)
        hash.mix(desiredSince)
        hash.mix(formableSince)
        hash.mix(jitter)
        hash.mix(book.record, hostCount: settings.hostCount)
        hash.mix(UInt64(book.subBlock) << 1 | (book.isCertain ? 1 : 0))
        hash.mix(book.highestSequence)
        if let write = book.inFlight {
            hash.mix(UInt64(write.subBlock))
            hash.mix(write.record, hostCount: settings.hostCount)
        }
        hash.mix(UInt64(proposer.stage.rawValue))
        hash.mix(proposer.instance.rawValue)
        hash.mix(proposer.ballot.rawValue)
        hash.mix(proposer.notBefore)
        hash.mix(proposer.highestSeen.rawValue)
        hash.mix(proposer.losses)
        if proposer.stage == .phase2 || proposer.stage == .publishing {
            hash.mix(proposer.value, hostCount: settings.hostCount)
        }
    }

    private borrowing func mixRound(into hash: inout StateHash) {
        hash.mix((round.isInFlight ? 1 : 0) | (round.hasBallot ? 2 : 0) | (round.isWanted ? 4 : 0) as UInt64)
        hash.mix((round.hasSurveyed ? 1 : 0) | (round.sawFlag ? 2 : 0) as UInt64)
        hash.mix((round.isQuarantineOver ? 1 : 0) | (round.hadGoodAfterQuarantine ? 2 : 0) as UInt64)
        hash.mix(UInt64(round.stage.rawValue) << 8 | UInt64(round.unsettled))
        if let slot = round.slot { hash.mix(slot, hostCount: settings.hostCount) }
        hash.mix(round.startedAt)
        hash.mix(slot: round.acknowledgedSlot, of: own)
        hash.mix(round.lastGood)
        hash.mix(round.lastGoodCompleted)
        hash.mix(round.lastGoodReadIssued)
        hash.mix(round.gapEndedAt)
        hash.mix(round.goodSince)
        hash.mix(round.lastBallotsRead)
        hash.mix(round.mismatchSince)
        for host in others { hash.mix(UInt64(round.acknowledgedVouches[host].rawValue)) }
    }

    private borrowing func mixRules(into hash: inout StateHash) {
        hash.mix(lease.until)
        hash.mix(UInt64(lease.ground.rawValue))
        hash.mix(lease.allLostHeldAt)
        hash.mix(lease.largestView)
        hash.mix(lease.seenMembers.bits)
        hash.mix(partition.isHolding)
        hash.mix(partition.graph)
        hash.mix(partition.changedAt)
        hash.mix(partition.firstLossAt)
        hash.mix(mastership.publishedAt)
        hash.mix(mastership.publishedEpoch.rawValue)
        hash.mix(mastership.lastGoodRound)
        hash.mix(mastership.isActing)
    }

    /// Echoes of heartbeats that are older than G prove nothing.
    private borrowing func mixSends(into hash: inout StateHash) {
        var sequence = sends.newest
        while sequence > 0, let issue = sends.issueTime(of: sequence), hash.age(of: issue) <= timing.grace {
            hash.mix(issue)
            sequence -= 1
        }
    }

    private borrowing func mixPeer(_ host: HostIndex, into hash: inout StateHash) {
        let record = peers[host.row]
        hash.mix(record.newest)
        hash.mix(record.largestD)
        hash.mix(record.largestG)
        hash.mix(record.slot, hostCount: settings.hostCount)
        hash.mix(UInt64(record.verdict.rawValue) << 1 | (record.wasRead ? 1 : 0))
        hash.mix(slot: record.fingerprint, of: host)
        hash.mix(record.seenAt)
        hash.mix(record.freshAt)
        hash.mix(record.freshSince)
        hash.mix(UInt64(record.armed.rawValue))
        hash.mix(record.formAroundSeenAt == record.seenAt)
        hash.mix(record.joiningSince)
        hash.mix(record.heardAt)
        hash.mix(heartbeat: record.lastSequence, of: host, record.newest.nonce)
        hash.mix(record.heartbeatEpoch.rawValue << 8 | UInt64(record.heartbeatPhase.rawValue))
        hash.mix((record.isRoundOld ? 1 : 0) | (record.wantsGrant ? 2 : 0) | (record.netOK ? 4 : 0) as UInt64)
        hash.mix(record.saysStorageLost)
        hash.mix(record.newestEcho)
        hash.mix(record.newestGrant)
        hash.mix(record.newestAllLost)
        hash.mix(record.allLostEpoch.rawValue)
        hash.mix(record.promisedAt)
        hash.mix(heartbeat: record.grantedSequence, of: host, record.newest.nonce)
        hash.mix(record.tombstone)
        hash.mix(UInt64(record.unguarded.rawValue) << 32 | UInt64(record.confirmed.rawValue))
        hash.mix(UInt64(record.confirmedBy.rawValue))
        hash.mix(UInt64(record.certificate?.number.rawValue ?? 0))
        hash.mix(UInt64(record.certificate?.clause.rawValue ?? 0))
        hash.mix(record.removalLearntAt)
    }
}
