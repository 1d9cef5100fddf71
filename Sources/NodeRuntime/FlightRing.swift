import ByteFormat
import FlightFormat
public import PoolModel
import Synchronization

/// The memory of the flight recorder: a few places, each with one segment, of which the oldest is given up
/// for the newest.
///
/// The engine loop writes and never waits: it only *tries* a place, and one that is being read is left where
/// it is; the next place then begins with a checkpoint, so nothing is lost. Readers are ordinary threads;
/// they copy a piece at a time, so that they hold a place for microseconds, and only ever add to what they
/// have: the bytes of a segment do not change until its place is given to another one. Nothing allocates
/// after `init`.
public final class FlightRing: Sendable {
    /// How many places there are; a recording reaches back over all but one of them at least.
    public static let placeCount = 4
    private static let pieceBytes = 1 << 16

    /// The segment in a place.
    private struct Content: ~Copyable {
        var number: UInt64 = 0
        var begunAt = MonotonicInstant.distantPast
        var endedAt = MonotonicInstant.distantPast
        var count = 0
        var buffer: AlignedBuffer
    }

    private final class Place: Sendable {
        let content: Mutex<Content>
        init(byteCount: Int) {
            content = Mutex(Content(buffer: AlignedBuffer(minimumByteCount: byteCount)))
        }
    }

    /// How many hosts the pool has.
    public let hostCount: Int
    /// How many bytes a place has.
    public let placeBytes: Int
    private let places: [Place]
    private let lost = Atomic<Int>(0)

    /// A ring of `byteCount` bytes for a pool of `hostCount` hosts; of more where a checkpoint and a step
    /// would not fit.
    public init(byteCount: Int, hostCount: Int) {
        let step = FlightEncoder(rowCount: hostCount).largestStepBytes + FlightEncoder.orderBytes
        let least = FlightCheckpoint.largestBytes(rowCount: hostCount) + step
        let placeBytes = max(byteCount / FlightRing.placeCount, least)
        self.hostCount = hostCount
        self.placeBytes = placeBytes
        places = (0..<FlightRing.placeCount).map { _ in Place(byteCount: placeBytes) }
    }

    /// How many bytes it has.
    public var byteCount: Int { placeBytes * places.count }
    /// Steps that could not be recorded because every place was being read: none, with one reader.
    public var lostStepCount: Int { lost.load(ordering: .relaxed) }

    // MARK: engine loop

    /// Gives a place to a new segment that begins with these bytes; false when it is being read.
    func begin(_ number: UInt64, in place: Int, at now: MonotonicInstant, with bytes: Span<UInt8>) -> Bool {
        let done: Void? = places[place].content.withLockIfAvailable { content in
            content.number = number
            (content.begunAt, content.endedAt) = (now, now)
            content.count = 0
            FlightRing.add(bytes, to: &content)
        }
        return done != nil
    }

    /// Adds bytes to the segment in a place; false when it is being read, or `spare` bytes would not be left.
    func append(_ bytes: Span<UInt8>, in place: Int, at now: MonotonicInstant, spare: Int) -> Bool {
        let done: Bool? = places[place].content.withLockIfAvailable { content in
            guard content.count + bytes.count + spare <= content.buffer.byteCount else { return false }
            FlightRing.add(bytes, to: &content)
            content.endedAt = now
            return true
        }
        return done ?? false
    }

    func countLostStep() { lost.add(1, ordering: .relaxed) }

    private static func add(_ bytes: Span<UInt8>, to content: inout Content) {
        let range = content.count..<content.count + bytes.count
        content.buffer.withMutableBytes(in: range) { room in
            for index in bytes.indices { room[index] = bytes[index] }
        }
        content.count += bytes.count
    }

    // MARK: ordinary threads

    /// What the places hold, oldest first; only what was begun.
    public func contents() -> [FlightStretch] {
        var found: [FlightStretch] = []
        for place in places.indices {
            let head = places[place].content.withLock { content in (content.number, content.begunAt) }
            if head.0 != 0 { found.append(FlightStretch(place: place, number: head.0, begunAt: head.1)) }
        }
        return found.sorted { $0.number < $1.number }
    }

    /// Copies a segment as far as it is written by now; false when its place was given to another one.
    public func copy(_ stretch: inout FlightStretch) -> Bool {
        stretch.body.reserveCapacity(placeBytes)
        while true {
            let before = stretch.body.count
            let isStillThere = places[stretch.place].content.withLock { content in
                guard content.number == stretch.number else { return false }
                let end = min(content.count, before + FlightRing.pieceBytes)
                content.buffer.withBytes(in: before..<end) { bytes in
                    for index in bytes.indices { stretch.body.append(bytes[index]) }
                }
                stretch.endedAt = content.endedAt
                return true
            }
            guard isStillThere else { return false }
            if stretch.body.count == before { return true }
        }
    }
}

/// A copy of one segment of the ring.
public struct FlightStretch: Sendable {
    let place: Int
    /// Grows by one a segment.
    public let number: UInt64
    /// The `now` of its first step.
    public let begunAt: MonotonicInstant
    /// The `now` of its last step.
    public internal(set) var endedAt = MonotonicInstant.distantPast
    /// Checkpoint and steps.
    public internal(set) var body: [UInt8] = []

    init(place: Int, number: UInt64, begunAt: MonotonicInstant) {
        self.place = place
        self.number = number
        self.begunAt = begunAt
    }
}
