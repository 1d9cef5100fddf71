import LivesetEngine
import NodeRuntime
import PoolModel

/// The threads of the daemons: each takes a turn when it is woken, or when the instant is due that its last
/// turn returned. A thread that stands still takes it when it thaws.
extension World {
    /// Lets the woken threads of `host` run until none is left, or at their moments where waking takes time.
    func settle(_ host: SimulatedHost) {
        while violation == nil, let run = host.run {
            let woken = run.board.woken.takeAll()
            if woken.isEmpty { return }
            if settings.hosts.wakeTime.upperBound > .zero {
                runLater(woken, of: host)
            } else {
                runNow(woken, of: host)
            }
        }
    }

    /// Threads of `host` run, more urgent ones first.
    func runNow(_ threads: DaemonThreads, of host: SimulatedHost) {
        guard let run = host.run else { return }
        if threads.contains(.fence) { fenceTurn(host) }
        if threads.contains(.engine), host.run === run { engineTurn(host) }
        if threads.contains(.storage), host.run === run { storageIsWoken(host) }
        if threads.contains(.persister), host.run === run { persistNext(host, run) }
        if threads.contains(.guestStopper), host.run === run { stopGuests(host, run) }
        if threads.contains(.bridge), host.run === run { listen(run) }
    }

    private func runLater(_ threads: DaemonThreads, of host: SimulatedHost) {
        for thread in DaemonThreads.each where threads.contains(thread) {
            let wakeTime = settings.hosts.wakeTime
            let delay = random.span(wakeTime.lowerBound, wakeTime.upperBound)
            queue.schedule(
                .threadRuns,
                at: time + delay.nanoseconds,
                host: host.index.row,
                run: host.runNumber,
                item: Int(thread.rawValue)
            )
        }
    }

    // MARK: Engine loop

    func engineTurnIsDue(_ host: SimulatedHost, at instant: Int64) {
        guard let run = host.run, run.engine.dueAt == instant else { return }
        run.engine.dueAt = nil
        engineTurn(host)
    }

    /// One turn of the engine loop, or as much of it as nothing stops.
    func engineTurn(_ host: SimulatedHost) {
        guard let run = host.run else { return }
        if run.engine.frozenUntil > time {
            run.engine.isDue = true
            return
        }
        let needsCare = !host.triggers.isEmpty || run.isStoppedAtOrder
        guard let next = needsCare ? carefulTurn(host, run) : run.engineLoop.turn() else { return }
        schedule(.engineTurn, &run.engine, at: next, of: host)
    }

    /// A turn, act by act: before each order a fault may strike.
    ///
    /// Nil when it stopped on the way.
    private func carefulTurn(_ host: SimulatedHost, _ run: DaemonRun) -> MonotonicInstant? {
        run.board.ordersAreLate = run.isStoppedAtOrder
        var mayStrike = !run.isStoppedAtOrder
        run.isStoppedAtOrder = false
        while violation == nil {
            if mayStrike, strikeOrder(host, run) {
                guard host.run === run else { return nil }
                if run.engine.frozenUntil > time {
                    run.isStoppedAtOrder = true
                    return nil
                }
            }
            mayStrike = true
            if let next = run.engineLoop.act() { return next }
            let isStepOver = run.engineLoop.withOrderAtHand { _, _ in false } ?? true
            if isStepOver { run.board.ordersAreLate = false }
        }
        return nil
    }

    func thawEngine(_ host: SimulatedHost) {
        guard let run = host.run, run.engine.isDue || run.isStoppedAtOrder else { return }
        run.engine.isDue = false
        engineTurn(host)
    }

    // MARK: Fence loop

    func fenceTurnIsDue(_ host: SimulatedHost, at instant: Int64) {
        guard let run = host.run, run.fence.dueAt == instant else { return }
        run.fence.dueAt = nil
        fenceTurn(host)
    }

    /// One turn of the fence loop, or its first half when something stops it between look and act.
    func fenceTurn(_ host: SimulatedHost) {
        guard let run = host.run else { return }
        if run.fence.frozenUntil > time {
            run.fence.isDue = true
            return
        }
        if !run.hasLooked {
            run.fenceLoop.look()
            (run.lookedAt, run.leaseSeen) = (host.now, run.leaseEnd)
            if !host.triggers.isEmpty, run.fenceLoop.isAboutToFeed, strike(host, before: .feed) {
                guard host.run === run else { return }
                if run.fence.frozenUntil > time {
                    run.hasLooked = true
                    return
                }
            }
        }
        run.hasLooked = false
        let next = run.fenceLoop.act()
        noteLatch(host, run)
        if run.board.hasFired { return reset(host, .sysrq) }
        schedule(.fenceTurn, &run.fence, at: next, of: host)
    }

    func thawFence(_ host: SimulatedHost) {
        guard let run = host.run, run.fence.isDue || run.hasLooked else { return }
        run.fence.isDue = false
        fenceTurn(host)
    }

    /// What the fence loop found by itself.
    private func noteLatch(_ host: SimulatedHost, _ run: DaemonRun) {
        guard let reason = run.fenceLink.fenceReason else {
            run.notedFence = nil
            return
        }
        guard run.notedFence == nil else { return }
        run.notedFence = reason
        if reason == .leaseExpired { note(.leaseRanOut, on: host) }
        if reason == .stalledFeed { note(.selfFence(reason), on: host) }
    }

    // MARK: The queue

    /// The thread sleeps until `instant` of its host's clock at most.
    private func schedule(
        _ kind: EventKind,
        _ thread: inout ThreadStanding,
        at instant: MonotonicInstant,
        of host: SimulatedHost
    ) {
        let due = max(time, host.clock.worldTime(of: instant))
        guard thread.dueAt != due else { return }
        thread.dueAt = due
        queue.schedule(kind, at: due, host: host.index.row, run: host.runNumber)
    }
}
