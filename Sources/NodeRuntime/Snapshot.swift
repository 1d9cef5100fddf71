import Synchronization

/// The newest value of something that one thread publishes and others read, without the writer ever waiting.
///
/// Four copies: the writer fills one that is neither the newest nor being read, then names it the newest. The
/// writer only tries locks, so it never waits; when every other copy is being read it keeps the old value and
/// counts (`skippedCount`). Readers may wait for each other, for the time of one copy.
public final class Snapshot<Value: BitwiseCopyable & Sendable>: Sendable {
    private final class Copy: Sendable {
        let value = Mutex<Value?>(nil)
    }

    private let copies: [Copy] = (0..<4).map { _ in Copy() }
    /// publication number x 4 + the copy's place; 0 before the first.
    private let newest = Atomic<UInt64>(0)
    private let skipped = Atomic<Int>(0)

    /// Nothing is published yet.
    public init() {}

    /// How often the writer found no free copy.
    public var skippedCount: Int { skipped.load(ordering: .relaxed) }
    /// How many values were published.
    public var publicationCount: UInt64 { newest.load(ordering: .acquiring) >> 2 }

    /// Writer only: publishes a value; false, and counted, when every other copy is being read.
    @discardableResult
    public func publish(_ value: Value) -> Bool {
        let word = newest.load(ordering: .relaxed)
        for step in 1...3 {
            let place = (word &+ UInt64(step)) & 3
            let stored: Void? = copies[Int(place)].value.withLockIfAvailable { $0 = value }
            guard stored != nil else { continue }
            newest.store((word >> 2 + 1) << 2 | place, ordering: .releasing)
            return true
        }
        skipped.add(1, ordering: .relaxed)
        return false
    }

    /// Any thread: the newest value; nil before the first one.
    public func read() -> Value? {
        let word = newest.load(ordering: .acquiring)
        guard word != 0 else { return nil }
        return copies[Int(word & 3)].value.withLock { $0 }
    }
}
