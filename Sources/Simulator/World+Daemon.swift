import LivesetEngine
import NodeRuntime
import PoolModel

/// The daemon of a host: its life, and the ordinary threads beside its loops.
extension World {
    /// A new run of the daemon.
    func daemonStarts(_ host: SimulatedHost) {
        guard host.isUp, !host.daemonRuns else { return }
        host.runNumber &+= 1
        note(.daemonStarted, on: host)
        var start = EngineStart(boot: host.boot, nonce: RunNonce(random.next() | 1), persisted: host.file)
        start.selfFences = host.selfFencesInRow
        start.isPersistedReadable = !host.isFileSpoilt
        if host.isFileSpoilt { start.persisted = nil }
        if settings.hosts.selfFenceLimit > 0, Int(host.selfFencesInRow) >= settings.hosts.selfFenceLimit {
            start.holdOut = .bootLoop
        }
        if host.descriptorKept, host.watchdog.isArmed { start.inheritedWatchdog = host.watchdog.timeout }
        host.descriptorKept = false
        let run = DaemonRun(of: host, in: self, start: start)
        host.run = run
        tellGuests(host)
        run.engineLoop.begin()
        run.board.woken.insert([.engine, .fence])
        if settings.hosts.guests > 0 {
            queue.schedule(
                .managerLooks,
                at: time + 1_000_000_000,
                host: host.index.row,
                run: host.runNumber
            )
        }
    }

    /// The daemon is gone; the kernel, the guests and the armed watchdog are not.
    func daemonEnds(_ host: SimulatedHost) {
        guard let run = host.run else { return }
        leaveOperationsBehind(host, run)
        settlePersists(host, run)
        while let datagram = run.board.takeDatagram() { datagrams.drop(datagram) }
        host.runNumber &+= 1
        host.descriptorKept = settings.hosts.keepsDescriptor && run.board.isDeviceOpen
        host.run = nil
        forgetRun(host)
    }

    // MARK: Bridge

    /// Takes what the engine loop tells and answers.
    func listen(_ run: DaemonRun) {
        while run.engineLink.announcements.pop() != nil {}
        while let answer = run.engineLink.answers.pop() { run.lastAnswer = answer }
    }

    /// The engine is told whether guests run here.
    func tellGuests(_ host: SimulatedHost) {
        host.run?.engineLink.post(.guestsObserved(running: host.guests != 0), by: .bridge)
    }

    /// What the daemon sees of its carriers changes.
    func seeLinks(_ host: SimulatedHost) {
        guard let board = host.run?.board else { return }
        board.carriersUp = host.linksUp
        board.woken.insert(.engine)
    }

    // MARK: Persister

    /// Writes the next record to the own file, one after the other.
    func persistNext(_ host: SimulatedHost, _ run: DaemonRun) {
        guard run.persisting == nil, let record = run.engineLink.recordsToPersist.pop() else { return }
        run.persisting = record
        let delay = random.span(settings.hosts.persistTime.lowerBound, settings.hosts.persistTime.upperBound)
        queue.schedule(
            .persistDone,
            at: time + delay.nanoseconds,
            host: host.index.row,
            run: host.runNumber
        )
    }

    func persistIsDone(_ host: SimulatedHost) {
        guard let run = host.run, let record = run.persisting else { return }
        let succeeded = !host.persistFails && !host.persistsFail
        host.persistFails = false
        note(.persisted(record, succeeded: succeeded), on: host)
        if succeeded {
            host.file = record
            host.isFileSpoilt = false
            if record.mark == .spent { noteSpent(host, record.number) }
            return answerPersist(host, run, record, succeeded: true)
        }
        // The daemon waits before it tells, so that a full disk is not asked a thousand times a second.
        queue.schedule(
            .persistFailed,
            at: time + 1_000_000_000,
            host: host.index.row,
            run: host.runNumber
        )
    }

    func persistHasFailed(_ host: SimulatedHost) {
        guard let run = host.run, let record = run.persisting else { return }
        answerPersist(host, run, record, succeeded: false)
    }

    private func answerPersist(
        _ host: SimulatedHost,
        _ run: DaemonRun,
        _ record: PersistedIncarnation,
        succeeded: Bool
    ) {
        run.persisting = nil
        run.engineLink.post(.incarnationPersisted(record, succeeded: succeeded), by: .persister)
        persistNext(host, run)
    }

    /// What was being written when the daemon or the power went: it may be on the medium or not.
    private func settlePersists(_ host: SimulatedHost, _ run: DaemonRun) {
        guard let record = run.persisting, random.oneIn(2) else { return }
        host.file = record
        host.isFileSpoilt = false
    }

    // MARK: Guest stopper

    /// A fence began: the guests are stopped, once.
    func stopGuests(_ host: SimulatedHost, _ run: DaemonRun) {
        guard run.fenceLink.isGuestStopOrdered, !run.isStoppingGuests else { return }
        run.isStoppingGuests = true
        let manners = settings.hosts.guestStopTime
        let delay = random.span(manners.lowerBound, manners.upperBound)
        queue.schedule(
            .guestsStopped,
            at: time + delay.nanoseconds,
            host: host.index.row,
            run: host.runNumber
        )
    }

    func guestsAreStopped(_ host: SimulatedHost) {
        let proven = host.provesGuestStop
        if proven {
            host.guests = 0
            host.dangerous = nil
            oracle.guestsProvenStopped[host.index.row] = host.number
        }
        note(.guestsStopped(proven: proven), on: host)
        host.run?.engineLink.post(.guestsStopped(proven: proven), by: .guestStopper)
    }
}
