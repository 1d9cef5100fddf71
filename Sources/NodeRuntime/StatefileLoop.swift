public import ByteFormat
public import PoolModel
public import StatefileLayout

/// Carries out rounds of the statefile over a port that blocks: each step of a `StatefileRound`, at once.
///
/// Driven by its own thread: `perform` blocks as long as the port does. It does not allocate.
public struct StatefileLoop<
    Clock: HostClock & ~Copyable,
    Port: StatefilePort & ~Copyable,
    Authenticator: MessageAuthenticator & ~Copyable
>: ~Copyable {
    private var round: StatefileRound<Clock, Authenticator>
    private var port: Port

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
        round = StatefileRound(
            codec: codec,
            ioDeadline: ioDeadline,
            clock: clock,
            authenticator: authenticator
        )
        self.port = port
    }

    /// What was done so far.
    public var statistics: StatefileStatistics { round.statistics }

    /// Carries out one round and fills in every field of `result` but the readings of steps that failed.
    public mutating func perform(_ request: RoundRequest, into result: RoundResult) {
        let start = round.clock.now()
        port.prepareRound(now: start)
        var step = round.begin(request, into: result, startedAt: start, unsettled: port.unsettledSubBlocks)
        while step != .end { step = carryOut(step, request, into: result) }
        round.conclude(
            request,
            into: result,
            unsettled: port.unsettledSubBlocks,
            formerLivesSettled: port.formerLivesSettled(now: result.completedAt)
        )
    }

    /// Carries out one step; returns the next.
    private mutating func carryOut(
        _ step: StatefileStep,
        _ request: RoundRequest,
        into result: RoundResult
    ) -> StatefileStep {
        switch step {
        case .writeBallot(let subBlock):
            let outcome = round.withOwnRecord { record, byteCount in
                port.writeBallot(record, byteCount: byteCount, subBlock: subBlock)
            }
            return round.wrote(outcome, request, into: result)
        case .writeSlot:
            let outcome = round.withOwnRecord { record, byteCount in
                port.writeSlot(record, byteCount: byteCount)
            }
            return round.wrote(outcome, request, into: result)
        case .readSlots:
            let succeeded = round.withReadArea { area, byteCount in
                port.readSlots(into: &area, byteCount: byteCount)
            }
            return round.didRead(succeeded, request, into: result)
        case .readBallots:
            let succeeded = round.withReadArea { area, byteCount in
                port.readBallots(into: &area, byteCount: byteCount)
            }
            return round.didRead(succeeded, request, into: result)
        case .end:
            return .end
        }
    }
}
