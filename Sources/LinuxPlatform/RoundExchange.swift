public import NodeRuntime
public import PoolModel
import Synchronization

/// Hands rounds from the engine thread to the storage thread and back, without waiting and without
/// allocating.
///
/// Proof of `@unchecked Sendable`: `request` and `result` are touched by exactly one thread at a time, told
/// by `phase`. *idle*: the engine thread may write `request`; it then stores *started* (release). *started*:
/// only the storage thread, which loaded *started* (acquire), touches either; it then stores *ended*
/// (release). *ended*: only the engine thread, which loaded *ended* (acquire), looks at `result`; it then
/// stores *idle*. Each store is made by the thread that holds the pair, so no two can hold it. The two
/// `take`s that lend them check the phase themselves.
public final class RoundExchange: @unchecked Sendable {
    private enum Phase {
        static let idle: UInt8 = 0
        static let started: UInt8 = 1
        static let ended: UInt8 = 2
    }

    private let phase = Atomic<UInt8>(Phase.idle)
    private let stopped = Atomic<Bool>(false)
    private let storageWaker: any LoopWaker
    private let engineWaker: any LoopWaker
    private var request = RoundRequest(id: 0)
    private let result: RoundResult

    /// An exchange for a pool of `hostCount` hosts.
    public init(hostCount: Int, storage: any LoopWaker, engine: any LoopWaker) {
        result = RoundResult(hostCount: hostCount)
        storageWaker = storage
        engineWaker = engine
    }

    // MARK: engine thread

    fileprivate func start(_ next: RoundRequest) {
        precondition(phase.load(ordering: .acquiring) == Phase.idle, "the engine starts one round at a time")
        request = next
        phase.store(Phase.started, ordering: .releasing)
        storageWaker.wake()
    }

    fileprivate func completed() -> RoundResult? {
        phase.load(ordering: .acquiring) == Phase.ended ? result : nil
    }

    fileprivate func release() {
        precondition(phase.load(ordering: .acquiring) == Phase.ended, "a result is released once")
        phase.store(Phase.idle, ordering: .releasing)
    }

    // MARK: storage thread

    /// Storage thread: carries out the round that waits, if any, with `body`; true when there was one.
    public func serve(_ body: (RoundRequest, RoundResult) -> Void) -> Bool {
        guard phase.load(ordering: .acquiring) == Phase.started else { return false }
        body(request, result)
        phase.store(Phase.ended, ordering: .releasing)
        engineWaker.wake()
        return true
    }

    /// Any thread: the storage thread is to end after its present round.
    public func stop() {
        stopped.store(true, ordering: .releasing)
        storageWaker.wake()
    }

    /// Whether `stop` was called.
    public var isStopped: Bool { stopped.load(ordering: .acquiring) }
}

/// The engine thread's side of a `RoundExchange`; made once, for that thread.
public struct EngineSideOfRounds: RoundPort, ~Copyable {
    private let exchange: RoundExchange

    /// The engine side of `exchange`.
    public init(_ exchange: RoundExchange) { self.exchange = exchange }

    /// Hands the request to the storage thread.
    public mutating func start(_ request: RoundRequest) { exchange.start(request) }
    /// The result of the round that has ended.
    public mutating func completed() -> RoundResult? { exchange.completed() }
    /// Gives the result back.
    public mutating func release() { exchange.release() }
}
