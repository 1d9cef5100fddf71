public import LivesetEngine
public import PoolModel

/// One thing that an engine was told: what a recording consists of, as it is read.
public enum FlightStep: Sendable {
    /// The first step of the run.
    case begin
    /// Time passed.
    case tick
    /// A heartbeat came.
    case heartbeat(Heartbeat)
    /// A round ended.
    case round(RecordedRound)
    /// The links' raw state.
    case links(allUp: Bool)
    /// Whether guests run.
    case guests(running: Bool)
    /// How the stopping of the guests ended.
    case guestsStopped(proven: Bool)
    /// What became of the writing of the own file.
    case persisted(PersistedIncarnation, succeeded: Bool)
    /// What became of the opening of the watchdog.
    case watchdog(WatchdogOutcome)
    /// An operator's request.
    case request(OperatorRequest)
}

/// What a round gave, as a value: a `RoundResult` is lent to the engine, and used again.
public struct RecordedRound: Sendable {
    var facts = RoundFacts()
    /// One reading a row; empty when the slots were not read.
    public internal(set) var slots: [SlotReading] = []
    /// One reading a row; empty when the ballot blocks were not read.
    public internal(set) var ballots: [BallotReading] = []

    init() {}

    /// The round's id.
    public var id: UInt64 { facts.id }
    /// When its first write was issued.
    public var issuedAt: MonotonicInstant { facts.issuedAt }
    /// When its last read completed.
    public var completedAt: MonotonicInstant { facts.completedAt }
    /// How the slot write ended.
    public var slotWrite: WriteOutcome { facts.slotWrite }
    /// How the ballot write ended.
    public var ballotWrite: WriteOutcome { facts.ballotWrite }
    /// Whether the slots were read.
    public var slotsRead: Bool { facts.slotsRead }
    /// Whether the ballot blocks were read.
    public var ballotsRead: Bool { facts.ballotsRead }

    /// Puts it into a result that an engine takes.
    public func put(into result: RoundResult) {
        facts.put(into: result)
        for row in slots.indices where row < result.slots.count { result.slots[row] = slots[row] }
        for row in ballots.indices where row < result.ballots.count { result.ballots[row] = ballots[row] }
    }
}

extension Engine {
    /// Takes a recorded step as the engine that was recorded took it; the answer, if it was a request.
    ///
    /// `scratch` has room for the pool's rows.
    @discardableResult
    public mutating func take(
        _ step: FlightStep,
        now: MonotonicInstant,
        scratch: RoundResult,
        into orders: inout Orders
    ) -> RequestAnswer? {
        switch step {
        case .begin: begin(now: now, into: &orders)
        case .tick: tick(now: now, into: &orders)
        case .heartbeat(let heartbeat): heartbeatReceived(heartbeat, now: now, into: &orders)
        case .round(let round):
            round.put(into: scratch)
            roundCompleted(scratch, now: now, into: &orders)
        case .links(let allUp): linksObserved(allUp: allUp, now: now, into: &orders)
        case .guests(let running): guestsObserved(running: running, now: now, into: &orders)
        case .guestsStopped(let proven): guestsStopped(proven: proven, now: now, into: &orders)
        case .persisted(let record, let succeeded):
            incarnationPersisted(record, succeeded: succeeded, now: now, into: &orders)
        case .watchdog(let outcome): watchdogOpened(outcome, now: now, into: &orders)
        case .request(let request): return requested(request, now: now, into: &orders)
        }
        return nil
    }
}

/// What one step is in the bytes: its first byte.
enum FlightCode: UInt8 {
    case begin = 1
    case tick = 2
    case heartbeat = 3
    case round = 4
    case links = 5
    case guests = 6
    case guestsStopped = 7
    case persisted = 8
    case watchdog = 9
    case request = 10
    /// Not a step: the hash of the orders that the step before it gave.
    case orders = 15
}
