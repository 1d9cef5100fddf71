/// How an I/O that writes ended.
public enum WriteOutcome: UInt8, BitwiseCopyable, Sendable {
    /// There was nothing to write.
    case notAsked = 0
    /// On the medium, acknowledged.
    case succeeded = 1
    /// Failed, and it cannot land any more.
    case failed = 2
    /// Given up; it may still land, at any later time.
    case unknown = 3
}

/// A ballot record and the sub-block it goes to ([VIEW-3]).
public struct BallotWrite: BitwiseCopyable, Sendable {
    /// Which of the host's sub-blocks: 0 ..< `StatefileShape.ballotSubBlocks`.
    public var subBlock: UInt8
    /// What is written.
    public var record: BallotRecord

    /// The write of `record` to `subBlock`.
    public init(subBlock: UInt8, record: BallotRecord) {
        self.subBlock = subBlock
        self.record = record
    }
}

/// Constants of the statefile that deciders and formats share.
public enum StatefileShape {
    /// Ballot sub-blocks a host ([VIEW-3] wants at least 4).
    public static let ballotSubBlocks = 4
}

/// One round of the statefile: writes first, then reads (section 9).
///
/// The storage loop carries it out in this order: ballot write, slot write, one read of all slots, one read
/// of all
/// ballot blocks when asked. Later steps are done even when an earlier one failed, unless the deadline has
/// passed.
public struct RoundRequest: BitwiseCopyable, Sendable {
    /// Grows by one a round; the result carries it back.
    public var id: UInt64
    /// The slot to write; nil for a round that only reads (the survey of a starting daemon).
    public var slot: Slot?
    /// The ballot record to write, if any.
    public var ballot: BallotWrite?
    /// Whether all ballot blocks are read.
    public var readsBallots: Bool

    /// A round with nothing in it.
    public init(id: UInt64) {
        self.id = id
        slot = nil
        ballot = nil
        readsBallots = true
    }
}

/// What one row of a slot read showed.
public struct SlotReading: BitwiseCopyable, Sendable {
    /// What the bytes were.
    public enum Verdict: UInt8, BitwiseCopyable, Sendable {
        /// A valid slot of this pool.
        case valid = 1
        /// Torn: the checksum is wrong.
        case torn = 2
        /// Another generation, an unknown version, a wrong MAC or a wrong owner.
        case foreign = 3
    }
    /// What the bytes were.
    public var verdict: Verdict
    /// A hash of the raw bytes: any change of the block changes it.
    public var fingerprint: UInt64
    /// The slot, meaningful when valid.
    public var slot: Slot

    /// The reading with these fields.
    public init(verdict: Verdict, fingerprint: UInt64, slot: Slot) {
        self.verdict = verdict
        self.fingerprint = fingerprint
        self.slot = slot
    }
}

/// What one row of a ballot read showed: the newest valid record over the host's sub-blocks.
public struct BallotReading: BitwiseCopyable, Sendable {
    /// How many sub-blocks held a valid record; 0 makes the whole ballot read fail (section 9).
    public var validCount: UInt8
    /// Which sub-block holds the newest one.
    public var newestSubBlock: UInt8
    /// The newest valid record, meaningful when `validCount` is not 0.
    public var newest: BallotRecord
    /// A hash of the records' raw bytes; a reader that finds the same again need not look further.
    public var fingerprint: UInt64 = 0

    /// The reading with these fields.
    public init(validCount: UInt8, newestSubBlock: UInt8, newest: BallotRecord) {
        self.validCount = validCount
        self.newestSubBlock = newestSubBlock
        self.newest = newest
    }
}

/// What became of one round.
///
/// A class, made once a loop and handed back and forth between the storage loop and the engine loop, so that
/// 64 slots are never copied and nothing is allocated; exactly one of the two holds it at a time.
public final class RoundResult {
    /// The round's id.
    public var id: UInt64 = 0
    /// When the first write was issued ([TIME-2]).
    public var issuedAt = MonotonicInstant.distantPast
    /// When the read of the slots was issued.
    public var readIssuedAt = MonotonicInstant.distantPast
    /// When the last read completed.
    public var completedAt = MonotonicInstant.distantPast
    /// How the slot write ended.
    public var slotWrite = WriteOutcome.notAsked
    /// How the ballot write ended.
    public var ballotWrite = WriteOutcome.notAsked
    /// Whether the read of the slots succeeded.
    public var slotsRead = false
    /// Whether the read of all ballot blocks was asked for and succeeded, with a valid record for every
    /// index.
    public var ballotsRead = false
    /// One reading a row of the header's host table; meaningful when `slotsRead`.
    public var slots: [SlotReading]
    /// One reading a row of the header's host table; meaningful when `ballotsRead`.
    public var ballots: [BallotReading]
    /// Own sub-blocks, as bits, with a write that may still land ([VIEW-3]).
    public var unsettledSubBlocks: UInt8 = 0
    /// Whether writes of this host's former lives can still land: VIEW-3's quarantine by transport.
    public var formerLivesSettled = false

    /// A result with room for `hostCount` hosts.
    public init(hostCount: Int) {
        slots = (0..<hostCount).map {
            SlotReading(verdict: .torn, fingerprint: 0, slot: Slot(emptyFor: HostIndex($0)))
        }
        ballots = (0..<hostCount).map {
            BallotReading(validCount: 0, newestSubBlock: 0, newest: BallotRecord(formattedFor: HostIndex($0)))
        }
    }
}
