import ByteFormat
public import PoolModel

/// Why a recording was saved.
public enum FlightReason: UInt8, Sendable, CaseIterable {
    /// An operator asked for it.
    case asked = 1
    /// The host stopped itself.
    case selfFence = 2
}

/// What the head of a recording says: whose it is, from when, and from which version.
public struct FlightHead: Sendable, Equatable {
    /// Why it was saved.
    public var reason: FlightReason
    /// Whose engine it is.
    public var own: HostIndex
    /// The host table.
    public var hostNames: [String]
    /// The version of Holdfast that recorded.
    public var product: String
    /// CLOCK_REALTIME when it was saved, in nanoseconds since 1970, for people only.
    public var savedAtUnixNanoseconds: Int64
    /// The boot clock at the same time.
    public var savedAt: MonotonicInstant

    /// The head with these fields.
    public init(
        reason: FlightReason,
        own: HostIndex,
        hostNames: [String],
        product: String,
        savedAtUnixNanoseconds: Int64,
        savedAt: MonotonicInstant
    ) {
        self.reason = reason
        self.own = own
        self.hostNames = hostNames
        self.product = product
        self.savedAtUnixNanoseconds = savedAtUnixNanoseconds
        self.savedAt = savedAt
    }
}

/// One stretch of a recording: a checkpoint and the steps after it, in the bytes of the file.
public struct FlightSegment: Sendable, Equatable {
    /// Grows by one a segment.
    public var number: UInt64
    /// The `now` of its first step.
    public var begunAt: MonotonicInstant
    /// The `now` of its last step.
    public var endedAt: MonotonicInstant
    /// Where checkpoint and steps stand in the file.
    public var body: Range<Int>
}

/// A whole recording as it lies on a disk.
///
///     offset  size  field             meaning
///     0       8     magic             "HFflight"
///     8       2     format version    of the writer; 1
///     10      2     minimum reader    readers below it must not read; 1
///     12      4     head length H     checksum included
///     16      1     reason            1 asked, 2 self-fence
///     17      1     own row
///     18      1     host count n
///     19      1     product length    at most 63
///     20      8     saved at          CLOCK_REALTIME, ns since 1970
///     28      8     saved at          boot clock, ns
///     36      ...   product           version of Holdfast, UTF-8
///     ...     ...   host names        for each row: 1 byte length, UTF-8
///     H - 4   4     checksum          CRC-32C over 0 ..< H - 4
///     H       ...   segments          oldest first, each:
///       0       4     magic           "HFfs"
///       4       4     body length L
///       8       8     number          grows by one a segment
///       16      8     begun at        boot clock of its first step, ns
///       24      8     ended at        boot clock of its last step, ns
///       32      L     body            checkpoint (`FlightCheckpoint`), then steps (`FlightEncoder`)
///       32 + L  4     checksum        CRC-32C over 0 ..< 32 + L of the segment
public struct FlightFile: Sendable {
    /// The first bytes of every recording.
    public static let magic: [UInt8] = Array("HFflight".utf8)
    static let version = 1
    static let segmentMagic: UInt32 = 0x7366_4648
    static let segmentHeadBytes = 32

    /// What its head says.
    public var head: FlightHead
    /// Every segment whose checksum fits.
    public var segments: [FlightSegment]
    /// What is wrong with the rest; nil when nothing is.
    public var damage: FlightDamage?

    // MARK: writing

    /// The head as bytes.
    public static func encode(_ head: FlightHead) -> [UInt8] {
        let product = Array(head.product.utf8.prefix(63))
        let names = head.hostNames.map { Array($0.utf8.prefix(63)) }
        let length = 36 + product.count + names.reduce(0) { $0 + 1 + $1.count } + 4
        var bytes = [UInt8](repeating: 0, count: length)
        var span = bytes.mutableSpan
        var writer = ByteWriter()
        writer.write(contentsOf: magic.span, to: &span)
        writer.write(UInt16(version), to: &span)
        writer.write(UInt16(version), to: &span)
        writer.write(UInt32(length), to: &span)
        writer.write(head.reason.rawValue, to: &span)
        writer.write(head.own.rawValue, to: &span)
        writer.write(UInt8(names.count), to: &span)
        writer.write(UInt8(product.count), to: &span)
        writer.write(head.savedAtUnixNanoseconds, to: &span)
        writer.write(head.savedAt.nanoseconds, to: &span)
        writer.write(contentsOf: product.span, to: &span)
        for name in names {
            writer.write(UInt8(name.count), to: &span)
            writer.write(contentsOf: name.span, to: &span)
        }
        writer.write(CRC32C.checksum(of: span.span.extracting(0..<length - 4)), to: &span)
        return bytes
    }

    /// A segment with its body as bytes.
    public static func encode(
        number: UInt64,
        begunAt: MonotonicInstant,
        endedAt: MonotonicInstant,
        body: Span<UInt8>
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: segmentHeadBytes + body.count + 4)
        var span = bytes.mutableSpan
        var writer = ByteWriter()
        writer.write(segmentMagic, to: &span)
        writer.write(UInt32(body.count), to: &span)
        writer.write(number, to: &span)
        writer.write(begunAt.nanoseconds, to: &span)
        writer.write(endedAt.nanoseconds, to: &span)
        writer.write(contentsOf: body, to: &span)
        writer.write(CRC32C.checksum(of: span.span.extracting(0..<writer.offset)), to: &span)
        return bytes
    }

    // MARK: reading

    /// Reads head and segments; what is damaged behind the head is told in `damage`.
    public init(reading bytes: Span<UInt8>) throws(FlightDamage) {
        var offset = 0
        head = try FlightFile.readHead(bytes, end: &offset)
        segments = []
        while offset < bytes.count {
            do throws(FlightDamage) {
                segments.append(try FlightFile.readSegment(bytes, at: &offset))
            } catch {
                if damage == nil { damage = error }
            }
        }
    }

    private static func readHead(_ bytes: Span<UInt8>, end: inout Int) throws(FlightDamage) -> FlightHead {
        for index in magic.indices where index >= bytes.count || bytes[index] != magic[index] {
            throw .noRecording
        }
        var reader = ByteReader(8..<bytes.count)
        let version = reader.readUInt16(from: bytes)
        let minimumReader = reader.readUInt16(from: bytes)
        let length = Int(reader.readUInt32(from: bytes))
        guard !reader.isOverrun else { throw .cutShort(wanted: 40, found: bytes.count) }
        guard Int(minimumReader) <= FlightFile.version else { throw .newerFormat(version: Int(version)) }
        guard length >= 40, length <= 1 << 16 else { throw .malformed("the length of the head") }
        guard length <= bytes.count else { throw .cutShort(wanted: length, found: bytes.count) }
        var trailer = ByteReader(length - 4..<length)
        let checksum = trailer.readUInt32(from: bytes)
        guard CRC32C.checksum(of: bytes.extracting(0..<length - 4)) == checksum else {
            throw .wrongChecksum("the head")
        }
        end = length
        guard let head = readFields(&reader, bytes) else { throw .malformed("the head") }
        return head
    }

    private static func readFields(_ reader: inout ByteReader, _ bytes: Span<UInt8>) -> FlightHead? {
        let reason = FlightReason(rawValue: reader.readUInt8(from: bytes))
        let own = HostIndex(decoding: reader.readUInt8(from: bytes))
        let rowCount = Int(reader.readUInt8(from: bytes))
        let productCount = Int(reader.readUInt8(from: bytes))
        let wall = reader.readInt64(from: bytes)
        let boot = MonotonicInstant(nanoseconds: reader.readInt64(from: bytes))
        let product = text(productCount, &reader, bytes)
        var names: [String] = []
        for _ in 0..<rowCount { names.append(text(Int(reader.readUInt8(from: bytes)), &reader, bytes)) }
        guard let reason, let own, own.row < rowCount, rowCount <= HostIndex.limit, !reader.isOverrun else {
            return nil
        }
        return FlightHead(
            reason: reason,
            own: own,
            hostNames: names,
            product: product,
            savedAtUnixNanoseconds: wall,
            savedAt: boot
        )
    }

    private static func text(_ count: Int, _ reader: inout ByteReader, _ bytes: Span<UInt8>) -> String {
        var list: [UInt8] = []
        for _ in 0..<count { list.append(reader.readUInt8(from: bytes)) }
        return String(decoding: list, as: UTF8.self)
    }

    /// The segment at `offset`, which is moved behind it; to the end when nothing behind it can be found.
    private static func readSegment(_ bytes: Span<UInt8>, at offset: inout Int) throws(FlightDamage)
        -> FlightSegment
    {
        let start = offset
        offset = bytes.count
        var reader = ByteReader(start..<bytes.count)
        let magic = reader.readUInt32(from: bytes)
        let length = Int(reader.readUInt32(from: bytes))
        let number = reader.readUInt64(from: bytes)
        let begunAt = MonotonicInstant(nanoseconds: reader.readInt64(from: bytes))
        let endedAt = MonotonicInstant(nanoseconds: reader.readInt64(from: bytes))
        let bodyStart = start + segmentHeadBytes
        guard !reader.isOverrun else { throw .cutShort(wanted: bodyStart, found: bytes.count) }
        guard magic == segmentMagic else { throw .malformed("the head of a segment") }
        let bodyEnd = bodyStart + length
        guard bodyEnd + 4 <= bytes.count else { throw .cutShort(wanted: bodyEnd + 4, found: bytes.count) }
        var trailer = ByteReader(bodyEnd..<bodyEnd + 4)
        let checksum = trailer.readUInt32(from: bytes)
        offset = bodyEnd + 4
        guard CRC32C.checksum(of: bytes.extracting(start..<bodyEnd)) == checksum else {
            throw .wrongChecksum("segment \(number)")
        }
        return FlightSegment(number: number, begunAt: begunAt, endedAt: endedAt, body: bodyStart..<bodyEnd)
    }
}
