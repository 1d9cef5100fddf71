import LivesetEngine
import PoolModel

/// A heartbeat on its way.
struct Mail: Sendable {
    /// The heartbeat; made once, shared by all that carry it.
    final class Letter: Sendable {
        let heartbeat: Heartbeat
        init(_ heartbeat: Heartbeat) { self.heartbeat = heartbeat }
    }
    let letter: Letter
    let to: HostIndex
    /// The step in which it arrives.
    let due: Int
}

/// A write that was given up and will land.
struct LateWrite: Sendable {
    let order: RoundOrder
    let host: HostIndex
    let run: UInt64
    let due: Int
}

/// A round that an engine handed over.
final class RoundOrder: Sendable {
    let request: RoundRequest
    let issuedAt: MonotonicInstant

    init(_ request: RoundRequest, issuedAt: MonotonicInstant) {
        self.request = request
        self.issuedAt = issuedAt
    }
}

/// What a round has read, while its completion is held up.
struct HeldRound: Sendable {
    let readIssuedAt: MonotonicInstant
    let slots: [SlotReading]
    let ballots: [BallotReading]
}
