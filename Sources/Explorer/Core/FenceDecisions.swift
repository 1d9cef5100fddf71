import LivesetEngine
import NodeRuntime
import PoolModel

/// What the shipped fence loop does in one turn, asked once for each lease and each stop that a search can
/// meet.
///
/// The loop reads the lease word, then the clock, compares, feeds, and reads the clock again. Between check
/// and feed it reads nothing, so that a turn which is carried out in the instant of its feed, with the
/// readings of both instants, is the turn of a loop that stood still between them.
struct FenceDecisions {
    /// What one turn did.
    struct Turn: BitwiseCopyable, Equatable {
        /// It fed the watchdog.
        var feeds = false
        /// It latched: no later turn feeds.
        var latches = false
    }

    private let turns: [Turn]
    private let longestStop: Int

    /// The decisions of a loop with these times, for leases up to `longestLease` ticks and stops up to
    /// `longestStop`.
    init(timing: Timing, tick: TimeSpan, longestLease: Int, longestStop: Int) {
        self.longestStop = longestStop
        turns = (0...longestLease).flatMap { left in
            (0...longestStop).map { stop in
                FenceDecisions.turn(timing, leaseLeft: tick * left, stop: tick * stop)
            }
        }
    }

    /// The turn whose check finds `leaseLeft` ticks of lease, and which stands still for `stop` ticks after
    /// it.
    func turn(leaseLeft: Int, stop: Int) -> Turn { turns[leaseLeft * (longestStop + 1) + stop] }

    /// Runs one turn of the shipped loop.
    static func turn(_ timing: Timing, leaseLeft: TimeSpan, stop: TimeSpan) -> Turn {
        let waker = NoWaker()
        let link = FenceLink(fence: waker, engine: waker, guestStopper: waker)
        let checked = MonotonicInstant(nanoseconds: 1_000_000_000_000)
        let script = FenceScript(readings: [checked, checked + stop])
        var loop = FenceLoop(
            link: link,
            clock: ScriptedClock(script: script),
            watchdog: ScriptedWatchdog(script: script),
            trigger: ScriptedTrigger(script: script),
            timing: timing
        )
        link.renew(until: checked + leaseLeft)
        _ = loop.turn()
        let latches: Bool
        switch link.lease {
        case .none, .until: latches = false
        case .fencing, .fire: latches = true
        }
        return Turn(feeds: script.feeds > 0, latches: latches)
    }
}

/// What the ports of one scripted turn read and note.
private final class FenceScript {
    private let readings: [MonotonicInstant]
    private var next = 0
    var feeds = 0

    init(readings: [MonotonicInstant]) { self.readings = readings }

    /// The next reading; the last one stays.
    func read() -> MonotonicInstant {
        let reading = readings[min(next, readings.count - 1)]
        next += 1
        return reading
    }
}

private struct ScriptedClock: HostClock {
    let script: FenceScript
    func now() -> MonotonicInstant { script.read() }
}

private struct ScriptedWatchdog: WatchdogPort {
    let script: FenceScript
    var isOpen: Bool { true }
    mutating func open(timeout: TimeSpan) -> WatchdogOutcome { .opened(readBack: timeout) }
    mutating func feed() -> Bool {
        script.feeds += 1
        return true
    }
    mutating func disarm(_ permit: consuming DisarmPermit) -> DisarmOutcome { .disarmed }
}

/// A reset that fails: the worst case, in which the unfed watchdog is all that is left.
private struct ScriptedTrigger: FirePort {
    let script: FenceScript
    mutating func fire() {}
}

private final class NoWaker: LoopWaker {
    func wake() {}
}
