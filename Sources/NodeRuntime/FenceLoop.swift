public import LivesetEngine
public import PoolModel

/// Feeds the watchdog while the lease is current, and stops the host when it is not ([TIME-1], section 5).
///
/// It trusts nobody: it reads one atomic word, and when the engine hangs, the word simply grows old. One
/// turn: take commands, read the word, read the clock, compare, feed, read the clock again. When more than q
/// passed between the check and the end of the feed, the host is reset at once: the feed may have armed the
/// watchdog for another W after the lease had ended. Before the first lease it neither feeds nor fences
/// ([LEASE-2], [LEASE-3]).
///
/// At the end of the lease, or when the engine says so, it stops feeding at once, gives the rest of the
/// process at most min(W/2, 1 s) to stop guests and to write last words, and then fires. `Order.fire` fires
/// at once.
///
/// Driven by its own thread (or a simulator): call `turn()`, sleep until the instant it returns or a wake,
/// repeat. Nothing here allocates, locks, logs or calls the engine.
public struct FenceLoop<
    Clock: HostClock & ~Copyable,
    Watchdog: WatchdogPort & ~Copyable,
    Trigger: FirePort & ~Copyable
>: ~Copyable {
    private let link: FenceLink
    private let clock: Clock
    private var watchdog: Watchdog
    private var trigger: Trigger
    private var timing: Timing
    private var ladderEnd: MonotonicInstant?
    private var lastGoodFeed: MonotonicInstant?
    private var plannedTurn: MonotonicInstant?
    private var isUnstoppable = false
    private let mutation: Mutation

    /// A loop over these ports.
    ///
    /// `timing` holds the configured W, or the read-back one of an inherited device.
    public init(
        link: FenceLink,
        clock: consuming Clock,
        watchdog: consuming Watchdog,
        trigger: consuming Trigger,
        timing: Timing,
        mutation: Mutation = Mutation()
    ) {
        self.link = link
        self.clock = clock
        self.watchdog = watchdog
        self.trigger = trigger
        self.timing = timing
        self.mutation = mutation
    }

    /// One turn; returns until when the thread may sleep at most.
    public mutating func turn() -> MonotonicInstant {
        takeCommands()
        let lease = link.lease
        let checked = clock.now()
        countLateness(at: checked)
        let next = act(on: lease, at: checked)
        plannedTurn = next
        return next
    }

    private mutating func act(on lease: LeaseState, at checked: MonotonicInstant) -> MonotonicInstant {
        switch lease {
        case .fire:
            return fire(at: checked)
        case .fencing:
            return climb(at: checked)
        case .none:
            return idle(at: checked)
        case .until(let end):
            guard checked < end else {
                // Renewed in this very moment: look again at once.
                guard link.latch(.leaseExpired, ifStill: end) else { return checked }
                return climb(at: checked)
            }
            return feed(leaseEnd: end, checkedAt: checked)
        }
    }

    // MARK: feeding

    private mutating func feed(leaseEnd: MonotonicInstant, checkedAt checked: MonotonicInstant)
        -> MonotonicInstant
    {
        guard watchdog.isOpen else {
            link.show(.disarmed)
            return min(leaseEnd, checked + timing.feedPeriod)
        }
        link.show(.feeding)
        let succeeded = watchdog.feed()
        let after = clock.now()
        link.countFeed(succeeded: succeeded)
        guard after - checked <= timing.feedPeriod || mutation.feedUnchecked else {
            link.latchFire(.stalledFeed)
            return fire(at: after)
        }
        if succeeded {
            lastGoodFeed = checked
            return min(leaseEnd, checked + timing.feedPeriod)
        }
        let firstFailure = lastGoodFeed ?? checked
        lastGoodFeed = firstFailure
        // A device that takes no food resets the host after W anyway: better to stop guests before that.
        guard checked - firstFailure < timing.watchdog / 2 else {
            _ = link.latch(.watchdogUnavailable, ifStill: leaseEnd)
            return after
        }
        return min(leaseEnd, checked + timing.feedPeriod / 4)
    }

    private mutating func idle(at now: MonotonicInstant) -> MonotonicInstant {
        ladderEnd = nil
        lastGoodFeed = nil
        guard isUnstoppable else {
            link.show(watchdog.isOpen ? .waiting : .disarmed)
            return now + .seconds(1)
        }
        link.show(.unstoppable)
        link.countFeed(succeeded: watchdog.feed())
        return now + timing.feedPeriod
    }

    // MARK: fencing

    private mutating func climb(at now: MonotonicInstant) -> MonotonicInstant {
        let end = ladderEnd ?? now + min(timing.watchdog / 2, .seconds(1))
        ladderEnd = end
        guard now < end else { return fire(at: now) }
        link.show(.fencing)
        return end
    }

    private mutating func fire(at now: MonotonicInstant) -> MonotonicInstant {
        link.show(.fired)
        trigger.fire()
        return now + .seconds(1)
    }

    // MARK: commands

    private mutating func takeCommands() {
        for _ in 0..<8 {
            guard let command = link.nextCommand() else { return }
            switch command {
            case .open(let timeout): open(timeout: timeout)
            case .disarm(let permit): disarm(permit)
            }
        }
    }

    private mutating func open(timeout: TimeSpan) {
        switch link.lease {
        case .fencing, .fire:
            link.answer(.watchdogOpened(.failed))
            return
        case .none, .until:
            break
        }
        isUnstoppable = false
        let outcome = watchdog.open(timeout: timeout)
        if case .opened(let readBack) = outcome { timing = timing.withWatchdog(readBack: readBack) }
        link.answer(.watchdogOpened(outcome))
    }

    private mutating func disarm(_ permit: DisarmPermit) {
        if link.lease == .fire { return }
        switch watchdog.disarm(permit) {
        case .disarmed: isUnstoppable = false
        case .staysArmed: isUnstoppable = true
        }
        ladderEnd = nil
        lastGoodFeed = nil
        link.unlatch()
    }

    private func countLateness(at now: MonotonicInstant) {
        guard let plannedTurn, now - plannedTurn > timing.feedPeriod / 2 else { return }
        link.countLateTurn()
    }
}
