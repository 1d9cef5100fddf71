import PoolModel

// Which clauses a run has passed: for the simulator's report and for people; nothing is decided by it.
extension Engine {
    /// Every clause that this run has passed.
    public var reached: ClauseSet {
        var set = marks
        set.formUnion(lease.reached)
        set.formUnion(partition.reached)
        set.formUnion(mastership.reached)
        set.formUnion(book.reached)
        set.formUnion(health.reached)
        return set
    }

    mutating func mark(_ clause: Clause) { marks.insert(clause) }

    /// A view is being proposed: what it changes, and why.
    mutating func markProposal(_ desire: Desire, now: MonotonicInstant) {
        if desire.staying.rank(of: own) > 0 { mark(.view1Turn) }
        let isForming = life == .joining
        if isForming { markForming(desire.view) } else { markChange(desire.view, now: now) }
    }

    private mutating func markForming(_ view: View) {
        if view.state == .enabling { return mark(.join3Enabling) }
        if mayForceForm { return mark(.join4Forced) }
        mark(known.entries[own].standing == .member ? .join4Formed : .join4Outsider)
        for host in view.removed where known.entries[host].standing == .member { mark(.join4FormedAround) }
    }

    private mutating func markChange(_ view: View, now: MonotonicInstant) {
        for host in members where view.entries[host].number != adopted.entries[host].number {
            mark(.fault9Readmitted)
        }
        for host in members.subtracting(view.members) {
            if let reason = view.entries[host].reason { markRemoval(host, reason) }
        }
        if !view.members.subtracting(members).isEmpty { mark(.join1Admitted) }
        if view.master == adopted.master {
            mark(.view6Kept)
        } else {
            mark(requestedMaster(view.members, now: now) == view.master ? .view6Asked : .view6Elected)
        }
        guard view.state != adopted.state else { return }
        if view.state == .active { mark(.join3Active) }
        if view.state == .disabled {
            let isLate = adopted.state == .enabling && now - adoptedAt > settings.enableTimeout
            mark(isLate ? .join3TimedOut : .leave2Proposed)
        }
    }

    private mutating func markRemoval(_ host: HostIndex, _ reason: RemovalReason) {
        switch reason {
        case .silent: mark(partition.isHolding ? .fault3HoldGoesOn : .fault1Silent)
        case .partitioned: mark(.fault2OwnSide)
        case .storageLost: mark(.fault4Limit)
        case .askedOut: mark(requests.asksOut.contains(host) ? .fault6Own : .fault6Read)
        case .knownDead: mark(.fault9Dead)
        case .left, .formedWithout: break
        }
    }

    /// A certificate of [DEAD-1]: which of its terms was the last.
    mutating func markEvidence(_ proof: DeathCertificate) {
        let record = peers[proof.host.row]
        let isOwnD =
            record.newest.number == proof.number && record.largestD > .zero && record.verdict == .valid
        if !isOwnD { mark(.dead1LargestD) }
        let evidence = proof.evidenceFrom
        if evidence == record.seenAt { mark(.dead1Sight) }
        if evidence == round.gapEndedAt { mark(.dead1Gap) }
        if evidence == record.promisedAt { mark(.dead1Promise) }
        if evidence == firstAdoptedAt { mark(.dead1Adoption) }
        if settings.pathMayRepeatWrites && evidence == record.removalLearntAt { mark(.dead1RemovalLearnt) }
        for other in others where other != proof.host {
            let peer = peers[other.row]
            let term = departures.term(other, peer, removed: proof.host, fallbackGrace: settings.largestD)
            guard term == evidence else { continue }
            if departures.isNoted(other, removed: proof.host) {
                mark(.dead1Departed)
            } else {
                mark(peer.slot.phase == .joining ? .dead1Joining : .dead1Standing)
            }
        }
    }

    /// What kind of certificate was issued.
    mutating func markCertificate(_ certificate: DeathCertificate) {
        switch certificate.clause {
        case .leaseExpiry: markEvidence(certificate)
        case .tombstone: mark(.dead2Certified)
        case .newBoot: mark(isOfSameBoot(certificate) ? .dead3SameBoot : .dead3NewBoot)
        case .confirmedOff: mark(.dead4Confirmed)
        case .operatorConfirmed: mark(.dead5Confirmed)
        case .carriedByView: mark(.dead1Carried)
        }
    }

    private func isOfSameBoot(_ certificate: DeathCertificate) -> Bool {
        let record = peers[certificate.host.row]
        return record.formerBoot != .none && record.formerBoot == record.newest.boot
    }

    mutating func markFence(_ reason: SelfFenceReason) {
        switch reason {
        case .leaseExpired: mark(.fenceLeaseExpired)
        case .removedFromView: mark(.fenceRemovedFromView)
        case .stalledFeed: mark(.fenceStalledFeed)
        case .watchdogUnavailable: mark(.fenceWatchdogUnavailable)
        case .operatorRequest: mark(.fenceOperatorRequest)
        case .crashLoop: break
        }
    }

    mutating func markObstacle(_ obstacle: JoinObstacle) {
        switch obstacle {
        case .noStatefile: mark(.join2NoStatefile)
        case .quarantine: mark(.join1Quarantine)
        case .notHeard: mark(.join1NotHeard)
        case .waitingForHosts: mark(.join3Waiting)
        case .notCertified:
            mark(.join4NotCertified)
            if known.entries[own].standing != .member { markOutsider() }
        case .heldOut: mark(.fault8HeldOut)
        case .poolDisabled: mark(.leave2PoolDisabled)
        case .watchdog: mark(.join1Watchdog)
        }
    }

    private mutating func markOutsider() {
        for host in known.members where peers[host.row].isCertified(known.entries[host].number) {
            mark(.join4OutsiderWaits)
        }
    }

    /// What one row of a read shows that is news for E alone, or none at all ([DEAD-1], [INC-1]).
    ///
    /// Asked before the row is taken.
    mutating func markRow(_ reading: SlotReading, of host: HostIndex) {
        let record = peers[host.row]
        guard record.wasRead, reading.fingerprint != record.fingerprint else { return }
        guard reading.verdict == .valid else { return mark(.dead1TornIsNews) }
        let life = reading.slot.incarnation
        if life.number < record.newest.number {
            mark(.inc1OldSlot)
            takeOldLife(life, of: host)
        }
        let isSameRun = life.number == record.slot.incarnation.number
        if isSameRun && reading.slot.sequence < record.slot.sequence { mark(.dead1WentBack) }
        if reading.slot.phase.isTombstone { mark(.dead2Slot) }
    }

    /// The first lease of this run was handed to the fence loop: by which way it came.
    mutating func markFirstLease() {
        if marks.contains(.inc1Kept) {
            mark(lease.ground == .storage ? .lease2FirstRound : .lease2FirstEchoes)
        } else {
            mark(.lease3JoiningRounds)
        }
    }

    /// A heartbeat was composed: what it could not promise.
    mutating func markPromises(isOld: Bool, now: MonotonicInstant) {
        guard life == .member || life == .disabled else { return }
        if proposer.isDecidedUnpublished { mark(.view2aSilent) }
        if !round.isQuarantineOver { mark(.view3NoPromise) }
        guard isOld, life == .member else { return }
        if settings.onStorageLoss == .fence { return mark(.leaseMFencePolicy) }
        if !lease.couldUseGrant(at: now, members: members, policy: .stay, timing) { mark(.leaseMPoolOfTwo) }
    }
}
