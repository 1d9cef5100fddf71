import ByteFormat
import LivesetEngine
public import PoolModel

/// One step as it was recorded.
public struct FlightEntry: Sendable {
    /// The engine's `now`.
    public var now: MonotonicInstant
    /// What it was told.
    public var step: FlightStep
    /// What it ordered, hashed.
    public var orders: Orders

    /// What is known of the orders of a step.
    public enum Orders: Sendable, Equatable {
        /// It ordered nothing.
        case none
        /// It ordered something with this hash.
        case hash(UInt64)
        /// The recording ends before it says.
        case unknown
    }
}

/// Reads the steps of one segment, in order.
public struct FlightDecoder: Sendable {
    private var streams: FlightStreams
    private var words: StateWords
    private let rowCount: Int
    private var last = MonotonicInstant(nanoseconds: 0)
    private var reader: ByteReader

    /// A reader of the steps in `range` of the bytes that it is called with; `range` begins behind the
    /// checkpoint.
    public init(rowCount: Int, range: Range<Int>) {
        streams = FlightStreams(rowCount: rowCount)
        words = StateWords(rowCount: rowCount)
        self.rowCount = rowCount
        reader = ByteReader(range)
    }

    /// The next step; nil behind the last.
    public mutating func next(in bytes: Span<UInt8>) throws(FlightDamage) -> FlightEntry? {
        guard reader.remaining > 0 else { return nil }
        guard let code = FlightCode(rawValue: reader.readUInt8(from: bytes)), code != .orders else {
            throw .malformed("the code of a step")
        }
        let zigzag = reader.readVariable(from: bytes)
        last = last + TimeSpan(nanoseconds: Int64(bitPattern: zigzag >> 1 ^ (0 &- zigzag & 1)))
        let step = try step(code, in: bytes)
        guard !reader.isOverrun else { throw .malformed("a step") }
        return FlightEntry(now: last, step: step, orders: readOrders(in: bytes))
    }

    private mutating func readOrders(in bytes: Span<UInt8>) -> FlightEntry.Orders {
        guard reader.remaining > 0 else { return .unknown }
        var ahead = reader
        guard ahead.readUInt8(from: bytes) == FlightCode.orders.rawValue else { return .none }
        let hash = ahead.readUInt64(from: bytes)
        reader = ahead
        return .hash(hash)
    }

    private mutating func step(_ code: FlightCode, in bytes: Span<UInt8>) throws(FlightDamage) -> FlightStep {
        switch code {
        case .begin: return .begin
        case .tick: return .tick
        case .heartbeat: return try heartbeat(in: bytes)
        case .round: return .round(try round(in: bytes))
        case .links: return .links(allUp: try truth(in: bytes))
        case .guests: return .guests(running: try truth(in: bytes))
        case .guestsStopped: return .guestsStopped(proven: try truth(in: bytes))
        case .persisted:
            var record = PersistedIncarnation(boot: .none, number: .none, mark: .taken)
            var succeeded = false
            try putBack(&record, and: &succeeded, in: bytes)
            return .persisted(record, succeeded: succeeded)
        case .watchdog:
            var outcome = WatchdogOutcome.failed
            try putBack(&outcome, in: bytes)
            return .watchdog(outcome)
        case .request:
            var request = OperatorRequest.leave
            try putBack(&request, in: bytes)
            return .request(request)
        case .orders: throw .malformed("the code of a step")
        }
    }

    private mutating func heartbeat(in bytes: Span<UInt8>) throws(FlightDamage) -> FlightStep {
        guard let sender = HostIndex(decoding: reader.readUInt8(from: bytes)), sender.row < rowCount else {
            throw .malformed("the sender of a heartbeat")
        }
        var heartbeat = Heartbeat(sender: sender, incarnation: .none)
        var list = [UInt64](repeating: 0, count: streams.heartbeats.width)
        guard streams.heartbeats.decode(into: &list, row: sender.row, reader: &reader, from: bytes) else {
            throw .malformed("a heartbeat")
        }
        try put(list, into: &heartbeat, "a heartbeat")
        guard heartbeat.sender == sender else { throw .malformed("the sender of a heartbeat") }
        return .heartbeat(heartbeat)
    }

    private mutating func round(in bytes: Span<UInt8>) throws(FlightDamage) -> RecordedRound {
        var round = RecordedRound()
        var list = [UInt64](repeating: 0, count: streams.rounds.width)
        guard streams.rounds.decode(into: &list, row: 0, reader: &reader, from: bytes) else {
            throw .malformed("a round")
        }
        try put(list, into: &round.facts, "a round")
        let blank = RoundResult(hostCount: rowCount)
        if round.facts.slotsRead {
            round.slots = blank.slots
            list = [UInt64](repeating: 0, count: streams.slots.width)
            for row in 0..<rowCount {
                guard streams.slots.decode(into: &list, row: row, reader: &reader, from: bytes) else {
                    throw .malformed("a slot")
                }
                try put(list, into: &round.slots[row], "a slot")
            }
        }
        guard round.facts.ballotsRead else { return round }
        round.ballots = blank.ballots
        list = [UInt64](repeating: 0, count: streams.ballots.width)
        for row in 0..<rowCount {
            guard streams.ballots.decode(into: &list, row: row, reader: &reader, from: bytes) else {
                throw .malformed("a ballot record")
            }
            try put(list, into: &round.ballots[row], "a ballot record")
        }
        return round
    }

    private mutating func truth(in bytes: Span<UInt8>) throws(FlightDamage) -> Bool {
        let byte = reader.readUInt8(from: bytes)
        guard byte <= 1 else { throw .malformed("a truth") }
        return byte == 1
    }

    private mutating func put<Value: WordCarried>(
        _ list: [UInt64],
        into value: inout Value,
        _ what: String
    ) throws(FlightDamage) {
        words.beginPuttingBack(list)
        value.carry(in: &words)
        guard words.isPutBackWhole else { throw .malformed(what) }
    }

    /// Fields that are predicted to be 0.
    private mutating func putBack<Value: WordCarried>(
        _ value: inout Value,
        in bytes: Span<UInt8>
    ) throws(FlightDamage) {
        try readWords(like: value, more: 0, in: bytes)
        value.carry(in: &words)
        guard words.isPutBackWhole else { throw .malformed("a step") }
    }

    private mutating func putBack<Value: WordCarried>(
        _ value: inout Value,
        and truth: inout Bool,
        in bytes: Span<UInt8>
    ) throws(FlightDamage) {
        try readWords(like: value, more: 1, in: bytes)
        value.carry(in: &words)
        words.carry(&truth)
        guard words.isPutBackWhole else { throw .malformed("a step") }
    }

    private mutating func readWords<Value: WordCarried>(
        like value: Value,
        more: Int,
        in bytes: Span<UInt8>
    ) throws(FlightDamage) {
        words.beginTakingOut()
        words.takeOut(value)
        var list = [UInt64](repeating: 0, count: words.list.count + more)
        guard WordDelta.decode(into: &list, reader: &reader, from: bytes, predicted: { _, _ in 0 }) else {
            throw .malformed("a step")
        }
        words.beginPuttingBack(list)
    }
}
