/// The CRC-32C checksum (Castagnoli polynomial, reflected 0x82F63B78), as iSCSI and ext4 use it.
///
/// It tells a torn or rotten record from a whole one; forgery is the message code's affair. Slicing-by-8:
/// eight bytes a step over eight tables that are made at the first use (8 KiB, once a process); a checksum
/// allocates nothing.
public struct CRC32C: BitwiseCopyable, Sendable {
    private var state: UInt32 = .max

    /// The checksum of no bytes yet.
    public init() {}

    /// The checksum of what was added so far.
    public var value: UInt32 { ~state }

    /// The checksum of `bytes`.
    public static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        var crc = CRC32C()
        crc.add(bytes)
        return crc.value
    }

    /// Adds `bytes`, as if they followed those added before.
    public mutating func add(_ bytes: Span<UInt8>) {
        let list = CRC32C.tables
        let table = list.span
        var crc = state
        var index = 0
        while bytes.count - index >= 8 {
            let low =
                crc ^ UInt32(bytes[index]) ^ UInt32(bytes[index + 1]) << 8
                ^ UInt32(bytes[index + 2]) << 16 ^ UInt32(bytes[index + 3]) << 24
            let first = table[1792 + Int(low & 0xFF)] ^ table[1536 + Int(low >> 8 & 0xFF)]
            let second = table[1280 + Int(low >> 16 & 0xFF)] ^ table[1024 + Int(low >> 24)]
            let third = table[768 + Int(bytes[index + 4])] ^ table[512 + Int(bytes[index + 5])]
            let fourth = table[256 + Int(bytes[index + 6])] ^ table[Int(bytes[index + 7])]
            crc = first ^ second ^ third ^ fourth
            index += 8
        }
        while index < bytes.count {
            crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
            index += 1
        }
        state = crc
    }

    /// Table k at 256 k ..< 256 (k + 1): the checksum of a byte followed by k zeros.
    private static let tables: [UInt32] = {
        var table: [UInt32] = []
        table.reserveCapacity(2048)
        for byte in 0..<UInt32(256) {
            var value = byte
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82F6_3B78 }
            table.append(value)
        }
        for index in 256..<2048 {
            let before = table[index - 256]
            table.append(before >> 8 ^ table[Int(before & 0xFF)])
        }
        return table
    }()
}
