import ByteFormat

/// A list of words as bytes, given what was predicted: only the words that differ from it take room.
///
///     v      how many words differ
///     for each of them:
///       v      how many words before it, since the last that differs, are as predicted
///       v      word less prediction, modulo 2^64, zigzag (0, -1, 1, -2, ... as 0, 1, 2, 3, ...)
///
/// v: seven bits a byte, low bits first (`ByteWriter.writeVariable`).
enum WordDelta {
    /// The most bytes of `wordCount` words: a word that differs takes 10 bytes and the gap before it 1 byte
    /// for each 127 words.
    static func largestBytes(wordCount: Int) -> Int { 10 + 11 * wordCount }

    /// Writes `words`; `predicted` is given each place and the word before it, 0 before the first.
    static func encode(
        _ words: [UInt64],
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>,
        predicted: (_ index: Int, _ before: UInt64) -> UInt64
    ) {
        var count: UInt64 = 0
        var before: UInt64 = 0
        for index in 0..<words.count {
            if words[index] != predicted(index, before) { count += 1 }
            before = words[index]
        }
        writer.writeVariable(count, to: &bytes)
        var gap: UInt64 = 0
        before = 0
        for index in 0..<words.count {
            let difference = Int64(bitPattern: words[index] &- predicted(index, before))
            before = words[index]
            guard difference != 0 else {
                gap += 1
                continue
            }
            writer.writeVariable(gap, to: &bytes)
            writer.writeVariable(UInt64(bitPattern: difference << 1 ^ difference >> 63), to: &bytes)
            gap = 0
        }
    }

    /// Fills in every word of `words`, in order; false when the bytes are no such list.
    static func decode(
        into words: inout [UInt64],
        reader: inout ByteReader,
        from bytes: Span<UInt8>,
        predicted: (_ index: Int, _ before: UInt64) -> UInt64
    ) -> Bool {
        var left = reader.readVariable(from: bytes)
        guard left <= UInt64(words.count) else { return false }
        var gap = left > 0 ? reader.readVariable(from: bytes) : .max
        for index in 0..<words.count {
            words[index] = predicted(index, index == 0 ? 0 : words[index - 1])
            guard gap == 0 else {
                gap -= 1
                continue
            }
            let zigzag = reader.readVariable(from: bytes)
            words[index] &+= zigzag >> 1 ^ (0 &- zigzag & 1)
            left -= 1
            gap = left > 0 ? reader.readVariable(from: bytes) : .max
        }
        return left == 0 && !reader.isOverrun
    }
}
