public import ByteFormat
public import PoolModel

/// Turns slots, ballot records and pool records of one pool generation into bytes and back.
///
/// A value: it holds the geometry and the generation only. Nothing here blocks; slots and ballots never
/// allocate. Decoding never traps, whatever the bytes are; encoding into a span of another size than the
/// geometry says is a bug and does.
public struct StatefileCodec: BitwiseCopyable, Sendable {
    /// Where everything is.
    public let geometry: StatefileGeometry
    /// The generation that is written, and the only one that is taken.
    public let generation: PoolGeneration

    /// The codec of a statefile with this geometry and generation.
    public init(geometry: StatefileGeometry, generation: PoolGeneration) {
        self.geometry = geometry
        self.generation = generation
    }

    /// Decodes all slots into `result.slots`: verdict, fingerprint and, when valid, the slot.
    ///
    /// `area` is what `geometry.slotArea` holds. A rejected row keeps an earlier slot's content, which means
    /// nothing.
    public func decodeSlots<Authenticator: MessageAuthenticator & ~Copyable>(
        _ area: Span<UInt8>,
        into result: RoundResult,
        counters: inout RecordCounters,
        authenticator: inout Authenticator
    ) {
        precondition(area.count == geometry.slotArea.count, "all slots are read at once")
        precondition(
            result.slots.count == geometry.hostCount,
            "a result has one row for each host of the table"
        )
        for row in 0..<geometry.hostCount {
            let record = area.extracting(row * geometry.slotBytes..<(row + 1) * geometry.slotBytes)
            let rejection = decodeSlot(
                record,
                of: HostIndex(row),
                into: &result.slots[row].slot,
                authenticator: &authenticator
            )
            counters.count(rejection)
            result.slots[row].verdict = rejection?.verdict ?? .valid
            result.slots[row].fingerprint = Fingerprint.of(record)
        }
    }

    /// Decodes all ballot sub-blocks into `result.ballots`: the newest valid record of each host ([VIEW-3]).
    ///
    /// `area` is what `geometry.ballotArea` holds. Returns whether every index of the host table has a valid
    /// record; without that the ballot read counts as failed. Ballots change with views, and are read more
    /// often: a row whose bytes are the same as at the last read into `result` is not decoded and not counted
    /// again.
    public func decodeBallots<Authenticator: MessageAuthenticator & ~Copyable>(
        _ area: Span<UInt8>,
        into result: RoundResult,
        counters: inout RecordCounters,
        authenticator: inout Authenticator
    ) -> Bool {
        precondition(area.count == geometry.ballotArea.count, "all ballot sub-blocks are read at once")
        precondition(
            result.ballots.count == geometry.hostCount,
            "a result has one row for each host of the table"
        )
        let rowBytes = StatefileShape.ballotSubBlocks * geometry.ballotBytes
        var isComplete = true
        for row in 0..<geometry.hostCount {
            let bytes = area.extracting(row * rowBytes..<(row + 1) * rowBytes)
            let fingerprint = fingerprint(ofBallots: bytes)
            if result.ballots[row].validCount > 0, result.ballots[row].fingerprint == fingerprint { continue }
            result.ballots[row].fingerprint = fingerprint
            decodeBallots(
                bytes,
                of: HostIndex(row),
                into: &result.ballots[row],
                counters: &counters,
                authenticator: &authenticator
            )
            if result.ballots[row].validCount == 0 { isComplete = false }
        }
        return isComplete
    }

    /// Of the bytes that a record of this version fills: what lies behind them in a block is padding.
    private func fingerprint(ofBallots bytes: Span<UInt8>) -> UInt64 {
        let recordBytes = BallotFormat.byteCount(hostCount: geometry.hostCount)
        var fingerprint: UInt64 = 0
        for subBlock in 0..<StatefileShape.ballotSubBlocks {
            let start = subBlock * geometry.ballotBytes
            let record = Fingerprint.of(bytes.extracting(start..<start + recordBytes))
            fingerprint = (fingerprint << 7 | fingerprint >> 57) &+ record
        }
        return fingerprint
    }

    private func decodeBallots<Authenticator: MessageAuthenticator & ~Copyable>(
        _ bytes: Span<UInt8>,
        of host: HostIndex,
        into reading: inout BallotReading,
        counters: inout RecordCounters,
        authenticator: inout Authenticator
    ) {
        var candidate = BallotRecord(formattedFor: host)
        reading.validCount = 0
        for subBlock in 0..<StatefileShape.ballotSubBlocks {
            let start = subBlock * geometry.ballotBytes
            let rejection = decodeBallot(
                bytes.extracting(start..<start + geometry.ballotBytes),
                of: host,
                subBlock: subBlock,
                into: &candidate,
                authenticator: &authenticator
            )
            counters.count(rejection)
            if rejection == nil { reading.merge(candidate, from: subBlock) }
        }
    }
}

extension BallotReading {
    /// Counts a valid record of a sub-block, and keeps it when it is the newest so far.
    public mutating func merge(_ record: BallotRecord, from subBlock: Int) {
        if validCount == 0 || record.isNewer(than: newest) {
            newest = record
            newestSubBlock = UInt8(truncatingIfNeeded: subBlock)
        }
        validCount += 1
    }
}
