import ByteFormat
public import LivesetEngine
import PoolModel

/// What became of one recorded step when it was taken again.
public struct PlayedStep: Sendable {
    /// Whether the engine that plays decided as the recorded one did.
    public enum Verdict: Sendable, Equatable {
        /// The same orders, in the same order.
        case same
        /// Other orders: another version, or a recording that was changed.
        case different
        /// The recording ends before it says what was ordered.
        case unknown
    }

    /// The step as it was recorded.
    public let entry: FlightEntry
    /// Whether the decision is the same.
    public let verdict: Verdict
    /// The answer, if it was a request.
    public let answer: RequestAnswer?
}

/// Plays one segment of a recording: an engine from its checkpoint takes the recorded steps, one by one.
public struct FlightPlayer: ~Copyable {
    /// The engine, as it is after the last step that was played.
    public private(set) var engine: Engine
    /// What the last step ordered.
    public private(set) var orders: Orders
    private var decoder: FlightDecoder
    private var hash: OrderHash
    private let scratch: RoundResult

    /// A player of the segment whose body stands at `range` of `bytes`, for a pool of `hostCount` hosts.
    public init(_ range: Range<Int>, of bytes: Span<UInt8>, hostCount: Int) throws(FlightDamage) {
        var reader = ByteReader(range)
        engine = try FlightCheckpoint.decode(rowCount: hostCount, reader: &reader, from: bytes)
        orders = Orders(own: engine.settings.own)
        decoder = FlightDecoder(rowCount: hostCount, range: reader.offset..<range.upperBound)
        hash = OrderHash(rowCount: hostCount)
        scratch = RoundResult(hostCount: hostCount)
    }

    /// Takes the next step; nil behind the last.
    public mutating func next(in bytes: Span<UInt8>) throws(FlightDamage) -> PlayedStep? {
        guard let entry = try decoder.next(in: bytes) else { return nil }
        orders.removeAll()
        let answer = engine.take(entry.step, now: entry.now, scratch: scratch, into: &orders)
        return PlayedStep(entry: entry, verdict: judge(entry.orders), answer: answer)
    }

    private mutating func judge(_ recorded: FlightEntry.Orders) -> PlayedStep.Verdict {
        switch recorded {
        case .unknown: .unknown
        case .none: orders.list.isEmpty ? .same : .different
        case .hash(let value): !orders.list.isEmpty && hash.of(orders) == value ? .same : .different
        }
    }

    /// A hash of the engine's whole state: the end of one segment and the checkpoint of the next have the
    /// same.
    public mutating func stateHash() -> UInt64 {
        var words = StateWords(rowCount: engine.settings.hostCount)
        words.beginHashing()
        engine.carry(in: &words)
        return words.hash
    }
}
