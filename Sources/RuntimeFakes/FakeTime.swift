public import NodeRuntime
public import PoolModel
import Synchronization

/// The time of a simulated world: moves only when a test moves it.
public final class FakeTime {
    /// The present instant.
    public var now: MonotonicInstant

    /// A time that starts so long after boot.
    public init(_ start: TimeSpan = .seconds(1000)) { now = MonotonicInstant(nanoseconds: 0) + start }

    /// Moves the time on.
    public func advance(_ span: TimeSpan) { now = now + span }
}

/// A clock that shows a `FakeTime`.
public struct FakeClock: HostClock {
    private let time: FakeTime
    /// The clock of `time`.
    public init(_ time: FakeTime) { self.time = time }
    /// The present instant.
    public func now() -> MonotonicInstant { time.now }
}

/// A waker that only counts.
public final class CountingWaker: LoopWaker {
    private let wakes = Atomic<Int>(0)
    /// A waker that was not called yet.
    public init() {}
    /// Counts.
    public func wake() { wakes.add(1, ordering: .relaxed) }
    /// How often it was called.
    public var count: Int { wakes.load(ordering: .relaxed) }
}
