import PoolModel

/// The next view that a host would propose, and what it is about.
struct Desire: BitwiseCopyable {
    var view: View
    /// The first host that it is about.
    var host: HostIndex?
    /// Why that host leaves; nil for a join or another change.
    var reason: RemovalReason?
    /// The members that stay: the lowest storage-live one among them proposes first.
    var staying: HostSet
}

// What should be different from the adopted view (sections 4, 6 and 8).
extension Engine {
    /// Looks at the pool and proposes when something is to change and it is this host's turn.
    mutating func evaluate(now: MonotonicInstant, into orders: inout Orders) {
        lease.follow(members: members, isStorageLost: !isStorageLive(at: now))
        guard life == .member else { return }
        guard canDecide(now: now) else {
            if !round.isQuarantineOver { mark(.view3Quarantine) }
            if lease.ground == .allLost && !isStorageLive(at: now) { mark(.fault5Waits) }
            return
        }
        guard proposer.stage == .idle || proposer.stage == .flagging else { return }
        let verdict = judgePartition(now: now)
        guard let desire = desiredView(verdict, now: now) else {
            desiredSince = nil
            if proposer.stage == .idle { proposer.finish() }
            return
        }
        let since = desiredSince ?? now
        desiredSince = since
        var proposers = HostSet()
        for host in desire.staying where isStorageLive(host, at: now) { proposers.insert(host) }
        guard proposers.contains(own) else { return }
        let turn = since + timing.roundInterval * (2 * proposers.rank(of: own))
        if now >= turn { propose(desire, now: now, into: &orders) }
    }

    /// The view that this host would propose now; for the moment between the phases of a ballot.
    mutating func wantedView(now: MonotonicInstant) -> Desire? {
        switch life {
        case .joining: formingView(now: now)
        case .member: desiredView(judgePartition(now: now), now: now)
        case .surveying, .numbering, .holding, .arming, .renouncing, .resuming, .departing, .gone, .disabled,
            .unguarded, .fencing:
            nil
        }
    }

    /// What this host hears, by the numbers of the adopted view.
    func hearsMember(_ host: HostIndex, at now: MonotonicInstant) -> Bool {
        let record = peers[host.row]
        return record.isHeard(at: now, timing) && record.newest.number == adopted.entries[host].number
    }

    private mutating func judgePartition(now: MonotonicInstant) -> PartitionVerdict {
        var picture = PartitionRule.Picture()
        picture.members = members
        picture.master = adopted.master
        for host in members {
            if host == own {
                picture.hosts[own] = PartitionHost(netOK: health.isPublishedOK, weight: settings.weight)
                picture.live.insert(own)
                for other in members where other != own && hearsMember(other, at: now) {
                    picture.hears[own].insert(other)
                }
                continue
            }
            let record = peers[host.row]
            picture.hosts[host] = PartitionHost(netOK: record.slot.netOK, weight: record.slot.weight)
            let isPresent = record.slot.incarnation.number == adopted.entries[host].number
            guard isPresent, isStorageLive(host, at: now) else { continue }
            picture.live.insert(host)
            picture.oldestRow = min(picture.oldestRow, record.freshAt)
            if record.slot.hold { picture.someoneHolds = true }
            for other in members
            where other != host && record.slot.hears[other] == adopted.entries[other].number {
                picture.hears[host].insert(other)
            }
        }
        return partition.judge(
            picture,
            policy: settings.onEvenPartition,
            timing: timing,
            now: now,
            mutation
        )
    }

    /// Everything that is to change, as the next view; nil when nothing is.
    private mutating func desiredView(_ verdict: PartitionVerdict, now: MonotonicInstant) -> Desire? {
        var view = nextView()
        var change = ViewChange()
        if adopted.state != .disabled {
            for host in members where host != own { considerRemoval(host, now: now, &change) }
            switch verdict {
            case .keep(let best):
                if !best.contains(own) { mark(.fault2OtherSide) }
                if best.contains(own) {
                    for host in members.subtracting(best) where !change.out.contains(host) {
                        change.remove(host, .partitioned)
                    }
                }
            case .nothing, .hold:
                break
            }
        }
        let staying = members.subtracting(change.out)
        apply(change, to: &view)
        let joined = admit(into: &view, staying: staying, now: now)
        let stateChanged = chooseState(&view, now: now)
        let masterMoved = chooseMaster(&view, now: now)
        guard !change.out.isEmpty || !joined.isEmpty || stateChanged || masterMoved else { return nil }
        let about = change.out.first ?? joined.first
        return Desire(
            view: view,
            host: about,
            reason: about.flatMap { change.out.contains($0) ? change.reasons[$0] : nil },
            staying: staying
        )
    }

    /// The next view before any change: certified removals are not carried on.
    func nextView() -> View {
        var view = known
        view.epoch = known.epoch.next
        for host in others where view.entries[host].standing == .removed {
            if peers[host.row].isCertified(view.entries[host].number) || mutation.removedForgotten {
                view.entries[host].standing = .absent
            }
        }
        return view
    }

    private mutating func considerRemoval(
        _ host: HostIndex,
        now: MonotonicInstant,
        _ change: inout ViewChange
    ) {
        let record = peers[host.row]
        let number = adopted.entries[host].number
        let isFresh = isStorageLive(host, at: now) && record.slot.incarnation.number == number
        if record.isCertified(number) || CertificateRule.immediate(record, number: number, mutation) != nil {
            change.remove(
                host,
                record.tombstone.number == number && record.slot.phase == .left ? .left : .knownDead
            )
        } else if isFresh && record.slot.phase == .leaving && !record.slot.hasGuests {
            change.remove(host, .left)
        } else if isAskedOut(host, now: now) {
            change.remove(host, .askedOut)
        } else if isSilent(host, number: number, now: now) {
            change.remove(host, .silent)
        } else if !isFresh && stillness(of: host, at: now) >= settings.storageLossLimit && mastership.isActing
        {
            change.remove(host, .storageLost)
        }
    }

    /// [FAULT-1]: unheard by all, its slot unchanged for Tn, not vouched for.
    private mutating func isSilent(_ host: HostIndex, number: IncarnationNumber, now: MonotonicInstant)
        -> Bool
    {
        if mutation.holdStopsRemovals && partition.isHolding { return false }
        guard stillness(of: host, at: now) >= timing.networkTimeout else { return false }
        guard now - max(startedAt, firstAdoptedAt) >= timing.networkTimeout else { return false }
        if hearsMember(host, at: now) { return false }
        for other in members where other != own && other != host && isStorageLive(other, at: now) {
            let row = peers[other.row].slot
            if row.hears[host] == number || row.vouches[host] == number {
                mark(.fault1Kept)
                return false
            }
        }
        for other in members.without(own).without(host)
        where peers[other.row].slot.vouches[host] == number {
            mark(.fault1StaleVouch)
            if mutation.staleVouchCounts { return false }
        }
        return true
    }

    /// [FAULT-6]: a member of the same epoch carries the operator's request.
    private func isAskedOut(_ host: HostIndex, now: MonotonicInstant) -> Bool {
        if requests.asksOut.contains(host) { return true }
        for other in members where other != own && isStorageLive(other, at: now) {
            let slot = peers[other.row].slot
            if slot.epoch == adopted.epoch && slot.requests.asksOut.contains(host) { return true }
        }
        return false
    }

    private func apply(_ change: ViewChange, to view: inout View) {
        for host in change.out {
            let record = peers[host.row]
            let number = view.entries[host].number
            let isDead =
                record.isCertified(number) || CertificateRule.immediate(record, number: number) != nil
            view.entries[host] = ViewEntry(
                number: number,
                standing: isDead ? .absent : .removed,
                reason: change.reasons[host],
                removedIn: view.epoch
            )
        }
    }

    /// [JOIN-1]: whoever wants in and is well connected with all storage-live members that stay.
    private func admit(into view: inout View, staying: HostSet, now: MonotonicInstant) -> HostSet {
        var joined = HostSet()
        guard adopted.state == .active else { return joined }
        for host in others.subtracting(staying) where view.entries[host].standing == .absent {
            let slot = peers[host.row].slot
            let isSame = mutation.sameNumberAgain && slot.incarnation.number == view.entries[host].number
            guard isJoining(host, now: now), slot.incarnation.number > view.entries[host].number || isSame
            else { continue }
            guard isConnected(host, with: staying, now: now) else { continue }
            view.entries[host] = ViewEntry(
                number: slot.incarnation.number,
                standing: .member,
                reason: nil,
                removedIn: view.entries[host].removedIn
            )
            joined.insert(host)
        }
        return joined
    }

    /// Whether `host`'s slot says *joining* with everything that a member needs of it.
    func isJoining(_ host: HostIndex, now: MonotonicInstant) -> Bool {
        let record = peers[host.row]
        return record.verdict == .valid && record.slot.phase == .joining && record.slot.quarantineOver
            && record.slot.incarnation.number == record.newest.number && isStorageLive(host, at: now)
            && record.slot.certainlyDead <= settings.largestD
    }

    /// Heard by, and hearing, every storage-live member that stays.
    private func isConnected(_ host: HostIndex, with staying: HostSet, now: MonotonicInstant) -> Bool {
        let slot = peers[host.row].slot
        for member in staying where isStorageLive(member, at: now) {
            if slot.hears[member] != adopted.entries[member].number { return false }
            let hears =
                member == own
                ? peers[host.row].isHeard(at: now, timing)
                : peers[member.row].slot.hears[host] == slot.incarnation.number
            if !hears { return false }
        }
        return true
    }

    /// [JOIN-3], [LEAVE-2]: enabling to active once everyone showed the epoch; disabled on request or time-
    /// out.
    private func chooseState(_ view: inout View, now: MonotonicInstant) -> Bool {
        let wantsDisable =
            requests.asksDisable
            || members.contains {
                $0 != own && isStorageLive($0, at: now) && peers[$0.row].slot.epoch == adopted.epoch
                    && peers[$0.row].slot.requests.asksDisable
            }
        switch adopted.state {
        case .disabled:
            return false
        case .active:
            guard wantsDisable else { return false }
            view.state = .disabled
            return true
        case .enabling:
            if wantsDisable || now - adoptedAt > settings.enableTimeout {
                view.state = .disabled
                return true
            }
            for host in members where host != own && peers[host.row].shownEpoch < adopted.epoch {
                return false
            }
            for host in members where host != own && !peers[host.row].hasAdopted(adopted, host) {
                return false
            }
            view.state = .active
            return true
        }
    }

    /// [VIEW-6]: keep the master while it is a storage-live member; else the heaviest, then the lowest,
    /// eligible one.
    private func chooseMaster(_ view: inout View, now: MonotonicInstant) -> Bool {
        let candidates = view.members
        let wanted = requestedMaster(candidates, now: now)
        if let master = view.master, candidates.contains(master), wanted == nil || wanted == master {
            if master == own ? isStorageLive(at: now) : stillness(of: master, at: now) < masterPatience {
                return false
            }
        }
        let former = view.master
        view.master = wanted ?? electMaster(candidates, now: now)
        return view.master != former
    }

    /// A master whose path blinks for a moment is kept: nothing needs a master in that moment.
    private var masterPatience: TimeSpan {
        max(timing.storageTimeout + timing.roundInterval, timing.networkTimeout)
    }

    func requestedMaster(_ candidates: HostSet, now: MonotonicInstant) -> HostIndex? {
        var wanted = requests.asksMaster
        for other in members where other != own && isStorageLive(other, at: now) {
            let slot = peers[other.row].slot
            if slot.epoch == adopted.epoch, let asked = slot.requests.asksMaster { wanted = asked }
        }
        guard let wanted, candidates.contains(wanted), isStorageLive(wanted, at: now) else { return nil }
        return wanted
    }

    private func electMaster(_ candidates: HostSet, now: MonotonicInstant) -> HostIndex? {
        var best: HostIndex?
        var bestKey = (settled: -1, weight: -1)
        for host in candidates where isStorageLive(host, at: now) {
            if host == own && isLeaving { continue }
            if host != own && peers[host.row].slot.phase == .leaving { continue }
            let since = host == own ? round.goodSince : peers[host.row].freshSince
            let weight = host == own ? settings.weight : peers[host.row].slot.weight
            let key = (settled: now - since >= timing.storageTimeout * 2 ? 1 : 0, weight: Int(weight))
            if key > bestKey { (best, bestKey) = (host, key) }
        }
        return best ?? (candidates.contains(own) ? own : candidates.first)
    }
}

extension PeerRecord {
    /// Whether slot or heartbeat says that it is a member under `view`.
    func hasAdopted(_ view: View, _ host: HostIndex) -> Bool {
        guard newest.number == view.entries[host].number else { return false }
        let bySlot =
            slot.incarnation.number == newest.number && slot.phase == .member && slot.epoch >= view.epoch
        return bySlot || (heartbeatPhase == .member && heartbeatEpoch >= view.epoch)
    }
}

/// Hosts that the next view leaves out.
struct ViewChange: BitwiseCopyable {
    private(set) var out = HostSet()
    private(set) var reasons = PerHost<RemovalReason>(repeating: .silent)

    mutating func remove(_ host: HostIndex, _ reason: RemovalReason) {
        out.insert(host)
        reasons[host] = reason
    }
}
