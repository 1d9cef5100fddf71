import LivesetEngine
import PoolModel

/// What the states of one search share: buffers, the answers of the fence loop, and the trace while one is
/// told.
final class PoolBench {
    var orders: [Orders]
    let results: [RoundResult]
    private var turns: [TurnQuestion: FenceDecisions.Turn] = [:]
    /// What happens, in words; nil while nobody listens.
    var trace: [String]?
    /// What was reached so far.
    var reached = PoolReached()

    private struct TurnQuestion: Hashable {
        let leaseLeft: TimeSpan
        let stop: TimeSpan
    }

    init(hostCount: Int) {
        orders = (0..<hostCount).map { Orders(own: HostIndex($0)) }
        results = (0..<hostCount).map { _ in RoundResult(hostCount: hostCount) }
    }

    /// What the shipped fence loop does in a turn like this.
    func turn(leaseLeft: TimeSpan, stop: TimeSpan) -> FenceDecisions.Turn {
        let question = TurnQuestion(leaseLeft: leaseLeft, stop: stop)
        if let known = turns[question] { return known }
        let turn = FenceDecisions.turn(PoolClock.timing, leaseLeft: leaseLeft, stop: stop)
        turns[question] = turn
        return turn
    }
}
