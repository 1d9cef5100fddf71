import PoolModel

/// The own ballot block: what it holds for certain, and where the next record may be written ([VIEW-3]).
struct BallotBook: BitwiseCopyable {
    /// The newest own record that is on the medium for certain.
    private(set) var record: BallotRecord
    /// The sub-block that holds it.
    private(set) var subBlock: UInt8 = 0
    /// Whether `record` is certain: read back, or acknowledged with nothing unknown since.
    private(set) var isCertain = false
    /// The highest sequence ever given to a write of this run.
    private(set) var highestSequence: UInt64 = 0
    private(set) var inFlight: BallotWrite?

    init(owner: HostIndex) { record = BallotRecord(formattedFor: owner) }

    /// Takes the own row of a ballot read.
    mutating func read(_ reading: BallotReading) {
        guard reading.validCount > 0, inFlight == nil else { return }
        highestSequence = max(highestSequence, reading.newest.sequence)
        guard !isCertain || reading.newest.isNewer(than: record) else { return }
        record = reading.newest
        subBlock = reading.newestSubBlock
        isCertain = true
    }

    /// Prepares the write of `next`; nil when no sub-block may be used now.
    ///
    /// Never the sub-block of the newest record, never one with a write that may still land.
    mutating func prepare(_ next: BallotRecord, unsettled: UInt8) -> BallotWrite? {
        guard isCertain, inFlight == nil else { return nil }
        for step in 1..<StatefileShape.ballotSubBlocks {
            let candidate = UInt8((Int(subBlock) + step) % StatefileShape.ballotSubBlocks)
            guard unsettled & (1 << candidate) == 0 else { continue }
            var record = next
            highestSequence += 1
            record.sequence = highestSequence
            let write = BallotWrite(subBlock: candidate, record: record)
            inFlight = write
            return write
        }
        return nil
    }

    /// The write ended.
    ///
    /// True when it is on the medium.
    mutating func finish(_ outcome: WriteOutcome) -> Bool {
        guard let write = inFlight else { return false }
        inFlight = nil
        switch outcome {
        case .succeeded:
            record = write.record
            subBlock = write.subBlock
            return true
        case .failed, .unknown:
            // It may be there wholly, in part or not at all: read before the next write.
            isCertain = false
            return false
        case .notAsked:
            return false
        }
    }
}
