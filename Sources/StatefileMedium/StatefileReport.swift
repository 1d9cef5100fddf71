public import NodeRuntime
public import PoolModel
import Synchronization

/// What the storage thread tells about the statefile's path, in words; for log and status.
public final class StatefileReport: Sendable {
    /// What is known at one moment.
    public struct Content: Sendable, Equatable {
        /// Whether the path is open.
        public var isOpen = false
        /// What is known of the device since its last opening; nil before the first.
        public var facts: DeviceFacts?
        /// What went wrong last; nil after a round without errors.
        public var trouble: StatefileError?
        /// What keeps VIEW-3's quarantine; nil once it is over.
        public var quarantine: FormerLives.Obstacle?
        /// The way by which a write that this run gave up may still land, while no ballot can be written for
        /// it; nil where there is none.
        public var openWay: String?
        /// How often the path was opened again after an error.
        public var reopenCount = 0

        /// Whether the page cache is bypassed.
        public var isDirect: Bool { facts?.isDirect == true }
    }

    /// What the storage thread is doing, so that a call that hangs is seen while it hangs.
    public enum Activity: UInt8, Sendable {
        /// Nothing: it waits for the next round.
        case idle
        /// Making the way to the medium.
        case opening
        /// Writing the own slot.
        case writingSlot
        /// Writing a ballot record.
        case writingBallot
        /// Reading the slots.
        case readingSlots
        /// Reading the ballot records.
        case readingBallots
    }

    private let content = Mutex(Content())
    private let waker: (any LoopWaker)?
    private let activityCode = Atomic<UInt8>(Activity.idle.rawValue)
    private let activitySince = Atomic<Int64>(0)
    /// The ways to the medium, as they do now.
    public let paths: [PathFigures]

    /// A report whose reader is woken when the trouble changes.
    public init(bridge: (any LoopWaker)? = nil, paths: [PathFigures] = []) {
        waker = bridge
        self.paths = paths
    }

    /// What is known now.
    public var current: Content { content.withLock { $0 } }

    /// What the storage thread does now, and since when.
    ///
    /// The two are of one moment or, while they change, of two that follow each other.
    public var activity: (doing: Activity, since: MonotonicInstant) {
        let code = activityCode.load(ordering: .acquiring)
        let since = activitySince.load(ordering: .relaxed)
        return (Activity(rawValue: code) ?? .idle, MonotonicInstant(nanoseconds: since))
    }

    func begin(_ activity: Activity, at now: MonotonicInstant) {
        activitySince.store(now.nanoseconds, ordering: .relaxed)
        activityCode.store(activity.rawValue, ordering: .releasing)
    }

    func update(_ change: (inout Content) -> Void) {
        let isNews = content.withLock { content in
            let before = content.trouble
            change(&content)
            return (before == nil) != (content.trouble == nil)
        }
        if isNews { waker?.wake() }
    }
}
