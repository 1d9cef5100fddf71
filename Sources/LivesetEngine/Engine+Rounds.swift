public import PoolModel

// Rounds of the statefile: what is written, what was read, and when a round is good ([LEASE-S]).
extension Engine {
    /// The newest good round is younger than Ts, and the newest view was read ([LEASE-1]).
    func isStorageLive(at now: MonotonicInstant) -> Bool {
        round.lastGood != .distantPast && now - round.lastGood < timing.storageTimeout
    }

    /// Whether `host`'s slot changed within Ts + r, counted over this host's own good rounds.
    func isStorageLive(_ host: HostIndex, at now: MonotonicInstant) -> Bool {
        if host == own { return isStorageLive(at: now) }
        let record = peers[host.row]
        return record.freshAt != .distantPast
            && now - record.freshAt <= timing.storageTimeout + timing.roundInterval
    }

    /// How long `host`'s slot has stood still while this host was looking.
    func stillness(of host: HostIndex, at now: MonotonicInstant) -> TimeSpan {
        now - max(peers[host.row].freshAt, round.gapEndedAt, startedAt)
    }

    /// Starts a round when one is due or wanted and none is under way.
    mutating func startRoundIfDue(now: MonotonicInstant, into orders: inout Orders) {
        guard !round.isInFlight else { return }
        switch life {
        case .gone, .numbering: return
        case .surveying, .joining, .holding, .arming, .renouncing, .resuming, .member, .departing, .disabled,
            .unguarded,
            .fencing:
            break
        }
        let interval =
            isStorageLive(at: now) ? timing.roundInterval : min(timing.roundInterval, timing.grace / 6)
        guard round.isWanted || now - round.startedAt >= interval else { return }
        round.isWanted = false
        round.isInFlight = true
        round.startedAt = now
        round.id += 1
        var request = RoundRequest(id: round.id)
        if round.hasSurveyed && incarnation.number != .none { request.slot = composeSlot(now: now) }
        request.ballot = prepareBallot()
        request.readsBallots = shouldReadBallots(now: now)
        round.slot = request.slot
        round.hasBallot = request.ballot != nil
        if let slot = request.slot { announceOwnTombstone(slot) }
        orders.round = request
        orders.append(.startRound)
    }

    private mutating func announceOwnTombstone(_ slot: Slot) {
        if life == .fencing && slot.phase == .fenced { fence.isTombstoneDue = true }
    }

    private func shouldReadBallots(now: MonotonicInstant) -> Bool {
        if !book.isCertain || round.sawFlag || proposer.instance != .zero || !life.isBound { return true }
        return now - round.lastBallotsRead >= timing.storageTimeout / 2
    }

    /// The own row as of now ([TIME-4]: composed from what is known in this step).
    mutating func composeSlot(now: MonotonicInstant) -> Slot {
        round.slotSequence += 1
        var slot = Slot(emptyFor: own)
        slot.sequence = round.slotSequence
        slot.incarnation = incarnation
        slot.phase = phase
        slot.epoch = shownEpoch
        // Until the read-back W is in force, and for the rest of an incarnation that published it, the
        // largest D stands.
        slot.certainlyDead = watchdog.isOpen ? timing.certainlyDead : settings.largestD
        slot.grace = timing.grace
        slot.watchdog = watchdog.isOpen ? timing.watchdog : .zero
        slot.ballotInstance = proposer.instance
        slot.netOK = health.isPublishedOK
        slot.hold = partition.isHolding
        slot.quarantineOver = round.isQuarantineOver
        slot.hasGuests = hasGuests
        slot.weight = settings.weight
        slot.recentRemovals = start.recentRemovals
        slot.selfFences = start.selfFences
        slot.lastFence = lastFence
        slot.lastWords = lastWords
        slot.requests = requests
        for host in others {
            let record = peers[host.row]
            let isHeard = record.isHeard(at: now, timing)
            if isHeard { slot.hears[host] = record.newest.number }
            if isHeard && life == .member && members.contains(host) && isVouchable(host) {
                slot.vouches[host] = record.newest.number
            }
            if adopted.entries[host].standing != .member { slot.grantAges[host] = grantAge(host, now: now) }
        }
        return slot
    }

    private func isVouchable(_ host: HostIndex) -> Bool {
        adopted.includes(host, peers[host.row].newest.number) && known.epoch == adopted.epoch
    }

    /// [DEAD-1] (c): a run counts its own start as a grant to every host, for the largest D of the pool.
    private func grantAge(_ host: HostIndex, now: MonotonicInstant) -> GrantAge {
        GrantRule.statedAge(
            promisedAt: peers[host.row].promisedAt,
            startedAt: startedAt,
            largestD: settings.largestD,
            now: now
        )
    }

    /// The round that `startRound` gave out has ended, however late.
    public mutating func roundCompleted(
        _ result: RoundResult,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        guard round.isInFlight, result.id == round.id else { return }
        round.isInFlight = false
        round.unsettled = result.unsettledSubBlocks
        if result.formerLivesSettled && !round.isQuarantineOver {
            round.isQuarantineOver = true
            round.isWanted = true
        }
        let wroteBallot = round.hasBallot && book.finish(result.ballotWrite)
        if result.slotsRead { readSlots(result, now: now, into: &orders) }
        if result.ballotsRead { readBallots(result, now: now, into: &orders) }
        if result.slotsRead && result.ballotsRead && !round.hasSurveyed {
            survey(result, now: now, into: &orders)
        }
        takeIfGood(result, now: now, into: &orders)
        if life == .arming { completeAdmission(now: now, into: &orders) }
        advanceBallot(result, wrote: wroteBallot, now: now, into: &orders)
        if result.slotsRead { certify(result, now: now, into: &orders) }
        if result.slotWrite == .succeeded { noteTombstoneWritten(into: &orders) }
        switch life {
        case .member: evaluate(now: now, into: &orders)
        case .joining: considerForming(now: now, into: &orders)
        case .surveying, .numbering, .holding, .arming, .renouncing, .resuming, .departing, .gone, .disabled,
            .unguarded,
            .fencing:
            break
        }
        round.slot = nil
        conclude(now: now, into: &orders)
    }

    private mutating func readSlots(_ result: RoundResult, now: MonotonicInstant, into orders: inout Orders) {
        round.sawFlag = false
        for host in others {
            let hadTombstone = peers[host.row].tombstone
            if peers[host.row].observe(result.slots[host.row], at: now, timing)
                && peers[host.row].tombstone != hadTombstone
            {
                round.isWanted = true
            }
            let slot = peers[host.row].slot
            if slot.ballotInstance > known.epoch || slot.epoch > known.epoch { round.sawFlag = true }
            for gone in removed where gone != host {
                departures.note(
                    host,
                    peers[host.row],
                    removed: gone,
                    removedIn: adopted.entries[gone].removedIn
                )
            }
        }
        if round.sawFlag && !result.ballotsRead { round.isWanted = true }
    }

    /// A round is good when its own write succeeded, its read succeeded and showed no view newer than the one
    /// known,
    /// its own slot came back, and the ballot blocks were read within Ts.
    private mutating func takeIfGood(_ result: RoundResult, now: MonotonicInstant, into orders: inout Orders)
    {
        if result.ballotsRead { round.lastBallotsRead = result.readIssuedAt }
        guard let slot = round.slot, result.slotWrite == .succeeded, result.slotsRead else { return }
        guard isOwnSlotBack(slot, result, now: now) else { return }
        guard !round.sawFlag || result.ballotsRead else { return }
        guard result.issuedAt - round.lastBallotsRead <= timing.storageTimeout else { return }
        if life == .member && known.epoch != adopted.epoch { return }
        for host in others where peers[host.row].slot.epoch > known.epoch { return }
        if now - round.lastGoodCompleted > timing.storageTimeout {
            round.gapEndedAt = now
            round.goodSince = now
        }
        round.lastGoodCompleted = now
        round.lastGood = max(round.lastGood, result.issuedAt)
        round.lastGoodReadIssued = result.readIssuedAt
        round.acknowledgedVouches = slot.vouches
        if round.isQuarantineOver && slot.quarantineOver { round.hadGoodAfterQuarantine = true }
        mastership.takeRound(showing: slot.epoch, at: now, timing: timing)
    }

    /// Own read-back (section 9): a rolled-back or split replica shows another own slot than the one just
    /// written.
    private mutating func isOwnSlotBack(_ slot: Slot, _ result: RoundResult, now: MonotonicInstant) -> Bool {
        let reading = result.slots[own.row]
        let isBack =
            reading.verdict == .valid && reading.slot.sequence == slot.sequence
            && reading.slot.incarnation == slot.incarnation
        if isBack {
            round.acknowledgedSlot = slot.sequence
            round.mismatchSince = nil
        } else {
            if round.mismatchSince == nil { round.mismatchSince = now }
            mastership.unpublish()
        }
        return isBack
    }
}
