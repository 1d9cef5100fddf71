import PoolModel

/// How one host's boot clock runs: it starts anew with each boot and has its own rate.
struct ClockCourse: BitwiseCopyable, Sendable {
    /// When the host booted, in nanoseconds of the world.
    var bootedAt: Int64 = 0
    /// What the clock showed then.
    var offset: Int64 = 0
    /// By how many millionths it runs fast, between -500 and 500.
    var partsPerMillion: Int64 = 0

    /// What the clock shows at `time` of the world.
    func reading(at time: Int64) -> MonotonicInstant {
        let passed = time - bootedAt
        return MonotonicInstant(nanoseconds: offset + passed + passed * partsPerMillion / 1_000_000)
    }

    /// Goes on from what it shows at `time`, at another rate.
    mutating func changeRate(to rate: Int64, at time: Int64) {
        offset = reading(at: time).nanoseconds
        bootedAt = time
        partsPerMillion = rate
    }

    /// How long a span of this clock lasts in the world, rounded up.
    func worldLength(of span: TimeSpan) -> Int64 {
        span.nanoseconds - span.nanoseconds * partsPerMillion / (1_000_000 + partsPerMillion) + 1
    }

    /// When this clock will show `instant`, in nanoseconds of the world.
    func worldTime(of instant: MonotonicInstant) -> Int64 {
        bootedAt + worldLength(of: TimeSpan(nanoseconds: instant.nanoseconds - offset))
    }
}

/// The time of a world; only its `World` moves it.
final class WorldTime {
    /// Nanoseconds since the start of the world.
    var nanoseconds: Int64 = 0
}
