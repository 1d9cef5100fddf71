public import ByteFormat
public import LivesetEngine
public import PoolModel

/// The whole state of an engine as bytes: what each segment of a recording begins with.
///
///     v      words of settings, start and instant of making (`originCount`)
///     v      words of the state
///     ...    both lists as one, in the form of `WordDelta`; each word is predicted to be the one before it
///
/// The number of words tells a reader at once when an engine of another version wrote them.
public enum FlightCheckpoint {
    /// The most bytes of any checkpoint of a pool of `rowCount` hosts.
    public static func largestBytes(rowCount: Int) -> Int {
        20 + WordDelta.largestBytes(wordCount: wordCount(rowCount: rowCount))
    }

    /// How many words a checkpoint in a pool of `rowCount` hosts has.
    public static func wordCount(rowCount: Int) -> Int {
        var words = StateWords(rowCount: rowCount)
        var engine = Engine(
            settings: EngineSettings(
                own: HostIndex(0),
                hostCount: rowCount,
                timing: Timing(.standard),
                largestD: .zero
            ),
            start: EngineStart(boot: .none, nonce: .none, persisted: nil),
            now: .distantPast
        )
        return takeOut(&engine, in: &words).total
    }

    /// Writes one; `words` is scratch memory that is used again and again.
    public static func encode(
        _ engine: inout Engine,
        words: inout StateWords,
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        let count = takeOut(&engine, in: &words)
        writer.writeVariable(UInt64(count.origin), to: &bytes)
        writer.writeVariable(UInt64(count.total - count.origin), to: &bytes)
        WordDelta.encode(words.list, writer: &writer, to: &bytes) { _, before in before }
    }

    /// The engine that was written for a pool of `rowCount` hosts.
    public static func decode(
        rowCount: Int,
        reader: inout ByteReader,
        from bytes: Span<UInt8>
    ) throws(FlightDamage) -> Engine {
        let origin = reader.readVariable(from: bytes)
        let state = reader.readVariable(from: bytes)
        guard !reader.isOverrun, origin < 1 << 16, state < 1 << 24 else {
            throw .malformed("the length of a checkpoint")
        }
        var list = [UInt64](repeating: 0, count: Int(origin + state))
        let isWhole = WordDelta.decode(into: &list, reader: &reader, from: bytes) { _, before in before }
        guard isWhole else { throw .malformed("a checkpoint") }
        var words = StateWords(rowCount: rowCount)
        words.beginPuttingBack(Array(list.prefix(Int(origin))))
        var engine = try makeEngine(&words)
        let known = takeOut(&engine, in: &words)
        guard known.origin == Int(origin), known.total == list.count else {
            throw .otherState(written: list.count, known: known.total)
        }
        words.beginPuttingBack(Array(list.dropFirst(Int(origin))))
        engine.carry(in: &words)
        guard words.isPutBackWhole else { throw .malformed("the state of an engine") }
        return engine
    }

    private static func makeEngine(_ words: inout StateWords) throws(FlightDamage) -> Engine {
        var settings = EngineSettings(
            own: HostIndex(0),
            hostCount: words.rowCount,
            timing: Timing(.standard),
            largestD: .zero
        )
        var start = EngineStart(boot: .none, nonce: .none, persisted: nil)
        var startedAt = MonotonicInstant.distantPast
        words.carry(&settings)
        words.carry(&start)
        words.carry(&startedAt)
        guard !words.isMalformed, settings.hostCount == words.rowCount, settings.own.row < words.rowCount
        else { throw .malformed("the settings of an engine") }
        return Engine(settings: settings, start: start, now: startedAt)
    }

    /// Takes out settings and start, then the state; returns how many words the first are, and all.
    private static func takeOut(_ engine: inout Engine, in words: inout StateWords) -> (
        origin: Int, total: Int
    ) {
        words.beginTakingOut()
        words.takeOut(engine.settings)
        words.takeOut(engine.start)
        words.takeOut(engine.startedAt)
        let origin = words.list.count
        engine.carry(in: &words)
        return (origin, words.list.count)
    }
}
