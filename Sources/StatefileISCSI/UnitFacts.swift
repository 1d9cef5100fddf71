/// What a logical unit says that it is.
struct UnitFacts: Equatable {
    /// Who it is, whichever portal leads to it.
    var identity = UnitIdentity()
    /// Bytes of a block, and how many there are.
    var blockBytes = 0
    var blockCount: UInt64 = 0
    /// The most bytes of one transfer; nil where it names no limit.
    var transferLimitBytes: Int?
    /// Whether it takes writes that are on the medium when they are answered.
    var hasFUA = false
    var isWriteProtected = false

    /// The size, as far as it can be counted.
    var byteCount: Int {
        Int(clamping: blockCount.multipliedReportingOverflow(by: UInt64(blockBytes)).partialValue)
    }

    /// READ CAPACITY (16): SBC, *parameter data*.
    mutating func takeCapacity(_ answer: [UInt8]) -> Bool {
        guard answer.count >= 12 else { return false }
        blockCount = UnitFacts.number(answer[0..<8]) &+ 1
        blockBytes = Int(UnitFacts.number(answer[8..<12]))
        return true
    }

    /// MODE SENSE (6): the device-specific parameter of a disk.
    mutating func takeModes(_ answer: [UInt8]) {
        guard answer.count >= 4 else { return }
        isWriteProtected = answer[2] & 0x80 != 0
        hasFUA = answer[2] & 0x10 != 0
    }

    /// INQUIRY, page B0h, *block limits*.
    mutating func takeLimits(_ answer: [UInt8]) {
        guard answer.count >= 12, blockBytes > 0 else { return }
        let blocks = UnitFacts.number(answer[8..<12])
        if blocks > 0 { transferLimitBytes = Int(clamping: blocks) * blockBytes }
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

/// Who a logical unit is: what it says of itself in INQUIRY, the same over every port.
struct UnitIdentity: Hashable, CustomStringConvertible {
    /// Its designators (page 83h) that name the unit and not the port, in a fixed order.
    private(set) var names: [[UInt8]] = []
    /// Its serial number (page 80h).
    private(set) var serial: [UInt8] = []

    /// Whether it says anything.
    var isKnown: Bool { !names.isEmpty || !serial.isEmpty }

    /// INQUIRY, page 83h: SPC, *device identification*.
    mutating func takeDesignators(_ answer: [UInt8]) {
        guard answer.count >= 4, answer[1] == 0x83 else { return }
        var rest = answer.dropFirst(4)
        var found: [[UInt8]] = []
        while rest.count >= 4 {
            let start = rest.startIndex
            let length = Int(rest[start + 3])
            guard rest.count >= 4 + length else { break }
            // Bits 4 and 5: 0 for what belongs to the logical unit.
            if rest[start + 1] & 0x30 == 0 {
                found.append([rest[start + 1] & 0x0F] + rest[start + 4..<start + 4 + length])
            }
            rest = rest.dropFirst(4 + length)
        }
        names = found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// INQUIRY, page 80h: SPC, *unit serial number*.
    mutating func takeSerial(_ answer: [UInt8]) {
        guard answer.count >= 4, answer[1] == 0x80 else { return }
        let length = Int(answer[2]) << 8 | Int(answer[3])
        serial = Array(answer.dropFirst(4).prefix(length))
    }

    /// The serial number where it is text, and the designators in hexadecimal digits.
    var description: String {
        let text = String(decoding: serial.filter { (33...126).contains($0) }, as: UTF8.self)
        let digits = names.map { name in
            name.dropFirst().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        }
        let parts = (text.isEmpty ? [] : ["serial \(text)"]) + digits
        return parts.isEmpty ? "without a name" : parts.joined(separator: ", ")
    }
}
