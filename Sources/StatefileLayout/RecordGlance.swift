import ByteFormat
public import PoolModel

/// A look at records without the pool's key: which is the newest of several that are whole.
///
/// For transports that keep a host's records in more than one file and have to choose. What is chosen is
/// decoded and authenticated by whoever uses it; a forged record that is chosen makes the read fail, and no
/// more.
extension StatefileCodec {
    /// The sequence of a ballot record that is whole and of this generation, host and sub-block; else nil.
    ///
    /// Does not allocate.
    public func glance(atBallot record: Span<UInt8>, of host: HostIndex, subBlock: Int) -> UInt64? {
        guard record.count == geometry.ballotBytes else { return nil }
        let place = RecordPlace(.ballot, owner: host, position: subBlock)
        return sequence(of: record, at: place, blockBytes: geometry.ballotBytes, offset: 48)
    }

    /// The sequence of a pool record that is whole and of this generation, host and copy; else nil.
    ///
    /// Does not allocate.
    public func glance(atPoolRecord record: Span<UInt8>, of host: HostIndex, copy: Int) -> UInt64? {
        let place = RecordPlace(.poolRecord, owner: host, position: copy)
        return sequence(of: record, at: place, blockBytes: geometry.blockBytes, offset: 40)
    }

    private func sequence(
        of record: Span<UInt8>,
        at place: RecordPlace,
        blockBytes: Int,
        offset: Int
    ) -> UInt64? {
        guard case .whole(let body) = RecordEnvelope.whole(record, kind: place.kind, blockBytes: blockBytes),
            body.contains(offset + 7)
        else { return nil }
        var reader = ByteReader(8..<body.upperBound)
        guard reader.readBigEndianUInt128(from: record) == generation.rawValue else { return nil }
        reader.skip(4)
        guard reader.readUInt8(from: record) == place.owner, reader.readUInt8(from: record) == place.position
        else { return nil }
        reader.skip(offset - reader.offset)
        return reader.readUInt64(from: record)
    }
}
