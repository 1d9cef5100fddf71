public import PoolModel

// Heartbeats: what comes in, what goes out, and what an echo promises (section 5).
extension Engine {
    /// A heartbeat arrived, authenticated, of this generation, from another host of the table, not replayed.
    public mutating func heartbeatReceived(
        _ heartbeat: Heartbeat,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        let host = heartbeat.sender
        guard host != own, host.row < settings.hostCount, peers[host.row].meet(heartbeat.incarnation) else {
            return
        }
        if heartbeat.incarnation.nonce == peers[host.row].newest.nonce
            && heartbeat.sequence <= peers[host.row].lastSequence
        {
            return
        }
        takeState(of: heartbeat, now: now)
        takeEcho(of: heartbeat, now: now)
        if heartbeat.phase.isTombstone && peers[host.row].tombstone != heartbeat.incarnation {
            peers[host.row].tombstone = heartbeat.incarnation
            round.isWanted = true
        }
        let view = life.isBound ? adopted : known
        if view.entries[host].standing != .absent {
            certifyAtOnce(host, view.entries[host], now: now, into: &orders)
        }
        if let view = heartbeat.view { learn(view, now: now, into: &orders) }
        if heartbeat.epoch > known.epoch { round.isWanted = true }
        conclude(now: now, into: &orders)
    }

    private mutating func takeState(of heartbeat: Heartbeat, now: MonotonicInstant) {
        let row = heartbeat.sender.row
        peers[row].heardAt = now
        peers[row].lastSequence = heartbeat.sequence
        peers[row].heartbeatPhase = heartbeat.phase
        peers[row].heartbeatEpoch = heartbeat.epoch
        peers[row].isRoundOld = heartbeat.isRoundOld
        peers[row].wantsGrant = heartbeat.wantsGrant
        peers[row].saysStorageLost = heartbeat.isStorageLost
        peers[row].netOK = heartbeat.netOK
        peers[row].largestD = max(peers[row].largestD, heartbeat.certainlyDead)
        if heartbeat.phase == .unguarded { peers[row].unguarded = heartbeat.incarnation.number }
        // An answer to a new sequence of a host that needs a grant is not left to the next interval.
        // Only a host with fresh rounds answers at once, so two hosts in need never answer each other without
        // end.
        let isFresh = round.lastGood != .distantPast && now - round.lastGood <= timing.roundInterval * 2
        if heartbeat.wantsGrant && heartbeat.isRoundOld && isFresh { wantsHeartbeat = true }
    }

    private mutating func takeEcho(of heartbeat: Heartbeat, now: MonotonicInstant) {
        let row = heartbeat.sender.row
        let echo = heartbeat.echoes[own]
        guard echo.kind != .none, echo.nonce == incarnation.nonce, echo.number == incarnation.number else {
            return
        }
        guard let issue = sends.issueTime(of: echo.sequence) else { return }
        peers[row].newestEcho = max(peers[row].newestEcho, issue)
        guard life == .member, heartbeat.epoch == adopted.epoch else { return }
        guard adopted.includes(heartbeat.sender, heartbeat.incarnation.number) else { return }
        switch echo.kind {
        case .grant:
            peers[row].newestGrant = max(peers[row].newestGrant, issue)
        case .allLost:
            if peers[row].allLostEpoch != heartbeat.epoch { peers[row].newestAllLost = .distantPast }
            peers[row].allLostEpoch = heartbeat.epoch
            peers[row].newestAllLost = max(peers[row].newestAllLost, issue)
        case .none, .plain:
            break
        }
    }

    /// Sends a heartbeat every h, and at once after a change of state.
    mutating func sendHeartbeatIfDue(now: MonotonicInstant, into orders: inout Orders) {
        guard now >= nextHeartbeatAt || wantsHeartbeat else { return }
        switch life {
        case .surveying, .numbering: return
        case .gone: if fence.tombstonesSent >= 3 { return }
        case .joining, .holding, .arming, .renouncing, .resuming, .member, .departing, .disabled, .unguarded,
            .fencing:
            break
        }
        wantsHeartbeat = false
        nextHeartbeatAt = now + timing.heartbeatInterval
        composeHeartbeat(now: now, into: &orders.heartbeat)
        orders.append(.broadcastHeartbeat)
        if phase.isTombstone { fence.tombstonesSent += 1 }
    }

    /// Composes the heartbeat; every grant and all-lost echo in it is checked against this step's `now`, on
    /// evidence
    /// taken before it ([TIME-4]).
    private mutating func composeHeartbeat(now: MonotonicInstant, into heartbeat: inout Heartbeat) {
        heartbeat.sender = own
        heartbeat.incarnation = incarnation
        heartbeat.sequence = sends.record(at: now)
        heartbeat.phase = phase
        heartbeat.epoch = shownEpoch
        let isOld = round.lastGood == .distantPast || now - round.lastGood > timing.roundInterval * 2
        heartbeat.isRoundOld = isOld
        heartbeat.isStorageLost = !isStorageLive(at: now)
        heartbeat.wantsGrant =
            isOld && life == .member
            && lease.couldUseGrant(at: now, members: members, policy: settings.onStorageLoss, timing)
        heartbeat.netOK = health.isPublishedOK
        heartbeat.hold = partition.isHolding
        heartbeat.acknowledgedSlot = round.acknowledgedSlot
        heartbeat.certainlyDead = watchdog.isOpen ? timing.certainlyDead : settings.largestD
        let giver = giver(at: now)
        var someoneIsBehind = false
        for host in others {
            heartbeat.echoes[host] = echo(for: host, giver: giver, now: now)
            let record = peers[host.row]
            if record.isHeard(at: now, timing) && record.heartbeatEpoch < adopted.epoch {
                someoneIsBehind = true
            }
        }
        // [VIEW-4]
        let hasAdopted = life == .member || life == .disabled || life == .fencing
        heartbeat.view = someoneIsBehind && hasAdopted ? adopted : nil
    }

    private mutating func echo(for host: HostIndex, giver: GrantRule.Giver, now: MonotonicInstant) -> Echo {
        let record = peers[host.row]
        guard record.lastSequence > 0 else { return .none }
        var echo = Echo(
            kind: .plain,
            number: record.newest.number,
            nonce: record.newest.nonce,
            sequence: record.lastSequence
        )
        guard adopted.includes(host, record.newest.number) else { return echo }
        if giver.maySayAllLost {
            echo.kind = .allLost
            peers[host.row].promisedAt = now
        } else if giver.mayGrant && deservesGrant(host) {
            echo.kind = .grant
            peers[host.row].promisedAt = now
            peers[host.row].grantedSequence = record.lastSequence
        }
        return echo
    }

    /// This host as the giver of promises ([LEASE-M], [LEASE-A]).
    private func giver(at now: MonotonicInstant) -> GrantRule.Giver {
        GrantRule.Giver(
            isMember: life == .member || life == .disabled,
            isStorageLive: isStorageLive(at: now),
            hasNewestView: known.epoch == adopted.epoch && !proposer.isDecidedUnpublished,
            isQuarantineOver: round.isQuarantineOver,
            hadGoodAfterQuarantine: round.hadGoodAfterQuarantine
        )
    }

    /// Conditions of a grant that concern the receiver.
    private func deservesGrant(_ host: HostIndex) -> Bool {
        GrantRule.isDeserved(
            peers[host.row],
            in: adopted.epoch,
            vouched: round.acknowledgedVouches[host],
            underWay: round.isInFlight ? round.slot?.vouches[host] : nil
        )
    }

    /// Notices hosts that fell silent or came back, for the operator.
    mutating func noticeSilence(now: MonotonicInstant, into orders: inout Orders) {
        for host in others {
            let isHeard = peers[host.row].isHeard(at: now, timing)
            if isHeard == peers[host.row].wasReportedUnheard {
                peers[host.row].wasReportedUnheard = !isHeard
                let heardAt = peers[host.row].heardAt
                orders.append(.announce(isHeard ? .peerHeard(host) : .peerUnheard(host, lastHeard: heardAt)))
            }
            guard isStorageLive(at: now), peers[host.row].freshAt != .distantPast else { continue }
            let isStale =
                !isStorageLive(host, at: now) && stillness(of: host, at: now) > timing.storageTimeout
            if isStale != peers[host.row].wasReportedStale {
                peers[host.row].wasReportedStale = isStale
                let freshAt = peers[host.row].freshAt
                orders.append(
                    .announce(isStale ? .peerSlotStale(host, lastChange: freshAt) : .peerSlotFresh(host))
                )
            }
        }
    }

    /// A change of the row that others decide on starts a round and a heartbeat at once.
    mutating func noticeRowChanges(now: MonotonicInstant) {
        var row = PublishedRow(
            netOK: health.isPublishedOK,
            epoch: shownEpoch,
            phase: phase,
            hold: partition.isHolding
        )
        for host in others where peers[host.row].isHeard(at: now, timing) { row.heard.insert(host) }
        guard row != published else { return }
        published = row
        round.isWanted = true
        wantsHeartbeat = true
    }
}
