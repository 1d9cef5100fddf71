public import ByteFormat
public import PoolModel

/// One ballot record. Magic `HFbl`, owner the host, position the sub-block; body, after the envelope's 32
/// bytes:
///
///     offset     size     field         meaning
///     32         1        host count n  rows of each view
///     33         7        reserved      0
///     40         8        run           daemon run whose file it is in (NFS); else 0
///     48         8        sequence      the newest (run, sequence) of a host wins
///     56         8        instance      the epoch that is being decided
///     64         8        mbal          attempt x 64 + row
///     72         8        bal           0 for none
///     80         16+13 n  proposal      `ViewFormat`; the view zero while bal is 0
///     96 + 13 n  16+13 n  decided       `ViewFormat`
enum BallotFormat {
    static func byteCount(hostCount: Int) -> Int {
        80 + 2 * ViewFormat.byteCount(hostCount: hostCount) + RecordEnvelope.trailerBytes
    }

    static func encodeBody(
        _ ballot: BallotRecord,
        hostCount: Int,
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writer.write(UInt8(hostCount), to: &bytes)
        writer.writeZeros(7, to: &bytes)
        writer.write(ballot.run, to: &bytes)
        writer.write(ballot.sequence, to: &bytes)
        writer.write(ballot.instance.rawValue, to: &bytes)
        writer.write(ballot.mbal.rawValue, to: &bytes)
        writer.write(ballot.bal.rawValue, to: &bytes)
        ViewFormat.encode(ballot.proposal, hostCount: hostCount, writer: &writer, to: &bytes)
        ViewFormat.encode(ballot.decided, hostCount: hostCount, writer: &writer, to: &bytes)
    }

    /// Reads the body into `ballot`; false when a value has no meaning.
    static func decodeBody(
        into ballot: inout BallotRecord,
        hostCount: Int,
        reader: inout ByteReader,
        from bytes: Span<UInt8>
    ) -> Bool {
        guard Int(reader.readUInt8(from: bytes)) == hostCount else { return false }
        reader.skip(7)
        ballot.run = reader.readUInt64(from: bytes)
        ballot.sequence = reader.readUInt64(from: bytes)
        ballot.instance = Epoch(reader.readUInt64(from: bytes))
        ballot.mbal = BallotNumber(reader.readUInt64(from: bytes))
        ballot.bal = BallotNumber(reader.readUInt64(from: bytes))
        guard ViewFormat.decode(into: &ballot.proposal, hostCount: hostCount, reader: &reader, from: bytes)
        else {
            return false
        }
        return ViewFormat.decode(into: &ballot.decided, hostCount: hostCount, reader: &reader, from: bytes)
    }
}

extension StatefileCodec {
    /// Writes `ballot` into `record`, the `geometry.ballotBytes` bytes of a sub-block of its owner.
    public func encode<Authenticator: MessageAuthenticator & ~Copyable>(
        _ ballot: BallotRecord,
        subBlock: Int,
        into record: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) {
        geometry.check(ballot.owner)
        precondition(record.count == geometry.ballotBytes, "a ballot record is written whole")
        let length = BallotFormat.byteCount(hostCount: geometry.hostCount)
        var writer = RecordEnvelope.begin(
            RecordPlace(.ballot, owner: ballot.owner, position: subBlock),
            generation: generation,
            recordBytes: length,
            in: &record
        )
        BallotFormat.encodeBody(ballot, hostCount: geometry.hostCount, writer: &writer, to: &record)
        RecordEnvelope.end(writer, recordBytes: length, in: &record, authenticator: &authenticator)
    }

    /// Reads one sub-block of `host` into `ballot`; nil when valid, else why not, and `ballot` means nothing.
    public func decodeBallot<Authenticator: MessageAuthenticator & ~Copyable>(
        _ record: Span<UInt8>,
        of host: HostIndex,
        subBlock: Int,
        into ballot: inout BallotRecord,
        authenticator: inout Authenticator
    ) -> RecordRejection? {
        guard record.count == geometry.ballotBytes else { return .wrongLength }
        switch RecordEnvelope.whole(record, kind: .ballot, blockBytes: geometry.ballotBytes) {
        case .rejected(let cause):
            return cause
        case .whole(let body):
            let place = RecordPlace(.ballot, owner: host, position: subBlock)
            if let cause = RecordEnvelope.check(
                record,
                body: body,
                place: place,
                generation: generation,
                authenticator: &authenticator
            ) {
                return cause
            }
            ballot.owner = host
            var reader = ByteReader(body)
            let isMeaningful = BallotFormat.decodeBody(
                into: &ballot,
                hostCount: geometry.hostCount,
                reader: &reader,
                from: record
            )
            return isMeaningful ? nil : .wrongContent
        }
    }
}
