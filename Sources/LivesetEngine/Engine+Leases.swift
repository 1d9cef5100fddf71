import PoolModel

// The own lease, and mastership that hangs on it (sections 4 and 5).
extension Engine {
    /// Takes every lease that the proofs in hand give, and hands a longer one to the fence loop.
    mutating func settleLease(now: MonotonicInstant, into orders: inout Orders) {
        guard life == .member, adopted.state != .disabled else { return }
        // A lease that has ended is not renewed, however good the proof that comes after: others count from
        // its end.
        if lease.hasEnded(at: now) { return }
        let before = lease.until
        if round.lastGood != .distantPast { lease.takeRound(issuedAt: round.lastGood, grace: timing.grace) }
        takePeersProofs(now: now)
        guard lease.until > now else { return }
        if watchdog == .closed && now >= nextArmingAt {
            // [LEASE-2]: a restarted daemon of a member opens the device only with a current lease in hand.
            watchdog = .opening
            orders.append(.openWatchdog(timeout: settings.timing.watchdog))
        }
        if watchdog.isOpen && (lease.until > before || !fence.hasHandedLease) {
            fence.hasHandedLease = true
            orders.append(.renewLease(until: lease.until))
        }
    }

    private mutating func takePeersProofs(now: MonotonicInstant) {
        var granted = MonotonicInstant.distantPast
        var oldestAllLost = MonotonicInstant.distantFuture
        for host in members where host != own {
            let record = peers[host.row]
            granted = max(granted, record.newestGrant)
            oldestAllLost = min(
                oldestAllLost,
                record.allLostEpoch == adopted.epoch ? record.newestAllLost : .distantPast
            )
        }
        lease.takeVouches(
            peers: peers,
            members: members,
            granted: granted,
            policy: settings.onStorageLoss,
            timing: timing,
            now: now
        )
        // Who may not say all-lost may not live on it either: a view without this host may be decided
        // already, by its
        // own ballot whose publication is not known to have landed, or by one of a former run ([VIEW-2a],
        // [LEASE-A]).
        guard round.hadGoodAfterQuarantine, !proposer.isDecidedUnpublished, known.epoch == adopted.epoch
        else {
            return
        }
        let isAlone = members.count == 1
        lease.takeAllLost(
            oldest: isAlone ? now : oldestAllLost,
            isAlone: isAlone,
            now: now,
            grace: timing.grace
        )
    }

    /// The engine's own look at the clock; the fence loop looks by itself as well.
    mutating func noticeExpiry(now: MonotonicInstant, into orders: inout Orders) {
        guard life == .member, lease.hasEnded(at: now) else { return }
        if adopted.state == .enabling {
            // [JOIN-3]: nothing was protected yet.
            isLeaving = false
            disarm(.enablingExpired, into: &orders)
        } else if adopted.state == .active {
            beginFence(.leaseExpired, now: now, into: &orders)
        }
    }

    /// Judges mastership anew ([VIEW-6]).
    mutating func judgeMastership(now: MonotonicInstant, into orders: inout Orders) {
        noticeExpiry(now: now, into: &orders)
        let mayAct =
            life == .member && !isLeaving && adopted.state == .active && adopted.master == own
            && known.epoch == adopted.epoch && isStorageLive(at: now)
            && book.record.decided.epoch == adopted.epoch
            && !proposer.isDecidedUnpublished
        let acted = mastership.isActing
        let acts = mastership.judge(
            mayAct: mayAct,
            view: adopted,
            own: own,
            peers: peers,
            largestD: settings.largestD,
            now: now
        )
        if acts != acted { orders.append(.announce(.mastershipChanged(acting: acts, adopted.epoch))) }
    }

    /// Disarms, with the reason why that is safe; the host is a member no more in what it does.
    mutating func disarm(_ ground: DisarmPermit.Ground, into orders: inout Orders) {
        orders.append(.disarm(DisarmPermit(ground)))
        watchdog = .closed
        switch ground {
        case .left: life = .gone
        case .poolDisabled, .enablingExpired: life = .disabled
        case .unguarded: life = .unguarded
        case .neverAdopted: break
        }
        wantsHeartbeat = true
    }

    /// The pool was disabled by a decided view ([LEAVE-2]).
    mutating func disarmForDisabled(into orders: inout Orders) { disarm(.poolDisabled, into: &orders) }
}
