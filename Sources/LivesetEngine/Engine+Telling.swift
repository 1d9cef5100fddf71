public import PoolModel

// What the operator and the manager are told.
extension Engine {
    /// Announces what changed since the last step.
    mutating func tellChanges(now: MonotonicInstant, into orders: inout Orders) {
        if phase != told.phase {
            orders.append(.announce(.phaseChanged(from: told.phase, to: phase)))
            told.phase = phase
        }
        tellStorage(now: now, into: &orders)
        if health.isPublishedOK != told.netOK {
            told.netOK = health.isPublishedOK
            orders.append(.announce(.netOKChanged(told.netOK)))
        }
        if partition.isHolding != told.hold {
            told.hold = partition.isHolding
            orders.append(.announce(.holdChanged(told.hold)))
        }
        if life == .member && lease.ground != told.ground {
            told.ground = lease.ground
            switch lease.ground {
            case .vouched: orders.append(.announce(.livingOnVouches))
            case .allLost: orders.append(.announce(.livingOnAllLost))
            case .storage, .none: break
            }
        }
        tellObstacle(now: now, into: &orders)
    }

    private mutating func tellStorage(now: MonotonicInstant, into orders: inout Orders) {
        let isLive = isStorageLive(at: now)
        if isLive != told.storageLive {
            told.storageLive = isLive
            if !isLive { orders.append(.announce(.storageLost(lastGoodRound: round.lastGood))) }
            if isLive && told.hadStorage { orders.append(.announce(.storageBack)) }
            told.hadStorage = true
        }
        let isMismatched = round.mismatchSince.map { now - $0 > timing.storageTimeout } ?? false
        if isMismatched && !told.mismatch { orders.append(.announce(.readBackMismatch)) }
        told.mismatch = isMismatched
    }

    private mutating func tellObstacle(now: MonotonicInstant, into orders: inout Orders) {
        // The first rounds of a run say nothing yet.
        guard now - startedAt > timing.storageTimeout else { return }
        let current = joinObstacle(now: now)
        guard current?.obstacle != told.obstacle || (current?.hosts ?? HostSet()) != told.obstacleHosts else {
            return
        }
        told.obstacle = current?.obstacle
        told.obstacleHosts = current?.hosts ?? HostSet()
        guard let current else { return }
        markObstacle(current.obstacle)
        orders.append(.announce(.waitingToJoin(current.obstacle, current.hosts)))
    }

    /// What keeps this host from being a member; nil when it is one, or is done.
    func joinObstacle(now: MonotonicInstant) -> (obstacle: JoinObstacle, hosts: HostSet)? {
        switch life {
        case .member, .departing, .gone, .unguarded, .fencing:
            return nil
        case .disabled:
            return (.poolDisabled, HostSet())
        case .surveying, .numbering, .resuming:
            return isStorageLive(at: now) || round.hasSurveyed ? nil : (.noStatefile, HostSet())
        case .holding, .arming, .renouncing:
            return now < nextArmingAt ? (.watchdog, HostSet()) : nil
        case .joining:
            if !isStorageLive(at: now) { return (.noStatefile, HostSet()) }
            if isHeldOut { return (.heldOut, HostSet()) }
            if !round.isQuarantineOver { return (.quarantine, HostSet()) }
            if now < nextArmingAt { return (.watchdog, HostSet()) }
            if let unheard = unheardMembers(now: now) { return (.notHeard, unheard) }
            return formObstacle(now: now)
        }
    }

    /// Live members of the newest view that this host does not hear, or that do not hear it; nil when there
    /// is no live
    /// member, or all is well with each.
    private func unheardMembers(now: MonotonicInstant) -> HostSet? {
        var unheard = HostSet()
        for host in known.members where host != own && isStorageLive(host, at: now) {
            guard peers[host.row].slot.phase == .member || peers[host.row].slot.phase == .leaving else {
                continue
            }
            let isHeard = peers[host.row].isHeard(at: now, timing)
            if !isHeard || peers[host.row].slot.hears[own] != incarnation.number { unheard.insert(host) }
        }
        return unheard.isEmpty ? nil : unheard
    }

    /// What this engine thinks at `now`.
    public func status(now: MonotonicInstant) -> EngineStatus {
        let obstacle = joinObstacle(now: now)
        var peerStatus = PerHost<PeerStatus>(repeating: PeerStatus())
        for host in others { peerStatus[host] = status(of: host, now: now) }
        peerStatus[own] = ownRow(now: now)
        var watchdogTimeout: TimeSpan?
        switch watchdog {
        case .open(let readBack): watchdogTimeout = readBack
        case .closed, .opening: watchdogTimeout = nil
        }
        return EngineStatus(
            own: own,
            incarnation: incarnation,
            phase: phase,
            view: adopted,
            liveset: members.union(uncertified),
            leaseUntil: lease.until,
            leaseGround: lease.until > now ? lease.ground : .none,
            isActingMaster: mastership.isActing,
            isStorageLive: isStorageLive(at: now),
            lastGoodRound: round.lastGood == .distantPast ? nil : round.lastGood,
            netOK: health.isPublishedOK,
            hold: partition.isHolding,
            watchdog: watchdogTimeout,
            joinObstacle: obstacle?.obstacle,
            joinObstacleHosts: obstacle?.hosts ?? HostSet(),
            peers: peerStatus,
            timing: timing,
            takenAt: now
        )
    }

    private func ownRow(now: MonotonicInstant) -> PeerStatus {
        var row = PeerStatus()
        row.incarnation = incarnation
        row.phase = phase
        row.epoch = shownEpoch
        row.isHeard = true
        row.isStorageLive = isStorageLive(at: now)
        row.netOK = health.isPublishedOK
        row.hasGuests = hasGuests
        for host in others where peers[host.row].isHeard(at: now, timing) { row.hears.insert(host) }
        for host in others where round.acknowledgedVouches[host] != .none { row.vouches.insert(host) }
        row.slotVerdict = .valid
        row.recentRemovals = start.recentRemovals
        row.selfFences = start.selfFences
        row.lastFence = lastFence
        row.lastWords = lastWords
        return row
    }

    private func status(of host: HostIndex, now: MonotonicInstant) -> PeerStatus {
        let record = peers[host.row]
        var row = PeerStatus()
        row.incarnation = record.newest
        row.phase = record.isHeard(at: now, timing) ? record.heartbeatPhase : record.slot.phase
        row.epoch = record.shownEpoch
        row.lastHeartbeat = record.heardAt == .distantPast ? nil : record.heardAt
        row.lastSlotChange = record.freshAt == .distantPast ? nil : record.freshAt
        row.isHeard = record.isHeard(at: now, timing)
        row.isStorageLive = isStorageLive(host, at: now)
        row.netOK = record.slot.netOK
        row.hasGuests = record.slot.hasGuests
        for other in HostSet(first: settings.hostCount) {
            if record.slot.hears[other] != .none { row.hears.insert(other) }
            if record.slot.vouches[other] != .none { row.vouches.insert(other) }
        }
        row.slotVerdict = record.verdict
        row.certificate = record.certificate
        row.recentRemovals = record.slot.recentRemovals
        row.selfFences = record.slot.selfFences
        row.lastFence = record.slot.lastFence
        row.lastWords = record.slot.lastWords
        return row
    }
}
