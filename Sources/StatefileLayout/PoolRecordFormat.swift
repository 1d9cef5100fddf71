public import ByteFormat
public import PoolModel

/// What stands before the manager's bytes in one copy of a host's pool record ([REC-1]).
public struct PoolRecordHeading: BitwiseCopyable, Hashable, Sendable {
    /// The host in whose area it stands, and who wrote it.
    public var writer: HostIndex
    /// The epoch in which the writer was master.
    public var epoch: Epoch
    /// Grows with each record of the writer.
    public var sequence: UInt64
    /// How many bytes the manager's record has.
    public var payloadBytes: Int

    /// The heading with these fields.
    public init(writer: HostIndex, epoch: Epoch, sequence: UInt64, payloadBytes: Int) {
        self.writer = writer
        self.epoch = epoch
        self.sequence = sequence
        self.payloadBytes = payloadBytes
    }

    /// Whether this record counts more than `other`: by epoch, then sequence, over all hosts.
    public func isNewer(than other: PoolRecordHeading) -> Bool {
        (epoch.rawValue, sequence, writer.rawValue) > (
            other.epoch.rawValue, other.sequence, other.writer.rawValue
        )
    }
}

/// What one copy of a pool record held.
public enum PoolRecordReading: Hashable, Sendable {
    /// A valid record whose payload is in this range of the bytes that were decoded.
    case valid(PoolRecordHeading, payload: Range<Int>)
    /// None, and why.
    case rejected(RecordRejection)
}

/// The manager's record is too large for the room that the statefile has.
public struct PoolRecordTooLarge: Error, BitwiseCopyable, Hashable, CustomStringConvertible {
    /// How many bytes it has.
    public let payloadBytes: Int
    /// How many fit one copy; 0 when the statefile has no room for pool records at all.
    public let limitBytes: Int

    /// The whole sentence, with what to do.
    public var description: String {
        "the pool record has \(payloadBytes) bytes, and one copy on this statefile holds \(limitBytes); "
            + "it was not written and the former record stays; protect fewer machines or "
            + "move to a larger statefile"
    }
}

/// One copy of a pool record. Magic `HFpr`, owner the writer, position the copy; body, after the envelope's
/// 32 bytes:
///
///     offset  size  field            meaning
///     32      8     epoch            in which the writer was master
///     40      8     sequence
///     48      4     payload length p
///     52      12    reserved         0
///     64      p     payload          the manager's
enum PoolRecordFormat {
    static let payloadOffset = 64
    static let overhead = payloadOffset + RecordEnvelope.trailerBytes
}

extension StatefileCodec {
    /// The most bytes of payload that one copy holds; 0 when there is no room for pool records.
    public var poolPayloadLimit: Int { max(0, geometry.poolCopyBytes - PoolRecordFormat.overhead) }

    /// How many bytes, in whole blocks, a record with a payload of `payloadBytes` takes.
    public func poolRecordBytes(payloadBytes: Int) -> Int {
        (PoolRecordFormat.overhead + payloadBytes + geometry.blockBytes - 1) / geometry.blockBytes
            * geometry.blockBytes
    }

    /// How many bytes, in whole blocks, the copy takes that starts with `firstBlock`; one block when it makes
    /// no sense.
    public func poolRecordBytes(firstBlock: Span<UInt8>) -> Int {
        var reader = ByteReader(24..<28)
        let length = Int(reader.readUInt32(from: firstBlock))
        guard length >= PoolRecordFormat.overhead, length <= geometry.poolCopyBytes else {
            return geometry.blockBytes
        }
        return poolRecordBytes(payloadBytes: length - PoolRecordFormat.overhead)
    }

    /// Writes a pool record into the first bytes of `record`, and returns how many of them are to be written.
    ///
    /// `record` has at least `poolRecordBytes(payloadBytes:)` bytes. Does not allocate.
    public func encode<Authenticator: MessageAuthenticator & ~Copyable>(
        _ heading: PoolRecordHeading,
        copy: Int,
        payload: Span<UInt8>,
        into record: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) throws(PoolRecordTooLarge) -> Int {
        geometry.check(heading.writer)
        precondition(heading.payloadBytes == payload.count, "a heading states the length of its payload")
        guard geometry.hasPoolRecords, payload.count <= poolPayloadLimit else {
            throw PoolRecordTooLarge(payloadBytes: payload.count, limitBytes: poolPayloadLimit)
        }
        let written = poolRecordBytes(payloadBytes: payload.count)
        precondition(record.count >= written, "the buffer of a pool record has room for its blocks")
        write(heading, copy: copy, payload: payload, into: &record, authenticator: &authenticator)
        return written
    }

    /// Writes the record that *format* leaves in each copy: no payload, epoch 0, sequence 0.
    func encodeEmptyPoolRecord<Authenticator: MessageAuthenticator & ~Copyable>(
        of host: HostIndex,
        copy: Int,
        into record: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) {
        let heading = PoolRecordHeading(writer: host, epoch: .zero, sequence: 0, payloadBytes: 0)
        write(heading, copy: copy, payload: Span(), into: &record, authenticator: &authenticator)
    }

    private func write<Authenticator: MessageAuthenticator & ~Copyable>(
        _ heading: PoolRecordHeading,
        copy: Int,
        payload: Span<UInt8>,
        into record: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) {
        let length = PoolRecordFormat.overhead + payload.count
        var writer = RecordEnvelope.begin(
            RecordPlace(.poolRecord, owner: heading.writer, position: copy),
            generation: generation,
            recordBytes: length,
            in: &record
        )
        writer.write(heading.epoch.rawValue, to: &record)
        writer.write(heading.sequence, to: &record)
        writer.write(UInt32(payload.count), to: &record)
        writer.writeZeros(12, to: &record)
        writer.write(contentsOf: payload, to: &record)
        RecordEnvelope.end(writer, recordBytes: length, in: &record, authenticator: &authenticator)
    }

    /// Reads one copy of `host`'s pool record; `record` is the copy, or as much of it as the record takes.
    public func decodePoolRecord<Authenticator: MessageAuthenticator & ~Copyable>(
        _ record: Span<UInt8>,
        of host: HostIndex,
        copy: Int,
        authenticator: inout Authenticator
    ) -> PoolRecordReading {
        switch RecordEnvelope.whole(record, kind: .poolRecord, blockBytes: geometry.blockBytes) {
        case .rejected(let cause):
            return .rejected(cause)
        case .whole(let body):
            let place = RecordPlace(.poolRecord, owner: host, position: copy)
            if let cause = RecordEnvelope.check(
                record,
                body: body,
                place: place,
                generation: generation,
                authenticator: &authenticator
            ) {
                return .rejected(cause)
            }
            var reader = ByteReader(body)
            let epoch = Epoch(reader.readUInt64(from: record))
            let sequence = reader.readUInt64(from: record)
            let length = Int(reader.readUInt32(from: record))
            reader.skip(12)
            guard !reader.isOverrun, length <= reader.remaining else { return .rejected(.wrongContent) }
            let heading = PoolRecordHeading(
                writer: host,
                epoch: epoch,
                sequence: sequence,
                payloadBytes: length
            )
            return .valid(heading, payload: reader.offset..<reader.offset + length)
        }
    }
}
