import LivesetEngine
import NodeRuntime
import PoolModel

/// Power, kernel and freezes of a host.
extension World {
    func givePower(_ host: SimulatedHost) {
        guard !host.hasPower else { return }
        host.hasPower = true
        scheduleBoot(host)
    }

    private func scheduleBoot(_ host: SimulatedHost) {
        let length = random.span(settings.hosts.bootTime.lowerBound, settings.hosts.bootTime.upperBound)
        queue.schedule(.boots, at: time + length.nanoseconds, host: host.index.row, run: host.runNumber)
    }

    func kernelIsUp(_ host: SimulatedHost) {
        guard host.hasPower, !host.isUp else { return }
        host.isUp = true
        host.boot = BootID(UInt128(random.next()) << 64 | UInt128(random.next() | 1))
        host.clock.bootedAt = time
        host.clock.offset = 1_000_000 + Int64(random.below(10_000_000_000))
        host.clock.partsPerMillion = settings.hosts.clocksDiffer ? Int64(random.below(1001)) - 500 : 0
        note(.booted, on: host)
        daemonStarts(host)
    }

    /// All that volatile memory held is gone.
    private func goDark(_ host: SimulatedHost) {
        daemonEnds(host)
        host.runNumber &+= 1
        host.isUp = false
        host.guests = 0
        host.watchdog = SimulatedWatchdog(epoch: host.watchdog.epoch &+ 1)
        host.descriptorKept = false
        forgetBoot(host)
    }

    func losePower(_ host: SimulatedHost) {
        guard host.hasPower else { return }
        note(.poweredOff, on: host)
        host.hasPower = false
        tearOperations(of: host)
        goDark(host)
    }

    func reset(_ host: SimulatedHost, _ cause: ResetCause) {
        guard host.isUp else { return }
        note(.reset(cause), on: host)
        resets[cause, default: 0] += 1
        if cause != .person {
            fencedPerHost[host.index.row] += 1
            countFence(host)
            if host.selfFencesInRow < .max { host.selfFencesInRow += 1 }
        }
        tearOperations(of: host)
        goDark(host)
        scheduleBoot(host)
    }

    // MARK: Standing still

    func standStill(_ host: SimulatedHost, for length: TimeSpan, _ threads: HostThreads) {
        guard let run = host.run else { return }
        let end = time + length.nanoseconds
        if threads.contains(.engine) { run.engine.frozenUntil = max(run.engine.frozenUntil, end) }
        if threads.contains(.storage) { run.storage.frozenUntil = max(run.storage.frozenUntil, end) }
        if threads.contains(.fence) { run.fence.frozenUntil = max(run.fence.frozenUntil, end) }
        note(.frozen(threads, length), on: host)
        queue.schedule(.thaws, at: end, host: host.index.row, run: host.runNumber)
    }

    /// A freeze is over: what may run does, in an order that chance decides.
    func thaw(_ host: SimulatedHost) {
        guard let run = host.run else { return }
        run.awaitsRival = false
        let engineFirst = random.oneIn(2)
        let engineWakes = wakes(&run.engine.frozenUntil)
        let storageWakes = wakes(&run.storage.frozenUntil)
        let fenceWakes = wakes(&run.fence.frozenUntil)
        note(.thawed, on: host)
        if engineWakes, engineFirst { thawEngine(host) }
        if fenceWakes, host.run === run { thawFence(host) }
        if storageWakes, host.run === run { thawStorage(host) }
        if engineWakes, !engineFirst, host.run === run { thawEngine(host) }
    }

    private func wakes(_ frozenUntil: inout Int64) -> Bool {
        guard frozenUntil != 0, frozenUntil <= time else { return false }
        frozenUntil = 0
        return true
    }

    /// A ballot record of `rival` landed: who waits for that goes on, at a moment of chance within a round.
    func wakeRivals(of rival: SimulatedHost) {
        for host in hosts where host.index != rival.index {
            guard let run = host.run, run.awaitsRival else { continue }
            run.awaitsRival = false
            let end = time + random.span(.zero, settings.storage.latency.upperBound * 6).nanoseconds
            run.engine.frozenUntil = end
            run.storage.frozenUntil = end
            run.fence.frozenUntil = end
            queue.schedule(.thaws, at: end, host: host.index.row, run: host.runNumber)
        }
    }

    // MARK: Interruptions

    /// Whether a fault strikes before the order that the engine loop has at hand; carries it out if so.
    func strikeOrder(_ host: SimulatedHost, _ run: DaemonRun) -> Bool {
        for index in host.triggers.indices {
            let isMeant = run.engineLoop.withOrderAtHand { order, orders in
                host.triggers[index].strikes(order, in: orders, of: host)
            }
            if isMeant ?? false, strikes(host, index) { return true }
        }
        return false
    }

    /// As `strikeOrder`, between the check of the lease and the feed, or between writes and read of a round.
    func strike(_ host: SimulatedHost, before moment: Interruption.Moment) -> Bool {
        for index in host.triggers.indices where host.triggers[index].moment == moment {
            if strikes(host, index) { return true }
        }
        return false
    }

    private func strikes(_ host: SimulatedHost, _ index: Int) -> Bool {
        if host.triggers[index].passing > 0 {
            host.triggers[index].passing -= 1
            return false
        }
        switch host.triggers.remove(at: index).act {
        case .freeze(let length): standStill(host, for: length, .all)
        case .awaitRival(let length):
            host.run?.awaitsRival = true
            standStill(host, for: length, .all)
        case .crashDaemon: crash(host)
        case .powerOff: losePower(host)
        case .stallStorage: setPath(host, .stalled)
        case .stallAfterSlot: host.stallsAfterSlot = true
        }
        return true
    }

    func crash(_ host: SimulatedHost) {
        guard host.daemonRuns else { return }
        note(.daemonCrashed, on: host)
        restart(host)
    }

    func restart(_ host: SimulatedHost) {
        guard host.daemonRuns else { return }
        daemonEnds(host)
        let manners = settings.hosts.daemonRestartTime
        let delay = random.span(manners.lowerBound, manners.upperBound)
        queue.schedule(.daemonStarts, at: time + delay.nanoseconds, host: host.index.row, run: host.runNumber)
    }
}
