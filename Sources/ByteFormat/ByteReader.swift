/// A cursor that reads little-endian fields from bytes lent to it, and never traps on any input.
///
/// A read past the end gives zero and sets `isOverrun` for good, so a decoder reads all its fields first and
/// asks once. It holds a position only, never the bytes; nothing allocates.
public struct ByteReader: BitwiseCopyable, Sendable {
    /// Where the next field is read.
    public private(set) var offset: Int
    /// One past the last byte that may be read.
    public let end: Int
    /// Whether any read went past the end, or a variable-length number was malformed.
    public private(set) var isOverrun = false

    /// A cursor over `range`; a range outside the bytes it is used with reads as overrun.
    public init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    /// How many bytes are left.
    public var remaining: Int { end - offset }

    /// Reads one byte.
    public mutating func readUInt8(from bytes: Span<UInt8>) -> UInt8 {
        UInt8(truncatingIfNeeded: read(byteCount: 1, from: bytes))
    }

    /// Reads two bytes, low byte first.
    public mutating func readUInt16(from bytes: Span<UInt8>) -> UInt16 {
        UInt16(truncatingIfNeeded: read(byteCount: 2, from: bytes))
    }

    /// Reads four bytes, low byte first.
    public mutating func readUInt32(from bytes: Span<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: read(byteCount: 4, from: bytes))
    }

    /// Reads eight bytes, low byte first.
    public mutating func readUInt64(from bytes: Span<UInt8>) -> UInt64 { read(byteCount: 8, from: bytes) }

    /// Reads eight bytes of two's complement, low byte first.
    public mutating func readInt64(from bytes: Span<UInt8>) -> Int64 {
        Int64(bitPattern: read(byteCount: 8, from: bytes))
    }

    /// Reads sixteen bytes, low byte first.
    public mutating func readUInt128(from bytes: Span<UInt8>) -> UInt128 {
        let low = read(byteCount: 8, from: bytes)
        let high = read(byteCount: 8, from: bytes)
        return UInt128(high) << 64 | UInt128(low)
    }

    /// Reads sixteen bytes, high byte first, as UUIDs are written.
    public mutating func readBigEndianUInt128(from bytes: Span<UInt8>) -> UInt128 {
        readUInt128(from: bytes).byteSwapped
    }

    /// Reads a number of 1 to 10 bytes written by `ByteWriter.writeVariable`.
    ///
    /// Only the shortest form of a number that fits 64 bits is taken; any other counts as overrun.
    public mutating func readVariable(from bytes: Span<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let byte = readUInt8(from: bytes)
            if isOverrun { return 0 }
            let bits = UInt64(byte & 0x7F)
            let isTooLarge = shift == 63 && byte > 1
            let isPadded = byte == 0 && shift > 0
            if isTooLarge || isPadded { break }
            value |= bits << shift
            if byte < 0x80 { return value }
        }
        isOverrun = true
        return 0
    }

    /// Reads a message code.
    public mutating func readMessageCode(from bytes: Span<UInt8>) -> MessageCode {
        var code = MessageCode()
        for index in 0..<MessageCode.byteCount { code[index] = readUInt8(from: bytes) }
        return code
    }

    /// Passes over `count` bytes.
    public mutating func skip(_ count: Int) {
        guard count >= 0, count <= remaining else {
            isOverrun = true
            return
        }
        offset += count
    }

    private mutating func read(byteCount: Int, from bytes: Span<UInt8>) -> UInt64 {
        guard !isOverrun, offset >= 0, byteCount <= remaining, byteCount <= bytes.count - offset else {
            isOverrun = true
            return 0
        }
        var value: UInt64 = 0
        for index in 0..<byteCount { value |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        offset += byteCount
        return value
    }
}
