/// The operator's one choice from which every time is derived (section 3).
public enum TimingChoice: Hashable, Sendable {
    /// A slow array, multipath fail-over of half a minute: D about 75 s.
    case conservative
    /// D about 21 s.
    case standard
    /// A quiet array and network: D about 11 s.
    case fast
    /// Derived from the longest storage stall that a host shall survive.
    case storageStallTolerance(TimeSpan)
}

/// Every time of the protocol, derived from one choice; never set one by one (section 3).
public struct Timing: BitwiseCopyable, Hashable, Sendable {
    /// h: how often a heartbeat is sent.
    public var heartbeatInterval: TimeSpan
    /// r: how often a statefile round starts.
    public var roundInterval: TimeSpan
    /// Tn: no heartbeat for so long means unheard.
    public var networkTimeout: TimeSpan
    /// Ts: no good round for so long means storage lost.
    public var storageTimeout: TimeSpan
    /// G: age of the newest proof at which a host self-fences.
    public var grace: TimeSpan
    /// W: the watchdog's timeout, as read back from the device once it is open.
    public var watchdog: TimeSpan
    /// The driver's own delay between its timeout and the reset: ticks, second stages.
    public var resetDelay: TimeSpan

    /// rho: the largest error of a host's clock rate that the protocol allows for.
    public static let clockRateError = 500e-6

    /// The factor (1 + 2 rho) by which one host's time is stretched on another's clock.
    public static let clockStretch = 1 + 2 * clockRateError

    /// Derives the times from the operator's choice; they are not checked yet.
    public init(_ choice: TimingChoice) {
        resetDelay = .seconds(1)
        switch choice {
        case .conservative:
            (heartbeatInterval, roundInterval) = (.seconds(2), .seconds(2))
            (networkTimeout, storageTimeout) = (.seconds(20), .seconds(10))
            (grace, watchdog) = (.seconds(30), .seconds(15))
        case .standard:
            (heartbeatInterval, roundInterval) = (.seconds(1), .seconds(1))
            (networkTimeout, storageTimeout) = (.seconds(5), .seconds(3))
            (grace, watchdog) = (.seconds(8), .seconds(4))
        case .fast:
            (heartbeatInterval, roundInterval) = (.seconds(0.5), .seconds(0.5))
            (networkTimeout, storageTimeout) = (.seconds(2), .seconds(1.5))
            (grace, watchdog) = (.seconds(4), .seconds(2))
        case .storageStallTolerance(let stall):
            // G = S + 2r with r = G/7 gives r = S/5 before the clamp.
            let interval = min(max(stall / 5, .seconds(0.5)), .seconds(2))
            (heartbeatInterval, roundInterval) = (interval, interval)
            grace = stall + interval * 2
            let half = grace.nanoseconds / 2
            watchdog = TimeSpan(nanoseconds: (half + 999_999_999) / 1_000_000_000 * 1_000_000_000)
            networkTimeout = max(interval * 4, grace * 2 / 3)
            storageTimeout = min(.seconds(10), grace - interval - interval * 3)
        }
    }

    /// q: how often the fence loop feeds.
    public var feedPeriod: TimeSpan { min(watchdog / 4, .seconds(1)) }
    /// What D adds for the gaps between a certifier's rounds.
    public var margin: TimeSpan { storageTimeout }
    /// D: after so long without a proof a host is certainly dead ([TIME-1]).
    public var certainlyDead: TimeSpan {
        (grace + watchdog * 2 + feedPeriod + resetDelay) * Timing.clockStretch + margin
    }
    /// How long one statefile I/O may take before it counts as failed.
    public var ioDeadline: TimeSpan { min(storageTimeout - roundInterval * 2, roundInterval * 2) }
    /// How soon a restarted daemon must have done its first round.
    public var restartBudget: TimeSpan { min(watchdog - feedPeriod, storageTimeout) }

    /// How long another host must wait for this host's last grant to have run out on its own clock.
    public var graceOnOtherClocks: TimeSpan { grace * Timing.clockStretch }

    /// Checks every inequality of section 3; throws the first that does not hold, with both sides.
    public func check() throws(TimingError) {
        func require(_ name: String, _ left: TimeSpan, _ right: TimeSpan, _ remedy: String)
            throws(TimingError)
        {
            if left > right { throw TimingError(inequality: name, left: left, right: right, remedy: remedy) }
        }
        let calm = "choose a larger storage-stall-tolerance or the next slower profile"
        try require("0.25 s <= I/O deadline", .seconds(0.25), ioDeadline, calm)
        try require("Ts + r + 3h <= G", storageTimeout + roundInterval + heartbeatInterval * 3, grace, calm)
        try require("2r + I/O deadline <= Ts", roundInterval * 2 + ioDeadline, storageTimeout, calm)
        try require("4h <= Tn", heartbeatInterval * 4, networkTimeout, calm)
        try require("q <= W/4", feedPeriod, watchdog / 4, "choose a watchdog timeout of at least 1 s")
        try require("1 s <= reset", .seconds(1), resetDelay, "the driver's reset delay cannot be below 1 s")
        try require(
            "G + Tn + 4r <= D",
            grace + networkTimeout + roundInterval * 4,
            certainlyDead,
            calm
        )
    }

    /// These times with the timeout that the device really took.
    public func withWatchdog(readBack: TimeSpan) -> Timing {
        var timing = self
        timing.watchdog = readBack
        return timing
    }
}

/// An inequality of section 3 that does not hold: what was compared, both sides, and what to change.
public struct TimingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The inequality, left side first: `Ts + r + 3h <= G`.
    public let inequality: String
    /// The value of the left side.
    public let left: TimeSpan
    /// The value of the right side.
    public let right: TimeSpan
    /// What the operator can change.
    public let remedy: String

    /// The whole sentence.
    public var description: String {
        "unsafe timing: \(inequality) does not hold: \(left) is more than \(right); \(remedy); "
            + "see docs/TIMING.md"
    }
}
