public import PoolModel
import Synchronization

/// How one way to the medium does: published by the thread that uses it, for status.
///
/// A reader may see the parts of two moments; each part is true by itself.
public final class PathFigures: Sendable {
    /// What is known of a way.
    public enum State: UInt8, Sendable {
        /// It was not tried yet.
        case untried
        /// It is being made.
        case connecting
        /// It is there, and I/O goes over it.
        case active
        /// It is there and ready to take over.
        case standby
        /// It failed, and is tried again.
        case failed
    }

    /// Where it leads, as the address writes it.
    public let name: String
    private let stateCode = Atomic<UInt8>(State.untried.rawValue)
    private let since = Atomic<Int64>(0)
    private let last = Atomic<Int64>(-1)
    private let longest = Atomic<Int64>(-1)
    private let failures = Atomic<UInt64>(0)

    /// A way that was not tried yet.
    public init(name: String) { self.name = name }

    /// What it is now.
    public var state: State { State(rawValue: stateCode.load(ordering: .relaxed)) ?? .untried }
    /// When it became that.
    public var stateSince: MonotonicInstant {
        MonotonicInstant(nanoseconds: since.load(ordering: .relaxed))
    }
    /// How long its newest request took; nil before the first.
    public var lastLatency: TimeSpan? { PathFigures.span(last.load(ordering: .relaxed)) }
    /// How long its longest request took; nil before the first.
    public var longestLatency: TimeSpan? { PathFigures.span(longest.load(ordering: .relaxed)) }
    /// How often it failed.
    public var failureCount: UInt64 { failures.load(ordering: .relaxed) }

    private static func span(_ nanoseconds: Int64) -> TimeSpan? {
        nanoseconds < 0 ? nil : TimeSpan(nanoseconds: nanoseconds)
    }

    /// Owner: it is in `state` now.
    public func note(_ state: State, at now: MonotonicInstant) {
        guard stateCode.load(ordering: .relaxed) != state.rawValue else { return }
        since.store(now.nanoseconds, ordering: .relaxed)
        stateCode.store(state.rawValue, ordering: .relaxed)
        if state == .failed { failures.wrappingAdd(1, ordering: .relaxed) }
    }

    /// Owner: a request took so long.
    public func note(latency: TimeSpan) {
        last.store(latency.nanoseconds, ordering: .relaxed)
        if latency.nanoseconds > longest.load(ordering: .relaxed) {
            longest.store(latency.nanoseconds, ordering: .relaxed)
        }
    }
}
