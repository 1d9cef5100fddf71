/// What happens at an instant of the simulated world.
enum EventKind: UInt8, BitwiseCopyable, Sendable {
    /// The engine loop's next turn, unless it took one meanwhile.
    case engineTurn
    /// A datagram arrives; item: its place.
    case deliver
    /// An I/O reaches the disk; item: I/O.
    case ioReachesDisk
    /// An I/O's answer reaches its host; item: I/O.
    case ioCompletes
    /// The deadline of a round; item: low bits of its id.
    case roundDeadline
    /// The fence loop's next turn, unless it took one meanwhile.
    case fenceTurn
    /// The watchdog's time may be over.
    case watchdogExpires
    /// A woken thread runs; item: which.
    case threadRuns
    /// A host's kernel is up.
    case boots
    /// A host's daemon starts.
    case daemonStarts
    /// A freeze ends.
    case thaws
    /// A write to the host's own file is done.
    case persistDone
    /// The persister tells of a write that failed.
    case persistFailed
    /// The guests of a self-fencing host are stopped, or could not be.
    case guestsStopped
    /// The state of the links reaches the daemon.
    case linksSeen
    /// The manager of a host looks around.
    case managerLooks
    /// An order to start a guest arrives; item: order.
    case startOrderArrives
    /// A torn write is completed; item: I/O.
    case tearMends
    /// A test's own act; item: index of its closure.
    case script
}

/// One entry of the queue: small, so that the heap moves little.
struct WorldEvent: BitwiseCopyable, Sendable {
    /// Nanoseconds since the start of the world.
    var time: Int64
    /// Tells apart what happens at the same instant: first scheduled, first done.
    var order: UInt64
    /// Index or payload, by kind.
    var item: Int32
    /// The daemon run that it is meant for; entries of earlier runs are dropped.
    var run: UInt32
    /// What happens.
    var kind: EventKind
    /// To whom.
    var host: UInt8

    func isBefore(_ other: WorldEvent) -> Bool {
        time != other.time ? time < other.time : order < other.order
    }
}

/// The future of the world: a binary heap of values, earliest first.
struct EventQueue: Sendable {
    private var heap: [WorldEvent] = []
    private var scheduled: UInt64 = 0

    init() { heap.reserveCapacity(1024) }

    /// When the next event is due; nil when nothing is left to happen.
    var nextTime: Int64? { heap.first?.time }

    /// Puts an event into the future.
    mutating func schedule(_ kind: EventKind, at time: Int64, host: Int = 0, run: UInt32 = 0, item: Int = 0) {
        scheduled += 1
        let event = WorldEvent(
            time: time,
            order: scheduled,
            item: Int32(truncatingIfNeeded: item),
            run: run,
            kind: kind,
            host: UInt8(host)
        )
        var hole = heap.count
        heap.append(event)
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard event.isBefore(heap[parent]) else { break }
            heap[hole] = heap[parent]
            hole = parent
        }
        heap[hole] = event
    }

    /// Takes the earliest event out, if it is due at or before `limit`.
    mutating func next(upTo limit: Int64) -> WorldEvent? {
        guard let first = heap.first, first.time <= limit else { return nil }
        let last = heap.removeLast()
        let count = heap.count
        guard count > 0 else { return first }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < count else { break }
            if child + 1 < count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(last) else { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = last
        return first
    }
}
