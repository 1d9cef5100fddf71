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
    /// What the ballot sub-blocks read were.
    public var ballots = RecordCounters()

    /// Nothing was done yet.
    public init() {}
}

/// Carries out rounds of the statefile: ballot write, slot write, one read of all slots, one of all ballots
/// when asked.
///
/// Every I/O is dated by a clock reading *before* it is issued ([TIME-2]). A step that fails does not end the
/// round; once the I/O deadline has passed, the steps not yet issued are left out and count as failed, which
/// is the truth: what was never issued cannot land. The engine compares its own slot with what was written;
/// here nothing is judged.
///
/// Driven by its own thread, or a simulator: `perform` blocks as long as the port does. It does not allocate.
public struct StatefileLoop<
    Clock: HostClock & ~Copyable,
    Port: StatefilePort & ~Copyable,
    Authenticator: MessageAuthenticator & ~Copyable
>: ~Copyable {
    private let codec: StatefileCodec
    private let ioDeadline: TimeSpan
    private let clock: Clock
    private var port: Port
    private var authenticator: Authenticator
    private var ownRecord: AlignedBuffer
    private var slotArea: AlignedBuffer
    private var ballotArea: AlignedBuffer

    /// What was done so far.
    public private(set) var statistics = StatefileStatistics()

    /// A loop over `port`.
    ///
    /// `ioDeadline` is `Timing.ioDeadline`.
    public init(
        codec: StatefileCodec,
        ioDeadline: TimeSpan,
        clock: consuming Clock,
        port: consuming Port,
        authenticator: consuming Authenticator
    ) {
        self.codec = codec
        self.ioDeadline = ioDeadline
        self.clock = clock
        self.port = port
        self.authenticator = authenticator
        let geometry = codec.geometry
        ownRecord = AlignedBuffer(minimumByteCount: max(geometry.slotBytes, geometry.ballotBytes))
        slotArea = AlignedBuffer(minimumByteCount: geometry.slotArea.count)
        ballotArea = AlignedBuffer(minimumByteCount: geometry.ballotArea.count)
    }

    /// Carries out one round and fills in every field of `result` but the readings of steps that failed.
    public mutating func perform(_ request: RoundRequest, into result: RoundResult) {
        let start = clock.now()
        port.prepareRound(now: start)
        result.id = request.id
        result.issuedAt = clock.now()
        let deadline = result.issuedAt + ioDeadline
        result.ballotWrite = writeBallot(request.ballot)
        result.slotWrite = writeSlot(request.slot, deadline: deadline)
        result.readIssuedAt = clock.now()
        result.slotsRead = readSlots(into: result, deadline: deadline)
        result.ballotsRead = request.readsBallots && readBallots(into: result, deadline: deadline)
        result.completedAt = clock.now()
        if result.slotsRead { decodeSlots(into: result) }
        if result.ballotsRead { result.ballotsRead = decodeBallots(into: result) }
        result.unsettledSubBlocks = port.unsettledSubBlocks
        result.formerLivesSettled = port.formerLivesSettled(now: result.completedAt)
        count(result, request, start: start, deadline: deadline)
    }

    // MARK: writes

    private mutating func writeBallot(_ write: BallotWrite?) -> WriteOutcome {
        guard let write else { return .notAsked }
        let subBlock = Int(write.subBlock)
        precondition(
            subBlock < StatefileShape.ballotSubBlocks,
            "a ballot goes to one of the host's own sub-blocks"
        )
        // The engine chooses among settled ones; this is the second half of the pair ([VIEW-3]).
        guard port.unsettledSubBlocks & 1 << write.subBlock == 0 else { return .failed }
        let byteCount = codec.geometry.ballotBytes
        ownRecord.withMutableBytes(in: 0..<byteCount) { bytes in
            codec.encode(write.record, subBlock: subBlock, into: &bytes, authenticator: &authenticator)
        }
        return port.writeBallot(ownRecord, byteCount: byteCount, subBlock: subBlock)
    }

    private mutating func writeSlot(_ slot: Slot?, deadline: MonotonicInstant) -> WriteOutcome {
        guard let slot else { return .notAsked }
        guard clock.now() < deadline else { return .failed }
        let byteCount = codec.geometry.slotBytes
        ownRecord.withMutableBytes(in: 0..<byteCount) { bytes in
            codec.encode(slot, into: &bytes, authenticator: &authenticator)
        }
        return port.writeSlot(ownRecord, byteCount: byteCount)
    }

    // MARK: reads

    private mutating func readSlots(into result: RoundResult, deadline: MonotonicInstant) -> Bool {
        guard result.readIssuedAt < deadline else { return false }
        return port.readSlots(into: &slotArea, byteCount: codec.geometry.slotArea.count)
    }

    private mutating func readBallots(into result: RoundResult, deadline: MonotonicInstant) -> Bool {
        guard clock.now() < deadline else { return false }
        return port.readBallots(into: &ballotArea, byteCount: codec.geometry.ballotArea.count)
    }

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

    // MARK: figures

    private mutating func count(
        _ result: RoundResult,
        _ request: RoundRequest,
        start: MonotonicInstant,
        deadline: MonotonicInstant
    ) {
        statistics.roundCount &+= 1
        if isFailure(result.slotWrite) || isFailure(result.ballotWrite) { statistics.failedWriteCount &+= 1 }
        if !result.slotsRead || request.readsBallots && !result.ballotsRead {
            statistics.failedReadCount &+= 1
        }
        if result.completedAt >= deadline { statistics.overdueCount &+= 1 }
        statistics.lastDuration = result.completedAt - start
        statistics.longestDuration = max(statistics.longestDuration, statistics.lastDuration)
    }

    private func isFailure(_ outcome: WriteOutcome) -> Bool {
        switch outcome {
        case .notAsked, .succeeded: false
        case .failed, .unknown: true
        }
    }
}
