public import LivesetEngine
public import PoolModel

/// What other threads tell the engine loop, through one ring a producer.
public enum EngineInput: BitwiseCopyable, Sendable {
    /// The answer to `Order.persist`.
    case incarnationPersisted(PersistedIncarnation, succeeded: Bool)
    /// The answer to `Order.openWatchdog`, from the fence loop.
    case watchdogOpened(WatchdogOutcome)
    /// Whether every physical port below a heartbeat network has carrier ([FAULT-3]).
    case carriersObserved(allUp: Bool)
    /// Whether every configured witness answers ([FAULT-3]).
    case witnessesObserved(allAnswer: Bool)
    /// Whether any guest runs on this host.
    case guestsObserved(running: Bool)
    /// How the stopping of the guests in a self-fence ended.
    case guestsStopped(proven: Bool)
    /// An operator's request; the answer carries the same ticket.
    case requested(OperatorRequest, ticket: UInt64)
    /// Publish a status taken after this was received, then answer with the same ticket.
    case statusWanted(ticket: UInt64)
}

/// The engine loop's answer to an `EngineInput` that carries a ticket.
public struct EngineAnswer: BitwiseCopyable, Sendable {
    /// The ticket of the input.
    public var ticket: UInt64
    /// Whether the request was taken; `accepted` for a wanted status.
    public var answer: RequestAnswer
    /// The publication count of the status board after the request: a status read from then on was taken
    /// after it.
    public var publication: UInt64

    /// The answer with these fields.
    public init(ticket: UInt64, answer: RequestAnswer, publication: UInt64) {
        self.ticket = ticket
        self.answer = answer
        self.publication = publication
    }
}
