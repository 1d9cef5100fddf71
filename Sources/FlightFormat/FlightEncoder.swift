public import ByteFormat
public import LivesetEngine
public import PoolModel

/// Writes the steps of one segment, each after the one before it.
///
/// A step:
///
///     1      code                    1 begin, 2 tick, 3 heartbeat, 4 round, 5 links, 6 guests, 7 guests
///                                    stopped, 8 persisted, 9 watchdog, 10 request
///     v      now                     less the step's before, ns, zigzag; the first's less 0
///     ...    by code:
///       3      1      row            of the sender
///              ...    heartbeat      next record of the row's stream of heartbeats
///       4      ...    facts          next record of the stream of rounds
///              ...    slots          only when read: for each row, the next record of its stream of slots
///              ...    ballots        only when read: for each row, the next record of its stream of ballots
///       5-7    1      truth          all up, running, proven
///       8      ...    record, truth  words, each predicted to be 0
///       9, 10  ...    words          each predicted to be 0
///
/// What the engine ordered, after the step; left out when it ordered nothing:
///
///     1      code                    15
///     8      hash                    of the orders (`OrderHash`)
///
/// Streams are those of `WordStreams`, words those of `carry(in:)` in `PoolModel` and `LivesetEngine`.
/// Nothing allocates after `init`.
public struct FlightEncoder: Sendable {
    var streams: FlightStreams
    private var words: StateWords
    private var last = MonotonicInstant(nanoseconds: 0)

    /// The most bytes of the orders' hash.
    public static let orderBytes = 9

    /// An encoder for a pool of `rowCount` hosts.
    public init(rowCount: Int) {
        streams = FlightStreams(rowCount: rowCount)
        words = StateWords(rowCount: rowCount, capacity: streams.largestWidth)
    }

    /// The most bytes of any step.
    public var largestStepBytes: Int { streams.largestStepBytes }

    /// Begins a new segment: nothing was written before.
    public mutating func reset() {
        streams.reset()
        last = MonotonicInstant(nanoseconds: 0)
    }

    // MARK: steps

    /// Writes the first step of the run.
    public mutating func writeBegin(
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.begin, now, &writer, to: &bytes)
    }

    /// Writes a tick.
    public mutating func writeTick(
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.tick, now, &writer, to: &bytes)
    }

    /// Writes a heartbeat.
    public mutating func write(
        _ heartbeat: Heartbeat,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.heartbeat, now, &writer, to: &bytes)
        writer.write(heartbeat.sender.rawValue, to: &bytes)
        takeOut(heartbeat)
        streams.heartbeats.encode(words.list, row: heartbeat.sender.row, writer: &writer, to: &bytes)
    }

    /// Writes a round's result.
    public mutating func write(
        _ result: RoundResult,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.round, now, &writer, to: &bytes)
        takeOut(RoundFacts(result))
        streams.rounds.encode(words.list, row: 0, writer: &writer, to: &bytes)
        if result.slotsRead {
            for row in 0..<words.rowCount {
                takeOut(result.slots[row])
                streams.slots.encode(words.list, row: row, writer: &writer, to: &bytes)
            }
        }
        guard result.ballotsRead else { return }
        for row in 0..<words.rowCount {
            takeOut(result.ballots[row])
            streams.ballots.encode(words.list, row: row, writer: &writer, to: &bytes)
        }
    }

    /// Writes the raw state of the links.
    public mutating func writeLinks(
        allUp: Bool,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.links, now, &writer, to: &bytes)
        writer.write(UInt8(allUp ? 1 : 0), to: &bytes)
    }

    /// Writes whether guests run.
    public mutating func writeGuests(
        running: Bool,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.guests, now, &writer, to: &bytes)
        writer.write(UInt8(running ? 1 : 0), to: &bytes)
    }

    /// Writes how the stopping of the guests ended.
    public mutating func writeGuestsStopped(
        proven: Bool,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.guestsStopped, now, &writer, to: &bytes)
        writer.write(UInt8(proven ? 1 : 0), to: &bytes)
    }

    /// Writes what became of the writing of the own file.
    public mutating func write(
        _ record: PersistedIncarnation,
        succeeded: Bool,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.persisted, now, &writer, to: &bytes)
        takeOut(record)
        words.takeOut(succeeded ? 1 : 0)
        writeWords(&writer, to: &bytes)
    }

    /// Writes what became of the opening of the watchdog.
    public mutating func write(
        _ outcome: WatchdogOutcome,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.watchdog, now, &writer, to: &bytes)
        takeOut(outcome)
        writeWords(&writer, to: &bytes)
    }

    /// Writes an operator's request.
    public mutating func write(
        _ request: OperatorRequest,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writeHead(.request, now, &writer, to: &bytes)
        takeOut(request)
        writeWords(&writer, to: &bytes)
    }

    /// Writes the hash of the orders that the last step gave.
    public static func write(
        orders hash: UInt64,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writer.write(FlightCode.orders.rawValue, to: &bytes)
        writer.write(hash, to: &bytes)
    }

    // MARK: parts

    private mutating func writeHead(
        _ code: FlightCode,
        _ now: MonotonicInstant,
        _ writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writer.write(code.rawValue, to: &bytes)
        let passed = (now - last).nanoseconds
        writer.writeVariable(UInt64(bitPattern: passed << 1 ^ passed >> 63), to: &bytes)
        last = now
    }

    private mutating func takeOut<Value: WordCarried>(_ value: Value) {
        words.beginTakingOut()
        words.takeOut(value)
    }

    private func writeWords(_ writer: inout ByteWriter, to bytes: inout MutableSpan<UInt8>) {
        WordDelta.encode(words.list, writer: &writer, to: &bytes) { _, _ in 0 }
    }
}
