public import PoolModel

/// The liveset engine of one host: a pure decider that turns (event, time) into orders.
///
/// Every method is one step: it reads no clock, draws no random number, waits for nothing and, once made, allocates
/// nothing. `now` never goes backwards. The shell reads the clock *after* it has the evidence in hand ([TIME-4]).
public struct Engine: ~Copyable {
    /// What it was told at its start.
    public let settings: EngineSettings

    /// An engine that has done nothing yet.
    public init(settings: EngineSettings, start: EngineStart, now: MonotonicInstant) { self.settings = settings }

    /// First step: starts the survey of the statefile.
    public mutating func begin(now: MonotonicInstant, into orders: inout Orders) {}
    /// Time passed. Call at least every `tickInterval`.
    public mutating func tick(now: MonotonicInstant, into orders: inout Orders) {}
    /// A heartbeat arrived, authenticated, of this generation, from another host of the table, not replayed.
    public mutating func heartbeatReceived(_ heartbeat: Heartbeat, now: MonotonicInstant, into orders: inout Orders) {}
    /// The round that `startRound` gave out has ended, however late.
    public mutating func roundCompleted(_ result: RoundResult, now: MonotonicInstant, into orders: inout Orders) {}
    /// The answer to `persist`.
    public mutating func incarnationPersisted(
        _ record: PersistedIncarnation, succeeded: Bool, now: MonotonicInstant, into orders: inout Orders
    ) {}
    /// The answer to `openWatchdog`.
    public mutating func watchdogOpened(_ outcome: WatchdogOutcome, now: MonotonicInstant, into orders: inout Orders) {}
    /// Carrier of all heartbeat links, and the witness's answer where one is configured: the raw state ([FAULT-3]).
    public mutating func linksObserved(allUp: Bool, now: MonotonicInstant, into orders: inout Orders) {}
    /// Whether any guest runs on this host.
    public mutating func guestsObserved(running: Bool, now: MonotonicInstant, into orders: inout Orders) {}
    /// The answer to `selfFence`: every guest is proved stopped, or that could not be proved.
    public mutating func guestsStopped(proven: Bool, now: MonotonicInstant, into orders: inout Orders) {}
    /// An operator asks for something.
    public mutating func requested(
        _ request: OperatorRequest, now: MonotonicInstant, into orders: inout Orders
    ) -> RequestAnswer { .accepted }

    /// How often `tick` is to be called at least.
    public var tickInterval: TimeSpan { settings.timing.heartbeatInterval / 8 }
    /// What this engine thinks at `now`.
    public func status(now: MonotonicInstant) -> EngineStatus { fatalError("replaced in the next commit") }
}
