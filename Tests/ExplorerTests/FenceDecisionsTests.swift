import PoolModel
import Testing

@testable import Explorer

@Suite("What the shipped fence loop does in one turn")
struct FenceDecisionsTests {
    private let timing: Timing = {
        var timing = Timing(.fast)
        timing.grace = .seconds(3)
        timing.watchdog = .seconds(2)
        return timing
    }()

    @Test("it feeds while the lease is current, and latches when it is not")
    func feedsByTheLease() {
        let current = FenceDecisions.turn(timing, leaseLeft: .milliseconds(1), stop: .zero)
        #expect(current == FenceDecisions.Turn(feeds: true, latches: false))
        let over = FenceDecisions.turn(timing, leaseLeft: .zero, stop: .zero)
        #expect(over == FenceDecisions.Turn(feeds: false, latches: true))
    }

    @Test("a stop between check and feed ends in a feed, and in the last one")
    func aLateFeedIsTheLast() {
        let late = FenceDecisions.turn(timing, leaseLeft: .milliseconds(1), stop: .seconds(1))
        #expect(late == FenceDecisions.Turn(feeds: true, latches: true))
    }

    @Test("the table holds what single turns give")
    func tableIsTheLoop() {
        let table = FenceDecisions(timing: timing, tick: .seconds(1), longestLease: 3, longestStop: 2)
        for left in 0...3 {
            for stop in 0...2 {
                let turn = FenceDecisions.turn(timing, leaseLeft: .seconds(Double(left)), stop: .seconds(Double(stop)))
                #expect(table.turn(leaseLeft: left, stop: stop) == turn)
            }
        }
    }
}
