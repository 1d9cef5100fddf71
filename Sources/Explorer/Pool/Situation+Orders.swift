import LivesetEngine
import PoolModel

/// What the shell reports back to the engine.
enum FollowUp: BitwiseCopyable {
    case persisted(PersistedIncarnation)
    case opened(WatchdogOutcome)
    case guestsStopped(proven: Bool)
}

// Carries an engine's orders out, in their order.
extension Situation {
    func carryOut(_ host: PoolHost, _ faults: StepFaults, _ bench: PoolBench) -> [FollowUp] {
        var followUps: [FollowUp] = []
        let count = bench.orders[host.row.row].list.count
        for index in 0..<count where violation == nil && host.hasPower {
            switch bench.orders[host.row.row].list[index] {
            case .renewLease(let until): renewLease(host, until)
            case .broadcastHeartbeat: broadcast(host, bench.orders[host.row.row].heartbeat, faults)
            case .startRound: host.order = RoundOrder(bench.orders[host.row.row].round, issuedAt: now)
            case .persist(let record):
                host.file = record
                followUps.append(.persisted(record))
            case .openWatchdog: followUps.append(.opened(openWatchdog(host)))
            case .disarm(let permit): disarm(host, permit)
            case .selfFence(let reason):
                bench.trace?.append("step \(step): \(host.row) fences itself (\(reason))")
                host.isLatched = true
                host.wasStopped = true
                bench.reached.selfFences += 1
                host.firesAt = now + PoolClock.step
                followUps.append(.guestsStopped(proven: !host.resetFails))
            case .fire: fire(host, bench)
            case .announce(let announcement): hear(announcement, from: host, bench)
            }
        }
        return followUps
    }

    private func renewLease(_ host: PoolHost, _ until: MonotonicInstant) {
        guard !host.isLatched else { return }
        checkRenewal(host, until)
        host.lease = until
        host.dangerous = host.number
    }

    private func broadcast(_ host: PoolHost, _ heartbeat: Heartbeat, _ faults: StepFaults) {
        host.number = heartbeat.incarnation.number
        checkSend(host, heartbeat)
        let letter = Mail.Letter(heartbeat)
        for to in hosts where to !== host && to.hasPower && !isCut(host.row, to.row) {
            let link = bit(host.row, to.row)
            if faults.lostLinks & link != 0 { continue }
            let delay = faults.lateLinks & link != 0 ? 3 : 1
            mails.append(Mail(letter: letter, to: to.row, due: step + delay))
        }
    }

    private func openWatchdog(_ host: PoolHost) -> WatchdogOutcome {
        host.isOpen = true
        host.isArmed = true
        host.resetsAt = resetIfFedNow
        return .opened(readBack: PoolClock.timing.watchdog)
    }

    private func disarm(_ host: PoolHost, _ permit: DisarmPermit) {
        checkDisarm(host, permit)
        (host.isOpen, host.isArmed, host.isLatched) = (false, false, false)
        (host.lease, host.firesAt, host.resetsAt) = (.distantPast, nil, .distantFuture)
    }

    private func hear(_ announcement: Announcement, from host: PoolHost, _ bench: PoolBench) {
        switch announcement {
        case .started(let number, _):
            host.number = number
        case .viewAdopted(let view):
            bench.trace?.append(
                "step \(step): \(host.row) adopts view \(view.epoch): \(view.members), removed \(view.removed)"
            )
            bench.reached.adoptions += 1
            checkAdoption(view, by: host)
        case .certified(let certificate):
            bench.trace?.append(
                "step \(step): \(host.row) certifies \(certificate.host) dead (\(certificate.clause))"
            )
            bench.reached.note(certificate.clause)
            checkDead(certificate.host, upTo: certificate.number, says: host)
        case .mastershipChanged(let acting, _):
            host.isActing = acting
            if acting { bench.reached.masters += 1 }
        case .ballotLost:
            bench.reached.lostBallots += 1
        case .livingOnVouches:
            bench.reached.vouchedLeases += 1
        case .livingOnAllLost:
            bench.reached.allLostLeases += 1
        case .phaseChanged, .proposing, .peerUnheard, .peerHeard, .peerSlotStale, .peerSlotFresh,
            .storageLost, .storageBack, .holdChanged, .netOKChanged,
            .waitingToJoin, .selfFence, .readBackMismatch, .watchdogRefused:
            break
        }
    }
}
