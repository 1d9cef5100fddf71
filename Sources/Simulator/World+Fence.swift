import LivesetEngine
import NodeRuntime
import PoolModel

/// The watchdog device of a host ([TIME-1], [LEASE-2], [SAFE-4]).
extension World {
    /// Opening arms the device and feeds it, whoever opened it.
    func openDevice(of host: SimulatedHost, _ board: RunBoard, timeout: TimeSpan) -> WatchdogOutcome {
        if host.watchdogFails {
            note(.watchdogOpened(false), on: host)
            return .failed
        }
        if !board.isDeviceOpen { checkOpening(host) }
        if !host.watchdog.isArmed { host.watchdog.timeout = host.watchdogReadBack ?? timeout }
        host.watchdog.isArmed = true
        board.isDeviceOpen = true
        restartCountdown(host)
        note(.watchdogOpened(true), on: host)
        return .opened(readBack: host.watchdog.timeout)
    }

    func feedDevice(of host: SimulatedHost) -> Bool {
        if host.feedsFail { return false }
        restartCountdown(host)
        checkFeed(host)
        if settings.tracesChatter {
            note(.fed(leaseLeft: (host.run?.leaseEnd ?? host.now) - host.now), on: host)
        }
        return true
    }

    func disarmDevice(of host: SimulatedHost, _ board: RunBoard, _ permit: DisarmPermit) -> DisarmOutcome {
        checkDisarmed(host, board)
        if host.hasNoWayOut { return .staysArmed }
        host.watchdog.isArmed = false
        board.isDeviceOpen = false
        note(.disarmed(permit.ground), on: host)
        return .disarmed
    }

    private func restartCountdown(_ host: SimulatedHost) {
        host.watchdog.deadline = time + host.clock.worldLength(of: host.watchdog.timeout)
        host.watchdog.firesAt = host.watchdog.deadline + lateness(of: host).nanoseconds
        scheduleWatchdog(host)
    }

    private func lateness(of host: SimulatedHost) -> TimeSpan {
        let promise = host.settings.timing.resetDelay
        switch host.lateness {
        case .none: return .zero
        case .full: return promise
        case .byChance:
            if random.oneIn(2) { return random.span(.zero, promise) }
            return random.oneIn(2) ? promise : .zero
        }
    }

    private func scheduleWatchdog(_ host: SimulatedHost) {
        guard !host.watchdog.isScheduled else { return }
        host.watchdog.isScheduled = true
        queue.schedule(
            .watchdogExpires,
            at: host.watchdog.firesAt,
            host: host.index.row,
            run: host.watchdog.epoch
        )
    }

    func watchdogExpires(_ host: SimulatedHost, epoch: UInt32) {
        guard epoch == host.watchdog.epoch else { return }
        host.watchdog.isScheduled = false
        guard host.watchdog.isArmed else { return }
        if host.watchdog.firesAt > time { return scheduleWatchdog(host) }
        reset(host, .watchdog)
    }
}
