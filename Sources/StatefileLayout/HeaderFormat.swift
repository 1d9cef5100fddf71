import ByteFormat
import PoolModel

/// The statefile's header. Magic `HFhd`, owner 255, position 0; body, after the envelope's 32 bytes:
///
///     offset  size  field               meaning
///     32      1     state               1 being formatted, 2 ready
///     33      1     host count n
///     34      1     timing              1 conservative, 2 standard, 3 fast, 4 storage-stall tolerance
///     35      1     ballot sub-blocks   a host; 4
///     36      4     block size          4096 or 512
///     40      8     device size         when formatted; the geometry follows from it
///     48      8     largest D           ns
///     56      8     stall tolerance     ns; 0 unless timing is 4
///     64      8     created             seconds since 1970
///     72      4     header size         these and the next as the geometry computed them: for other
///     76      4     slot size           programs, and compared by this one
///     80      4     ballot size
///     84      4     pool copy size      0 for no pool records
///     88      1     pool copies         a host; 4
///     89      7     reserved            0
///     96      64 n  host table          for each row: 1 byte length, 63 bytes UTF-8 with zeros behind
enum HeaderFormat {
    /// How far the format came.
    enum State: UInt8, BitwiseCopyable, Sendable {
        case formatting = 1
        case ready = 2
    }

    /// A header as it was read, before its code was checked.
    struct Contents: Sendable {
        var header: StatefileHeader
        var state: State
    }

    static let rowBytes = 64
    static let largestByteCount = byteCount(hostCount: HostIndex.limit)

    static func byteCount(hostCount: Int) -> Int { 96 + rowBytes * hostCount + RecordEnvelope.trailerBytes }

    static func encode<Authenticator: MessageAuthenticator & ~Copyable>(
        _ header: StatefileHeader,
        state: State,
        into record: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) {
        let geometry = header.geometry
        precondition(record.count == geometry.headerBytes, "a header is written whole")
        let length = byteCount(hostCount: geometry.hostCount)
        var writer = RecordEnvelope.begin(
            .header,
            generation: header.generation,
            recordBytes: length,
            in: &record
        )
        writer.write(state.rawValue, to: &record)
        writer.write(UInt8(geometry.hostCount), to: &record)
        writer.write(timingCode(header.timing).code, to: &record)
        writer.write(UInt8(StatefileShape.ballotSubBlocks), to: &record)
        writer.write(UInt32(geometry.blockBytes), to: &record)
        writer.write(UInt64(geometry.deviceBytes), to: &record)
        writer.write(header.largestD.nanoseconds, to: &record)
        writer.write(timingCode(header.timing).stall.nanoseconds, to: &record)
        writer.write(header.createdAtUnixSeconds, to: &record)
        writer.write(UInt32(geometry.headerBytes), to: &record)
        writer.write(UInt32(geometry.slotBytes), to: &record)
        writer.write(UInt32(geometry.ballotBytes), to: &record)
        writer.write(UInt32(geometry.poolCopyBytes), to: &record)
        writer.write(UInt8(StatefileGeometry.poolCopies), to: &record)
        writer.writeZeros(7, to: &record)
        for name in header.hostNames {
            writer.write(UInt8(name.utf8.count), to: &record)
            for byte in name.utf8 { writer.write(byte, to: &record) }
            writer.writeZeros(rowBytes - 1 - name.utf8.count, to: &record)
        }
        RecordEnvelope.end(writer, recordBytes: length, in: &record, authenticator: &authenticator)
    }

    /// Reads the body of a whole header record; nil when a value has no meaning or the geometry differs.
    static func decodeBody(_ record: Span<UInt8>, body: Range<Int>) -> Contents? {
        var generationReader = ByteReader(8..<RecordEnvelope.bodyOffset)
        let generation = PoolGeneration(generationReader.readBigEndianUInt128(from: record))
        var reader = ByteReader(body)
        guard let state = State(rawValue: reader.readUInt8(from: record)) else { return nil }
        let hostCount = Int(reader.readUInt8(from: record))
        let timingCode = reader.readUInt8(from: record)
        let subBlocks = reader.readUInt8(from: record)
        let blockBytes = Int(reader.readUInt32(from: record))
        let deviceBytes = reader.readUInt64(from: record)
        let largestD = TimeSpan(nanoseconds: reader.readInt64(from: record))
        let stall = TimeSpan(nanoseconds: reader.readInt64(from: record))
        let created = reader.readInt64(from: record)
        let sizes = (
            header: Int(reader.readUInt32(from: record)), slot: Int(reader.readUInt32(from: record)),
            ballot: Int(reader.readUInt32(from: record)), poolCopy: Int(reader.readUInt32(from: record))
        )
        let poolCopies = reader.readUInt8(from: record)
        reader.skip(7)
        guard deviceBytes <= 1 << 60, largestD > .zero, stall >= .zero,
            Int(subBlocks) == StatefileShape.ballotSubBlocks, Int(poolCopies) == StatefileGeometry.poolCopies,
            let timing = timing(code: timingCode, stall: stall),
            let geometry = try? StatefileGeometry(
                deviceBytes: Int(deviceBytes),
                hostCount: hostCount,
                blockBytes: blockBytes
            ),
            geometry.headerBytes == sizes.header, geometry.slotBytes == sizes.slot,
            geometry.ballotBytes == sizes.ballot, geometry.poolCopyBytes == sizes.poolCopy,
            let names = names(hostCount: hostCount, reader: &reader, from: record),
            let header = try? StatefileHeader(
                generation: generation,
                hostNames: names,
                largestD: largestD,
                timing: timing,
                createdAtUnixSeconds: created,
                geometry: geometry
            )
        else { return nil }
        return Contents(header: header, state: state)
    }

    private static func names(hostCount: Int, reader: inout ByteReader, from record: Span<UInt8>) -> [String]?
    {
        var names: [String] = []
        for _ in 0..<hostCount {
            let length = Int(reader.readUInt8(from: record))
            guard length <= StatefileHeader.nameLimit else { return nil }
            var bytes: [UInt8] = []
            for index in 0..<rowBytes - 1 {
                let byte = reader.readUInt8(from: record)
                if index < length { bytes.append(byte) }
            }
            guard let name = String(validating: bytes, as: UTF8.self) else { return nil }
            names.append(name)
        }
        return reader.isOverrun ? nil : names
    }

    private static func timingCode(_ timing: TimingChoice) -> (code: UInt8, stall: TimeSpan) {
        switch timing {
        case .conservative: (1, .zero)
        case .standard: (2, .zero)
        case .fast: (3, .zero)
        case .storageStallTolerance(let stall): (4, stall)
        }
    }

    private static func timing(code: UInt8, stall: TimeSpan) -> TimingChoice? {
        switch code {
        case 1: .conservative
        case 2: .standard
        case 3: .fast
        case 4: .storageStallTolerance(stall)
        default: nil
        }
    }
}
