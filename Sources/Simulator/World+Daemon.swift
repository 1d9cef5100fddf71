import LivesetEngine
import PoolModel

/// The daemon of a host: its life, what reaches its engine, and the orders that come back.
extension World {
    /// A new run of the daemon.
    func daemonStarts(_ host: SimulatedHost) {
        guard host.isUp, !host.daemonRuns else { return }
        host.run &+= 1
        host.daemonRuns = true
        host.isTickScheduled = false
        note(.daemonStarted, on: host)
        var start = EngineStart(boot: host.boot, nonce: RunNonce(random.next() | 1), persisted: host.file)
        start.selfFences = host.selfFencesInRow
        if host.fileUnreadable {
            (start.persisted, start.isPersistedReadable) = (nil, false)
            host.fileUnreadable = false
        }
        if settings.hosts.selfFenceLimit > 0, Int(host.selfFencesInRow) >= settings.hosts.selfFenceLimit {
            start.holdOut = .bootLoop
        }
        if host.descriptorKept, host.watchdog.isArmed {
            start.inheritedWatchdog = host.watchdog.timeout
            host.fence.isOpen = true
        }
        host.descriptorKept = false
        oracle.replays[host.index.row] = ReplayWindow(hostCount: settings.hostCount)
        let now = host.clock.reading(at: time)
        host.orders.removeAll()
        host.engine = Engine(settings: host.settings, start: start, now: now)
        host.engine?.begin(now: now, into: &host.orders)
        carryOutOrders(of: host, from: 0)
        guard host.daemonRuns else { return }
        feed(.links(allUp: host.linksUp), to: host)
        feed(.guests(running: host.guests != 0), to: host)
        scheduleTick(host)
        if settings.hosts.guests > 0 {
            queue.schedule(.managerLooks, at: time + 1_000_000_000, host: host.index.row, run: host.run)
        }
    }

    /// The daemon is gone; the kernel, the guests and the armed watchdog are not.
    func daemonEnds(_ host: SimulatedHost) {
        guard host.daemonRuns else { return }
        leaveOperationsBehind(host)
        settlePersists(host)
        host.run &+= 1
        host.daemonRuns = false
        keepReached(of: host)
        host.engine = nil
        host.descriptorKept = settings.hosts.keepsDescriptor && host.fence.isOpen
        host.fence = FenceLoop()
        host.worker = StorageWorker()
        releaseInputs(host)
        host.resumeAt = nil
        host.frozenUntil = (0, 0, 0)
        host.awaitsRival = false
        forgetRun(host)
    }

    private func scheduleTick(_ host: SimulatedHost) {
        guard !host.isTickScheduled, let interval = host.engine?.tickInterval else { return }
        host.isTickScheduled = true
        let length = host.clock.worldLength(of: interval)
        queue.schedule(.tick, at: time + length, host: host.index.row, run: host.run)
    }

    func tickIsDue(_ host: SimulatedHost) {
        host.isTickScheduled = false
        feed(.tick, to: host)
        if host.daemonRuns, !host.isFrozen(.engine, at: time) { scheduleTick(host) }
    }

    /// Hands an input to the engine, or puts it in line while the engine's thread stands still.
    func feed(_ input: EngineInput, to host: SimulatedHost) {
        guard host.daemonRuns else { return release(input) }
        if host.isFrozen(.engine, at: time) || host.resumeAt != nil {
            host.waitingInputs.append(input)
            return
        }
        host.orders.removeAll()
        step(host, input)
        carryOutOrders(of: host, from: 0)
    }

    private func step(_ host: SimulatedHost, _ input: EngineInput) {
        let now = host.clock.reading(at: time)
        switch input {
        case .tick:
            host.engine?.tick(now: now, into: &host.orders)
        case .heartbeat(let payload):
            receive(payload, at: host, now: now)
        case .round:
            takeRound(host, now: now)
        case .persisted(let record, let succeeded):
            host.engine?.incarnationPersisted(record, succeeded: succeeded, now: now, into: &host.orders)
        case .watchdog(let outcome):
            host.engine?.watchdogOpened(outcome, now: now, into: &host.orders)
        case .links(let allUp):
            host.engine?.linksObserved(allUp: allUp, now: now, into: &host.orders)
        case .guests(let running):
            host.engine?.guestsObserved(running: running, now: now, into: &host.orders)
        case .guestsStopped(let proven):
            host.engine?.guestsStopped(proven: proven, now: now, into: &host.orders)
        }
    }

    private func receive(_ payload: Int, at host: SimulatedHost, now: MonotonicInstant) {
        if !isReplay(fabric.payloads[payload], at: host) {
            if settings.tracesChatter {
                note(
                    .received(fabric.payloads[payload].sender, sequence: fabric.payloads[payload].sequence),
                    on: host
                )
            }
            host.lastReceive = now
            notePromise(fabric.payloads[payload], to: host)
            host.engine?.heartbeatReceived(fabric.payloads[payload], now: now, into: &host.orders)
        }
        fabric.release(payload)
    }

    private func takeRound(_ host: SimulatedHost, now: MonotonicInstant) {
        let good = host.result.slotWrite == .succeeded && host.result.slotsRead
        if settings.tracesChatter { note(.roundEnded(id: host.result.id, good: good), on: host) }
        host.worker.isBusy = false
        host.engine?.roundCompleted(host.result, now: now, into: &host.orders)
        if good { noteGoodRound(host) }
    }

    private func release(_ input: EngineInput) {
        if case .heartbeat(let payload) = input { fabric.release(payload) }
    }

    private func releaseInputs(_ host: SimulatedHost) {
        for input in host.waitingInputs { release(input) }
        host.waitingInputs.removeAll(keepingCapacity: true)
    }

    /// What waited while the engine's thread stood still, in its order; the tick comes first or last.
    func drainInputs(_ host: SimulatedHost) {
        let run = host.run
        if let resume = host.resumeAt {
            host.resumeAt = nil
            carryOutOrders(of: host, from: resume, isResumed: true)
        }
        let tickFirst = random.oneIn(2)
        if tickFirst { feed(.tick, to: host) }
        let inputs = host.waitingInputs
        host.waitingInputs.removeAll(keepingCapacity: true)
        for input in inputs {
            if host.run == run { feed(input, to: host) } else { release(input) }
        }
        guard host.run == run, !host.isFrozen(.engine, at: time) else { return }
        if !tickFirst { feed(.tick, to: host) }
        scheduleTick(host)
    }

    /// Carries orders out, in their order; stops between two when something strikes there.
    func carryOutOrders(of host: SimulatedHost, from first: Int, isResumed: Bool = false) {
        host.ordersAreLate = isResumed
        var index = first
        var mayStrike = !isResumed
        while index < host.orders.list.count {
            if mayStrike, !host.triggers.isEmpty, strike(host, before: host.orders.list[index]) {
                guard host.daemonRuns else { return }
                if host.isFrozen(.engine, at: time) {
                    host.resumeAt = index
                    return
                }
            }
            mayStrike = true
            carryOut(host.orders.list[index], of: host)
            guard host.daemonRuns, violation == nil else { return }
            index += 1
        }
    }

    private func carryOut(_ order: Order, of host: SimulatedHost) {
        switch order {
        case .renewLease(let until): renewLease(host, until: until)
        case .broadcastHeartbeat: broadcast(host)
        case .startRound: startRound(host)
        case .persist(let record): persist(record, of: host)
        case .openWatchdog(let timeout): openWatchdog(host, timeout: timeout)
        case .disarm(let permit): disarm(host, permit)
        case .selfFence(let reason): selfFence(host, reason)
        case .fire: fire(host)
        case .announce(let announcement): hear(announcement, from: host)
        }
    }

    // MARK: Own file

    private func persist(_ record: PersistedIncarnation, of host: SimulatedHost) {
        host.pendingPersists.append(record)
        let delay = random.span(settings.hosts.persistTime.lowerBound, settings.hosts.persistTime.upperBound)
        queue.schedule(.persistDone, at: time + delay.nanoseconds, host: host.index.row, run: host.run)
    }

    func persistIsDone(_ host: SimulatedHost) {
        guard !host.pendingPersists.isEmpty else { return }
        let record = host.pendingPersists.removeFirst()
        let succeeded = !host.persistFails
        host.persistFails = false
        if succeeded { host.file = record }
        note(.persisted(record, succeeded: succeeded), on: host)
        feed(.persisted(record, succeeded: succeeded), to: host)
    }

    /// What was being written when the daemon or the power went: it may be on the medium or not.
    private func settlePersists(_ host: SimulatedHost) {
        for record in host.pendingPersists {
            guard random.oneIn(2) else { break }
            host.file = record
        }
        host.pendingPersists.removeAll()
    }
}
