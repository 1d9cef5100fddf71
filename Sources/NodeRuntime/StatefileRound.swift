public import ByteFormat
public import PoolModel
public import StatefileLayout

/// Figures of the storage loop, for status and metrics.
public struct StatefileStatistics: BitwiseCopyable, Sendable {
    /// Rounds carried out.
    public var roundCount: UInt64 = 0
    /// Rounds with a write that failed or whose outcome is unknown.
    public var failedWriteCount: UInt64 = 0
    /// Rounds with a read that failed.
    public var failedReadCount: UInt64 = 0
    /// Rounds that left later steps out because the I/O deadline had passed.
    public var overdueCount: UInt64 = 0
    /// How long the last round took.
    public var lastDuration = TimeSpan.zero
    /// How long the longest round took.
    public var longestDuration = TimeSpan.zero
    /// What the slots read were.
    public var slots = RecordCounters()
    /// What the ballot sub-blocks read were; those that had not changed are not counted again.
    public var ballots = RecordCounters()

    /// Nothing was done yet.
    public init() {}
}

/// What comes next in a round.
public enum StatefileStep: BitwiseCopyable, Hashable, Sendable {
    /// Write the own record to one of the own ballot sub-blocks, then tell `wrote`.
    case writeBallot(subBlock: Int)
    /// Write the own record to the own slot, then tell `wrote`.
    case writeSlot
    /// Read all slots into the slot area, then tell `didRead`.
    case readSlots
    /// Read all ballot sub-blocks into the ballot area, then tell `didRead`.
    case readBallots
    /// Everything was done or left out: `end` it.
    case end
}

/// One round after the other, step by step: what is written and read, in which order, and what of it counts.
///
/// It decides; whoever drives it carries the I/O out. `StatefileLoop` does so at once, over a port that
/// blocks; a simulator takes as long as it likes between a step and its answer. Every I/O is dated by a clock
/// reading *before* it is issued ([TIME-2]). A step that fails does not end the round; once the I/O deadline
/// has passed, the steps not yet issued are left out and count as failed, which is the truth: what was never
/// issued cannot land. The engine compares its own slot with what was written; here nothing is judged.
///
/// Owns the buffers of the I/O. Nothing here blocks or allocates.
public struct StatefileRound<
    Clock: HostClock & ~Copyable,
    Authenticator: MessageAuthenticator & ~Copyable
>: ~Copyable {
    /// The format.
    public let codec: StatefileCodec
    /// The clock by which everything is dated.
    public let clock: Clock
    private let ioDeadline: TimeSpan
    private var authenticator: Authenticator
    private var ownRecord: AlignedBuffer
    private var slotArea: AlignedBuffer
    private var ballotArea: AlignedBuffer
    private var step = StatefileStep.end
    private var startedAt = MonotonicInstant.distantPast
    private var deadline = MonotonicInstant.distantPast

    /// What was done so far.
    public private(set) var statistics = StatefileStatistics()

    /// Rounds of the statefile that `codec` describes.
    ///
    /// `ioDeadline` is `Timing.ioDeadline`.
    public init(
        codec: StatefileCodec,
        ioDeadline: TimeSpan,
        clock: consuming Clock,
        authenticator: consuming Authenticator
    ) {
        self.codec = codec
        self.ioDeadline = ioDeadline
        self.clock = clock
        self.authenticator = authenticator
        let geometry = codec.geometry
        ownRecord = AlignedBuffer(minimumByteCount: max(geometry.slotBytes, geometry.ballotBytes))
        slotArea = AlignedBuffer(minimumByteCount: geometry.slotArea.count)
        ballotArea = AlignedBuffer(minimumByteCount: geometry.ballotArea.count)
    }

    // MARK: steps

    /// Starts a round; `startedAt` is when its driver began to prepare it, `unsettled` the own sub-blocks
    /// with a write that may still land.
    public mutating func begin(
        _ request: RoundRequest,
        into result: RoundResult,
        startedAt: MonotonicInstant,
        unsettled: UInt8
    ) -> StatefileStep {
        self.startedAt = startedAt
        result.id = request.id
        result.issuedAt = clock.now()
        deadline = result.issuedAt + ioDeadline
        (result.slotsRead, result.ballotsRead) = (false, false)
        step = ballotWrite(request, result, unsettled: unsettled)
        return step
    }

    /// The write of the present step has ended like this.
    public mutating func wrote(
        _ outcome: WriteOutcome,
        _ request: RoundRequest,
        into result: RoundResult
    ) -> StatefileStep {
        switch step {
        case .writeBallot:
            result.ballotWrite = outcome
            step = slotWrite(request, result)
        case .writeSlot:
            result.slotWrite = outcome
            step = slotsRead(request, result)
        case .readSlots, .readBallots, .end:
            preconditionFailure("a write is answered while it is the step")
        }
        return step
    }

    /// The read of the present step has ended like this.
    public mutating func didRead(
        _ succeeded: Bool,
        _ request: RoundRequest,
        into result: RoundResult
    ) -> StatefileStep {
        switch step {
        case .readSlots:
            result.slotsRead = succeeded
            step = ballotsRead(request, result)
        case .readBallots:
            result.ballotsRead = succeeded
            step = end(result)
        case .writeBallot, .writeSlot, .end:
            preconditionFailure("a read is answered while it is the step")
        }
        return step
    }

    /// The round is over: decodes what was read, and counts.
    public mutating func conclude(
        _ request: RoundRequest,
        into result: RoundResult,
        unsettled: UInt8,
        formerLivesSettled: Bool
    ) {
        precondition(step == .end, "a round is concluded after its last step")
        if result.slotsRead { decodeSlots(into: result) }
        if result.ballotsRead { result.ballotsRead = decodeBallots(into: result) }
        result.unsettledSubBlocks = unsettled
        result.formerLivesSettled = formerLivesSettled
        count(result, request)
    }

    // MARK: buffers

    /// Lends the record that the present step writes, and how many bytes of it.
    public borrowing func withOwnRecord<Result>(_ body: (borrowing AlignedBuffer, Int) -> Result) -> Result {
        let geometry = codec.geometry
        return body(ownRecord, step == .writeSlot ? geometry.slotBytes : geometry.ballotBytes)
    }

    /// Lends the buffer that the present step reads into, and how many bytes are read.
    public mutating func withReadArea<Result>(_ body: (inout AlignedBuffer, Int) -> Result) -> Result {
        step == .readSlots
            ? body(&slotArea, codec.geometry.slotArea.count)
            : body(&ballotArea, codec.geometry.ballotArea.count)
    }

    // MARK: order of the steps

    private mutating func ballotWrite(
        _ request: RoundRequest,
        _ result: RoundResult,
        unsettled: UInt8
    ) -> StatefileStep {
        guard let write = request.ballot else {
            result.ballotWrite = .notAsked
            return slotWrite(request, result)
        }
        let subBlock = Int(write.subBlock)
        precondition(
            subBlock < StatefileShape.ballotSubBlocks,
            "a ballot goes to one of the host's own sub-blocks"
        )
        // The engine chooses among settled ones; this is the second half of the pair ([VIEW-3]).
        guard unsettled & 1 << write.subBlock == 0 else {
            result.ballotWrite = .failed
            return slotWrite(request, result)
        }
        ownRecord.withMutableBytes(in: 0..<codec.geometry.ballotBytes) { bytes in
            codec.encode(write.record, subBlock: subBlock, into: &bytes, authenticator: &authenticator)
        }
        return .writeBallot(subBlock: subBlock)
    }

    private mutating func slotWrite(_ request: RoundRequest, _ result: RoundResult) -> StatefileStep {
        guard let slot = request.slot else {
            result.slotWrite = .notAsked
            return slotsRead(request, result)
        }
        guard clock.now() < deadline else {
            result.slotWrite = .failed
            return slotsRead(request, result)
        }
        ownRecord.withMutableBytes(in: 0..<codec.geometry.slotBytes) { bytes in
            codec.encode(slot, into: &bytes, authenticator: &authenticator)
        }
        return .writeSlot
    }

    private func slotsRead(_ request: RoundRequest, _ result: RoundResult) -> StatefileStep {
        result.readIssuedAt = clock.now()
        return result.readIssuedAt < deadline ? .readSlots : ballotsRead(request, result)
    }

    private func ballotsRead(_ request: RoundRequest, _ result: RoundResult) -> StatefileStep {
        request.readsBallots && clock.now() < deadline ? .readBallots : end(result)
    }

    private func end(_ result: RoundResult) -> StatefileStep {
        result.completedAt = clock.now()
        return .end
    }

    // MARK: what was read

    private mutating func decodeSlots(into result: RoundResult) {
        slotArea.withBytes(in: 0..<codec.geometry.slotArea.count) { bytes in
            codec.decodeSlots(bytes, into: result, counters: &statistics.slots, authenticator: &authenticator)
        }
    }

    private mutating func decodeBallots(into result: RoundResult) -> Bool {
        ballotArea.withBytes(in: 0..<codec.geometry.ballotArea.count) { bytes in
            codec.decodeBallots(
                bytes,
                into: result,
                counters: &statistics.ballots,
                authenticator: &authenticator
            )
        }
    }

    private mutating func count(_ result: RoundResult, _ request: RoundRequest) {
        statistics.roundCount &+= 1
        if isFailure(result.slotWrite) || isFailure(result.ballotWrite) { statistics.failedWriteCount &+= 1 }
        if !result.slotsRead || request.readsBallots && !result.ballotsRead {
            statistics.failedReadCount &+= 1
        }
        if result.completedAt >= deadline { statistics.overdueCount &+= 1 }
        statistics.lastDuration = result.completedAt - startedAt
        statistics.longestDuration = max(statistics.longestDuration, statistics.lastDuration)
    }

    private func isFailure(_ outcome: WriteOutcome) -> Bool {
        switch outcome {
        case .notAsked, .succeeded: false
        case .failed, .unknown: true
        }
    }
}
