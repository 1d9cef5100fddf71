import ByteFormat
import PoolModel

/// What a record is: its first four bytes.
enum RecordKind: UInt32, BitwiseCopyable, Sendable {
    /// "HFhd" as the bytes stand in the record.
    case header = 0x6468_4648
    /// "HFsl".
    case slot = 0x6C73_4648
    /// "HFbl".
    case ballot = 0x6C62_4648
    /// "HFpr".
    case poolRecord = 0x7270_4648
}

/// Where a record belongs; part of what its message code covers, so that it cannot be moved.
struct RecordPlace: BitwiseCopyable, Equatable, Sendable {
    /// What it is.
    var kind: RecordKind
    /// The row of its owner; 255 for the header.
    var owner: UInt8
    /// Which of the owner's sub-blocks or copies.
    var position: UInt8

    init(_ kind: RecordKind, owner: HostIndex, position: Int = 0) {
        self.kind = kind
        self.owner = owner.rawValue
        self.position = UInt8(truncatingIfNeeded: position)
    }

    private init(header: Void) { (kind, owner, position) = (.header, .max, 0) }

    static let header = RecordPlace(header: ())
}

/// What every record of the statefile starts and ends with.
///
///     offset  size  field                   meaning
///     0       4     magic                   HFhd, HFsl, HFbl or HFpr
///     4       2     format version          of the writer; 1
///     6       2     minimum reader version  readers below it must not read; 1
///     8       16    generation              UUID of the pool configuration, big-endian
///     24      4     record length L         all bytes that count, with code and checksum
///     28      1     owner                   row of the host table; 255 for the header
///     29      1     position                sub-block or copy; else 0
///     30      2     reserved                0
///     32      ...   body
///     L - 36  32    message code            HMAC-SHA256 over 0 ..< L - 36
///     L - 4   4     checksum                CRC-32C over 0 ..< L - 4
///     L       ...   padding                 zeros up to the end of the block
///
/// A newer version may add fields between the last one known and the message code; readers pass over them.
enum RecordEnvelope {
    static let version: UInt16 = 1
    static let bodyOffset = 32
    static let trailerBytes = MessageCode.byteCount + 4
    /// What the envelope adds to a body.
    static let overhead = bodyOffset + trailerBytes

    /// Writes the fields before the body, and zeros from the end of the record on; returns where the body
    /// starts.
    static func begin(
        _ place: RecordPlace,
        generation: PoolGeneration,
        recordBytes: Int,
        in record: inout MutableSpan<UInt8>
    ) -> ByteWriter {
        precondition(recordBytes <= record.count, "a record fits the blocks that its geometry gives it")
        var writer = ByteWriter()
        writer.write(place.kind.rawValue, to: &record)
        writer.write(version, to: &record)
        writer.write(version, to: &record)
        writer.writeBigEndian(generation.rawValue, to: &record)
        writer.write(UInt32(recordBytes), to: &record)
        writer.write(place.owner, to: &record)
        writer.write(place.position, to: &record)
        writer.write(UInt16(0), to: &record)
        var padding = ByteWriter(at: recordBytes)
        padding.writeZeros(record.count - recordBytes, to: &record)
        return writer
    }

    /// Writes message code and checksum after the body, which ends where `writer` stands.
    static func end<Authenticator: MessageAuthenticator & ~Copyable>(
        _ writer: ByteWriter,
        recordBytes: Int,
        in record: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) {
        precondition(
            writer.offset + trailerBytes == recordBytes,
            "a body has the length that its format computed"
        )
        var writer = writer
        let code = authenticator.code(of: record.span.extracting(0..<writer.offset))
        writer.write(code, to: &record)
        writer.write(CRC32C.checksum(of: record.span.extracting(0..<writer.offset)), to: &record)
    }

    /// What `whole` found.
    enum Reading: Sendable {
        /// Whole; the body is in this range.
        case whole(body: Range<Int>)
        /// Not, and why.
        case rejected(RecordRejection)
    }

    /// Checks that the bytes are a whole record of `kind`: magic, length, checksum, padding, versions.
    static func whole(_ record: Span<UInt8>, kind: RecordKind, blockBytes: Int) -> Reading {
        var reader = ByteReader(0..<record.count)
        guard reader.readUInt32(from: record) == kind.rawValue else {
            return .rejected(areZeros(record, in: 0..<record.count) ? .blank : .wrongMagic)
        }
        let version = reader.readUInt16(from: record)
        let minimumReader = reader.readUInt16(from: record)
        reader.skip(16)
        let length = Int(reader.readUInt32(from: record))
        guard !reader.isOverrun, length >= overhead, length <= record.count else {
            return .rejected(.wrongLength)
        }
        var trailer = ByteReader(length - 4..<length)
        let checksum = trailer.readUInt32(from: record)
        guard CRC32C.checksum(of: record.extracting(0..<length - 4)) == checksum else {
            return .rejected(.wrongChecksum)
        }
        let end = min(record.count, (length + blockBytes - 1) / blockBytes * blockBytes)
        guard areZeros(record, in: length..<end) else { return .rejected(.wrongPadding) }
        guard version >= 1, minimumReader <= RecordEnvelope.version else { return .rejected(.newerFormat) }
        return .whole(body: bodyOffset..<length - trailerBytes)
    }

    /// Checks a whole record's generation, message code and place.
    static func check<Authenticator: MessageAuthenticator & ~Copyable>(
        _ record: Span<UInt8>,
        body: Range<Int>,
        place: RecordPlace,
        generation: PoolGeneration,
        authenticator: inout Authenticator
    ) -> RecordRejection? {
        var reader = ByteReader(8..<bodyOffset)
        guard reader.readBigEndianUInt128(from: record) == generation.rawValue else {
            return .otherGeneration
        }
        reader.skip(4)
        let owner = reader.readUInt8(from: record)
        let position = reader.readUInt8(from: record)
        var trailer = ByteReader(body.upperBound..<body.upperBound + MessageCode.byteCount)
        let code = trailer.readMessageCode(from: record)
        let key = authenticator.key(making: code, of: record.extracting(0..<body.upperBound))
        guard key != nil else { return .wrongCode }
        return owner == place.owner && position == place.position ? nil : .wrongOwner
    }

    static func areZeros(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        var any: UInt8 = 0
        for index in range { any |= bytes[index] }
        return any == 0
    }
}
