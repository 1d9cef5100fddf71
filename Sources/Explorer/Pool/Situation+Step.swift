import LivesetEngine
import PoolModel

// One step: a second in which everything happens once, except for what deviates.
extension Situation {
    /// The most rounds of one host in one step: a ballot, which takes four, is spread over two steps.
    private static let roundsAStep = 3

    /// A second passes.
    func advance(_ deviations: [Deviation], on bench: PoolBench) {
        step += 1
        phase = 0
        var faults = StepFaults()
        for deviation in deviations {
            bench.trace?.append("step \(step): \(deviation.words)")
            strike(deviation, &faults, bench)
        }
        landLateWrites(bench)
        for host in hosts where host.hasPower && now >= host.resetsAt && host.isArmed {
            reset(host, "its watchdog", bench)
        }
        for host in hosts where host.stoppedUntil == step { thaw(host, bench) }
        for host in hosts where host.runs && host.held != nil { completeHeld(host, faults, bench) }
        deliver(faults, bench)
        phase += 1
        for host in hosts where host.runs {
            turnFence(host, bench)
            guard host.hasPower else { continue }
            act(host, faults, bench) { engine, now, orders in engine.tick(now: now, into: &orders) }
        }
        for _ in 0..<Situation.roundsAStep {
            phase += 1
            for host in hosts where host.runs && host.order != nil && host.held == nil {
                write(host, faults, bench)
            }
            phase += 1
            for host in hosts where host.runs && host.order != nil && host.held == nil {
                read(host, faults, bench)
            }
            faults.endFirstRound()
        }
        checkMasters()
    }

    /// Lets one engine take one step and carries out what it orders, until nothing more follows.
    func act(
        _ host: PoolHost,
        _ faults: StepFaults,
        _ bench: PoolBench,
        _ input: (inout Engine, MonotonicInstant, inout Orders) -> Void
    ) {
        guard host.engine != nil else { return }
        bench.orders[host.row.row].removeAll()
        host.take(input, now, &bench.orders[host.row.row])
        var followUps = carryOut(host, faults, bench)
        while !followUps.isEmpty, host.engine != nil, violation == nil {
            let next = followUps.removeFirst()
            bench.orders[host.row.row].removeAll()
            host.take(
                { engine, now, orders in
                    switch next {
                    case .persisted(let record):
                        engine.incarnationPersisted(record, succeeded: true, now: now, into: &orders)
                    case .opened(let outcome):
                        engine.watchdogOpened(outcome, now: now, into: &orders)
                    case .guestsStopped(let proven):
                        engine.guestsStopped(proven: proven, now: now, into: &orders)
                    }
                },
                now,
                &bench.orders[host.row.row]
            )
            followUps += carryOut(host, faults, bench)
        }
    }

    private func deliver(_ faults: StepFaults, _ bench: PoolBench) {
        let due = mails.filter { $0.due <= step && hosts[$0.to.row].runs }
        guard !due.isEmpty else { return }
        mails.removeAll { $0.due <= step && (hosts[$0.to.row].runs || !hosts[$0.to.row].hasPower) }
        for mail in due where hosts[mail.to.row].runs {
            act(hosts[mail.to.row], faults, bench) { engine, now, orders in
                engine.heartbeatReceived(mail.letter.heartbeat, now: now, into: &orders)
            }
        }
    }

    // MARK: Fence loop and watchdog

    private func turnFence(_ host: PoolHost, _ bench: PoolBench) {
        if host.isLatched {
            if let firesAt = host.firesAt, now >= firesAt { fire(host, bench) }
            return
        }
        guard host.isOpen, host.lease != .distantPast else { return }
        feed(host, leaseLeft: host.lease - now, stop: .zero, bench)
    }

    private func feed(_ host: PoolHost, leaseLeft: TimeSpan, stop: TimeSpan, _ bench: PoolBench) {
        let turn = bench.turn(leaseLeft: max(leaseLeft, .zero), stop: stop)
        if turn.feeds {
            host.resetsAt = resetIfFedNow
            checkFeed(host)
        }
        guard turn.latches else { return }
        host.isLatched = true
        host.firesAt = turn.feeds ? now : now + PoolClock.step
        if turn.feeds { fire(host, bench) }
    }

    /// When the device resets a host that feeds it now and never again.
    var resetIfFedNow: MonotonicInstant {
        now + PoolClock.timing.watchdog + PoolClock.timing.resetDelay + watchdogDelay
    }

    /// The host goes on: what it had in hand comes first.
    private func thaw(_ host: PoolHost, _ bench: PoolBench) {
        host.stoppedUntil = nil
        guard let checked = host.checkedAt else { return }
        host.checkedAt = nil
        guard host.isOpen, !host.isLatched else { return }
        feed(host, leaseLeft: host.lease - checked, stop: now - checked, bench)
    }

    /// The host resets itself, if it can.
    func fire(_ host: PoolHost, _ bench: PoolBench) {
        host.isLatched = true
        if !host.resetFails { reset(host, "itself", bench) }
    }

    func reset(_ host: PoolHost, _ by: String, _ bench: PoolBench) {
        bench.trace?.append("step \(step): \(host.row) is reset by \(by)")
        host.wasStopped = true
        bench.reached.resets += 1
        switchOff(host)
    }

    /// Nothing runs any more; what was in flight may land.
    func switchOff(_ host: PoolHost) {
        endRun(host)
        host.hasPower = false
        host.stoppedUntil = nil
        host.isArmed = false
        host.resetsAt = .distantFuture
        host.dangerous = nil
        host.number = .none
    }

    /// The daemon is gone; the device stays as it is.
    func endRun(_ host: PoolHost) {
        host.engine = nil
        (host.order, host.hasWritten, host.held) = (nil, false, nil)
        (host.isOpen, host.lease, host.isLatched) = (false, .distantPast, false)
        (host.firesAt, host.checkedAt, host.isActing) = (nil, nil, false)
        (host.adoptedEpoch, host.lastGoodRound) = (.zero, .distantPast)
    }

    /// A new run of the daemon.
    func startRun(_ host: PoolHost, _ bench: PoolBench) {
        host.run += 1
        let settings = EngineSettings(
            own: host.row,
            hostCount: hosts.count,
            timing: PoolClock.timing,
            largestD: PoolClock.largestD
        )
        let start = EngineStart(
            boot: BootID(UInt128(host.boot)),
            nonce: RunNonce(UInt64(host.row.row + 1) << 32 | host.run),
            persisted: host.file
        )
        host.engine = Engine(settings: settings, start: start, now: now)
        act(host, StepFaults(), bench) { engine, now, orders in
            engine.linksObserved(allUp: true, now: now, into: &orders)
            engine.begin(now: now, into: &orders)
        }
    }
}

extension PoolHost {
    /// One step of its engine.
    func take(
        _ input: (inout Engine, MonotonicInstant, inout Orders) -> Void,
        _ now: MonotonicInstant,
        _ orders: inout Orders
    ) {
        engine?.take(input, now, &orders)
    }
}

extension Engine {
    fileprivate mutating func take(
        _ input: (inout Engine, MonotonicInstant, inout Orders) -> Void,
        _ now: MonotonicInstant,
        _ orders: inout Orders
    ) {
        input(&self, now, &orders)
    }
}
