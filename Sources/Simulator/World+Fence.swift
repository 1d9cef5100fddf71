import LivesetEngine
import PoolModel

/// The fence loop and the watchdog device of a host ([TIME-1], [LEASE-2], [SAFE-4]).
extension World {
    // MARK: Device

    func openWatchdog(_ host: SimulatedHost, timeout: TimeSpan) {
        if !host.watchdog.isArmed { host.watchdog.timeout = host.watchdogReadBack ?? timeout }
        let delay = random.span(.seconds(0.001), .seconds(0.02))
        queue.schedule(.watchdogOpens, at: time + delay.nanoseconds, host: host.index.row, run: host.run)
    }

    /// The device is open: opening feeds it, whoever opened it.
    func watchdogOpens(_ host: SimulatedHost) {
        if host.watchdogFails {
            note(.watchdogOpened(false), on: host)
            return feed(.watchdog(.failed), to: host)
        }
        checkOpening(host)
        host.watchdog.isArmed = true
        host.fence.isOpen = true
        feedDevice(host)
        note(.watchdogOpened(true), on: host)
        scheduleFenceTurn(host)
        feed(.watchdog(.opened(readBack: host.watchdog.timeout)), to: host)
    }

    private func feedDevice(_ host: SimulatedHost) {
        host.watchdog.deadline = time + host.clock.worldLength(of: host.watchdog.timeout)
        let promise = host.settings.timing.resetDelay
        let lateness = random.oneIn(2) ? random.span(.zero, promise) : (random.oneIn(2) ? promise : .zero)
        host.watchdog.firesAt = host.watchdog.deadline + lateness.nanoseconds
        scheduleWatchdog(host)
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

    func disarm(_ host: SimulatedHost, _ permit: DisarmPermit) {
        checkDisarm(host, permit)
        host.watchdog.isArmed = false
        let isScheduled = host.fence.isScheduled
        host.fence = FenceLoop()
        host.fence.isScheduled = isScheduled
        note(.disarmed(permit.ground), on: host)
    }

    // MARK: Loop

    func renewLease(_ host: SimulatedHost, until: MonotonicInstant) {
        checkRenewal(host, until: until)
        if !host.fence.hasLease { note(.firstLease, on: host) }
        host.fence.lease = until
        scheduleFenceTurn(host)
    }

    private func scheduleFenceTurn(_ host: SimulatedHost, after: Int64 = 0) {
        guard !host.fence.isScheduled, host.fence.isOpen, host.fence.hasLease, !host.fence.isFencing else {
            return
        }
        host.fence.isScheduled = true
        queue.schedule(.fenceLoop, at: time + after, host: host.index.row, run: host.run)
    }

    /// One turn: check, feed, read the clock again.
    func fenceTurn(_ host: SimulatedHost) {
        host.fence.isScheduled = false
        guard host.fence.isOpen, host.fence.hasLease, !host.fence.isFencing else { return }
        if host.isFrozen(.fence, at: time) {
            host.fence.isDue = true
            return
        }
        let now = host.clock.reading(at: time)
        guard now < host.fence.lease else {
            passed.insert(.fenceLeaseSeen)
            note(.leaseRanOut, on: host)
            return stopFeeding(host)
        }
        host.fence.feedInHand = now
        if !host.triggers.isEmpty, strikeFeed(host) {
            guard host.daemonRuns, !host.isFrozen(.fence, at: time) else { return }
        }
        feedAfterCheck(host)
    }

    private func feedAfterCheck(_ host: SimulatedHost) {
        guard let checked = host.fence.feedInHand else { return }
        host.fence.feedInHand = nil
        guard host.fence.isOpen, !host.fence.isFencing else { return }
        feedDevice(host)
        checkFeed(host)
        let now = host.clock.reading(at: time)
        if settings.tracesChatter { note(.fed(leaseLeft: host.fence.lease - now), on: host) }
        if now - checked > host.settings.timing.feedPeriod, !host.settings.mutation.feedUnchecked {
            passed.insert(.fenceStalledFeed)
            note(.selfFence(.stalledFeed), on: host)
            stopFeeding(host)
            return fire(host)
        }
        scheduleFenceTurn(host, after: host.clock.worldLength(of: host.settings.timing.feedPeriod))
    }

    /// The fence thread runs again after a stop.
    func thawFence(_ host: SimulatedHost) {
        if host.fence.feedInHand != nil { return feedAfterCheck(host) }
        guard host.fence.isDue else { return }
        host.fence.isDue = false
        fenceTurn(host)
    }

    // MARK: Stopping

    /// No feed from now on; the guests get a bounded time, then the host is reset.
    func stopFeeding(_ host: SimulatedHost) {
        guard !host.fence.isFencing else { return }
        host.fence.isFencing = true
        let bound = host.clock.worldLength(of: host.settings.timing.watchdog / 2)
        queue.schedule(.fireBound, at: time + bound, host: host.index.row, run: host.run)
    }

    func selfFence(_ host: SimulatedHost, _ reason: SelfFenceReason) {
        note(.selfFence(reason), on: host)
        stopFeeding(host)
        let delay = random.span(
            settings.hosts.guestStopTime.lowerBound,
            settings.hosts.guestStopTime.upperBound
        )
        queue.schedule(.guestsStopped, at: time + delay.nanoseconds, host: host.index.row, run: host.run)
    }

    func guestsAreStopped(_ host: SimulatedHost) {
        let proven = settings.hosts.provesGuestStop
        if proven {
            host.guests = 0
            host.dangerous = nil
            oracle.guestsProvenStopped[host.index.row] = host.number
        }
        note(.guestsStopped(proven: proven), on: host)
        feed(.guestsStopped(proven: proven), to: host)
    }

    /// Sysrq: resets at once, unless it is broken; then the watchdog is what is left, and it is tried again.
    func fire(_ host: SimulatedHost) {
        guard host.isUp, host.fence.isFencing else { return }
        guard host.sysrqBroken else { return reset(host, .sysrq) }
        queue.schedule(.fireBound, at: time + 1_000_000_000, host: host.index.row, run: host.run)
    }
}
