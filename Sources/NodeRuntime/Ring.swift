import Synchronization

/// A bounded queue from one producing thread to one consuming thread; neither ever waits for the other.
///
/// Full: `push` refuses and counts (`refusedCount`); what the producer then does is told where the ring is
/// made. The indexes are atomics; each cell's mutex is only *tried*, and by the indexes never contended: it
/// is there so that the compiler can prove the sharing, not to wait. A cell that were found locked all the
/// same counts as full or empty. Nothing allocates after `init`.
public final class Ring<Element: BitwiseCopyable & Sendable>: Sendable {
    private final class Cell: Sendable {
        let element = Mutex<Element?>(nil)
    }

    private let cells: [Cell]
    private let pushed = Atomic<Int>(0)
    private let popped = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)

    /// A queue for `capacity` elements.
    public init(capacity: Int) {
        precondition(capacity > 0, "a ring has room for at least one element")
        // A loop: the compiler (6.3.1) breaks on a closure here when it specialises this in another module.
        var cells: [Cell] = []
        for _ in 0..<capacity { cells.append(Cell()) }
        self.cells = cells
    }

    /// How many elements it can hold.
    public var capacity: Int { cells.count }
    /// How many pushes were refused because it was full.
    public var refusedCount: Int { refused.load(ordering: .relaxed) }
    /// Whether nothing is queued at the moment; either side may ask.
    public var isEmpty: Bool { pushed.load(ordering: .acquiring) == popped.load(ordering: .acquiring) }

    /// Producer only: queues an element; false, and counted, when there is no room.
    @discardableResult
    public func push(_ element: Element) -> Bool {
        let position = pushed.load(ordering: .relaxed)
        guard position - popped.load(ordering: .acquiring) < cells.count else { return refuse() }
        let stored: Void? = cells[position % cells.count].element.withLockIfAvailable { $0 = element }
        guard stored != nil else { return refuse() }
        pushed.store(position + 1, ordering: .releasing)
        return true
    }

    /// Consumer only: takes the oldest element; nil when there is none.
    public func pop() -> Element? {
        let position = popped.load(ordering: .relaxed)
        guard position < pushed.load(ordering: .acquiring) else { return nil }
        let taken: Element?? = cells[position % cells.count].element.withLockIfAvailable { cell in
            let element = cell
            cell = nil
            return element
        }
        guard let element = taken ?? nil else { return nil }
        popped.store(position + 1, ordering: .releasing)
        return element
    }

    private func refuse() -> Bool {
        refused.add(1, ordering: .relaxed)
        return false
    }
}
