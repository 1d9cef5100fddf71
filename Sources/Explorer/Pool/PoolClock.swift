import PoolModel

/// Time in a search of whole engines: steps of one second, in which heartbeats are sent and rounds are done.
///
/// The times are the shortest whole seconds that `Timing.check` accepts, so that every boundary lies at a
/// step: Tn 4, Ts 3, G 7, W 2 (and 1 until the reset), D 15.51 steps.
enum PoolClock {
    /// The length of a step.
    static let step = TimeSpan.seconds(1)

    /// The times of every host.
    static let timing: Timing = {
        var timing = Timing(.fast)
        timing.heartbeatInterval = step
        timing.roundInterval = step
        timing.networkTimeout = step * 4
        timing.storageTimeout = step * 3
        timing.grace = step * 7
        timing.watchdog = step * 2
        timing.resetDelay = step
        return timing
    }()

    /// The header's largest D.
    static let largestD = timing.certainlyDead

    /// No rule compares an age with more than this: the largest is the waiver of [LEASE-M] (a), 30 s.
    static let horizon = TimeSpan.seconds(32)

    /// When step 0 begins, on every host's clock: long after its boot.
    private static let origin = MonotonicInstant(nanoseconds: 100_000_000_000)

    /// The instant of `phase` in `step`.
    static func instant(step: Int, phase: Int) -> MonotonicInstant {
        origin + PoolClock.step * step + .milliseconds(phase)
    }
}
