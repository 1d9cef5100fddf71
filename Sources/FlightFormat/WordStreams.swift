import ByteFormat
import PoolModel

/// Records of one kind that come again and again, a stream for each row: each word is predicted to move on as
/// far as it did the last time.
///
/// A counter that grows by one and a field that stays the same take no room. Writer and reader keep the same
/// streams; both begin with zeros. Nothing allocates after `init`.
struct WordStreams: Sendable {
    /// How many words a record has.
    let width: Int
    private var last: [UInt64]
    private var move: [UInt64]

    /// Streams for so many rows.
    init(rowCount: Int, width: Int) {
        self.width = width
        last = [UInt64](repeating: 0, count: rowCount * width)
        move = last
    }

    /// Forgets everything.
    mutating func reset() {
        for index in last.indices { (last[index], move[index]) = (0, 0) }
    }

    /// Writes the next record of a row.
    mutating func encode(
        _ words: [UInt64],
        row: Int,
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        precondition(words.count == width, "all records of one kind have the same fields")
        let start = row * width
        WordDelta.encode(words, writer: &writer, to: &bytes) { index, _ in
            last[start + index] &+ move[start + index]
        }
        follow(words, start: start)
    }

    /// Reads the next record of a row into `words`, which has `width` words; false when the bytes are none.
    mutating func decode(
        into words: inout [UInt64],
        row: Int,
        reader: inout ByteReader,
        from bytes: Span<UInt8>
    ) -> Bool {
        let start = row * width
        let isWhole = WordDelta.decode(into: &words, reader: &reader, from: bytes) { index, _ in
            last[start + index] &+ move[start + index]
        }
        guard isWhole else { return false }
        follow(words, start: start)
        return true
    }

    private mutating func follow(_ words: [UInt64], start: Int) {
        for index in 0..<width {
            move[start + index] = words[index] &- last[start + index]
            last[start + index] = words[index]
        }
    }
}
