public import NodeRuntime
public import PoolModel

/// The round exchange of a world with one thread.
public final class DirectExchange {
    private enum State { case idle, started, ended }
    private var state = State.idle
    private var request = RoundRequest(id: 0)
    private let result: RoundResult

    /// An exchange for a pool of `hostCount` hosts.
    public init(hostCount: Int) { result = RoundResult(hostCount: hostCount) }

    /// Whether a round waits to be carried out.
    public var hasRequest: Bool { state == .started }

    /// Carries out the round that waits, if any.
    public func serve(_ body: (RoundRequest, RoundResult) -> Void) {
        guard state == .started else { return }
        body(request, result)
        state = .ended
    }

    func start(_ next: RoundRequest) {
        precondition(state == .idle, "the engine starts one round at a time")
        request = next
        state = .started
    }

    func completed() -> RoundResult? { state == .ended ? result : nil }

    func release() {
        precondition(state == .ended, "a result is released once")
        state = .idle
    }
}

/// The engine loop's side of a `DirectExchange`.
public struct DirectRounds: RoundPort {
    private let exchange: DirectExchange
    /// The side of `exchange`.
    public init(_ exchange: DirectExchange) { self.exchange = exchange }
    /// Hands the request over.
    public mutating func start(_ request: RoundRequest) { exchange.start(request) }
    /// The result that has ended.
    public mutating func completed() -> RoundResult? { exchange.completed() }
    /// Gives it back.
    public mutating func release() { exchange.release() }
}
