/// A cursor that writes little-endian fields into bytes lent to it.
///
/// It holds a position only, never the bytes, so that it can live beside a `MutableSpan`. Formats are laid
/// out for their buffer before anything is written, so writing past the end is a bug and traps; nothing
/// allocates.
public struct ByteWriter: BitwiseCopyable, Sendable {
    /// Where the next field goes.
    public private(set) var offset: Int

    /// A cursor at `offset`.
    public init(at offset: Int = 0) {
        precondition(offset >= 0, "a format does not start before its buffer")
        self.offset = offset
    }

    /// Writes one byte.
    public mutating func write(_ value: UInt8, to bytes: inout MutableSpan<UInt8>) {
        bytes[offset] = value
        offset += 1
    }

    /// Writes two bytes, low byte first.
    public mutating func write(_ value: UInt16, to bytes: inout MutableSpan<UInt8>) {
        write(UInt64(value), byteCount: 2, to: &bytes)
    }

    /// Writes four bytes, low byte first.
    public mutating func write(_ value: UInt32, to bytes: inout MutableSpan<UInt8>) {
        write(UInt64(value), byteCount: 4, to: &bytes)
    }

    /// Writes eight bytes, low byte first.
    public mutating func write(_ value: UInt64, to bytes: inout MutableSpan<UInt8>) {
        write(value, byteCount: 8, to: &bytes)
    }

    /// Writes eight bytes of two's complement, low byte first.
    public mutating func write(_ value: Int64, to bytes: inout MutableSpan<UInt8>) {
        write(UInt64(bitPattern: value), byteCount: 8, to: &bytes)
    }

    /// Writes sixteen bytes, low byte first.
    public mutating func write(_ value: UInt128, to bytes: inout MutableSpan<UInt8>) {
        write(UInt64(truncatingIfNeeded: value), byteCount: 8, to: &bytes)
        write(UInt64(truncatingIfNeeded: value >> 64), byteCount: 8, to: &bytes)
    }

    /// Writes sixteen bytes, high byte first, as UUIDs are written.
    public mutating func writeBigEndian(_ value: UInt128, to bytes: inout MutableSpan<UInt8>) {
        write(value.byteSwapped, to: &bytes)
    }

    /// Writes seven bits a byte, low bits first, the high bit set on all bytes but the last (LEB128): 1 to 10
    /// bytes.
    public mutating func writeVariable(_ value: UInt64, to bytes: inout MutableSpan<UInt8>) {
        var rest = value
        while rest >= 0x80 {
            write(UInt8(truncatingIfNeeded: rest) | 0x80, to: &bytes)
            rest >>= 7
        }
        write(UInt8(truncatingIfNeeded: rest), to: &bytes)
    }

    /// Writes `count` zeros.
    public mutating func writeZeros(_ count: Int, to bytes: inout MutableSpan<UInt8>) {
        var left = count
        while left > 0 {
            write(UInt8(0), to: &bytes)
            left -= 1
        }
    }

    /// Writes the bytes of `source`.
    public mutating func write(contentsOf source: Span<UInt8>, to bytes: inout MutableSpan<UInt8>) {
        for index in source.indices { bytes[offset + index] = source[index] }
        offset += source.count
    }

    /// Writes a message code.
    public mutating func write(_ code: MessageCode, to bytes: inout MutableSpan<UInt8>) {
        for index in 0..<MessageCode.byteCount { bytes[offset + index] = code[index] }
        offset += MessageCode.byteCount
    }

    private mutating func write(_ value: UInt64, byteCount: Int, to bytes: inout MutableSpan<UInt8>) {
        var rest = value
        for index in 0..<byteCount {
            bytes[offset + index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
        offset += byteCount
    }
}
