import LivesetEngine
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
        queue.schedule(.boots, at: time + length.nanoseconds, host: host.index.row, run: host.run)
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
        host.run &+= 1
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
            if host.selfFencesInRow < .max { host.selfFencesInRow += 1 }
        }
        tearOperations(of: host)
        goDark(host)
        scheduleBoot(host)
    }

    // MARK: Standing still

    func standStill(_ host: SimulatedHost, for length: TimeSpan, _ threads: HostThreads) {
        guard host.daemonRuns else { return }
        let end = time + length.nanoseconds
        host.evidence.actsInHand = isActingMaster(host)
        if threads.contains(.engine) { host.frozenUntil.engine = max(host.frozenUntil.engine, end) }
        if threads.contains(.storage) { host.frozenUntil.storage = max(host.frozenUntil.storage, end) }
        if threads.contains(.fence) { host.frozenUntil.fence = max(host.frozenUntil.fence, end) }
        note(.frozen(threads, length), on: host)
        queue.schedule(.thaws, at: end, host: host.index.row, run: host.run)
    }

    /// A freeze is over: what may run does, in an order that chance decides.
    func thaw(_ host: SimulatedHost) {
        let run = host.run
        host.awaitsRival = false
        let engineFirst = random.oneIn(2)
        let engineWakes = host.frozenUntil.engine != 0 && host.frozenUntil.engine <= time
        let storageWakes = host.frozenUntil.storage != 0 && host.frozenUntil.storage <= time
        let fenceWakes = host.frozenUntil.fence != 0 && host.frozenUntil.fence <= time
        if engineWakes { host.frozenUntil.engine = 0 }
        if storageWakes { host.frozenUntil.storage = 0 }
        if fenceWakes { host.frozenUntil.fence = 0 }
        note(.thawed, on: host)
        if engineWakes, engineFirst { drainInputs(host) }
        if fenceWakes, host.run == run { thawFence(host) }
        if storageWakes, host.run == run { thawStorage(host) }
        if engineWakes, !engineFirst, host.run == run { drainInputs(host) }
    }

    /// A ballot record of `rival` landed: who waits for that goes on, at a moment of chance within a round.
    func wakeRivals(of rival: SimulatedHost) {
        for host in hosts where host.awaitsRival && host.index != rival.index && host.daemonRuns {
            host.awaitsRival = false
            let end = time + random.span(.zero, settings.storage.latency.upperBound * 6).nanoseconds
            host.frozenUntil = (end, end, end)
            queue.schedule(.thaws, at: end, host: host.index.row, run: host.run)
        }
    }

    // MARK: Interruptions

    /// Whether a fault strikes before this order; carries it out if so.
    func strike(_ host: SimulatedHost, before order: Order) -> Bool {
        for index in host.triggers.indices where host.triggers[index].strikes(order, of: host) {
            if strikes(host, index) { return true }
        }
        return false
    }

    /// As `strike`, between the check of the lease and the feed.
    func strikeFeed(_ host: SimulatedHost) -> Bool {
        for index in host.triggers.indices where host.triggers[index].moment == .feed {
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
            host.awaitsRival = true
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
        queue.schedule(.daemonStarts, at: time + delay.nanoseconds, host: host.index.row, run: host.run)
    }
}
