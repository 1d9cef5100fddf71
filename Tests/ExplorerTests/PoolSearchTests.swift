import LivesetEngine
import PoolModel
import Testing

@testable import Explorer

@Suite("The bounded search of whole engines")
struct PoolSearchTests {
    @Test("every start comes about", arguments: PoolStart.allCases, [2, 3])
    func startsComeAbout(start: PoolStart, hosts: Int) {
        guard hosts > 2 || start != .vouched else { return }
        let situation = start.situation(hostCount: hosts, on: PoolBench(hostCount: hosts))
        #expect(situation != nil)
        #expect(situation?.violation == nil)
    }

    @Test("one deviation anywhere breaks nothing; watchdogs that break their promise are noticed", arguments: [2, 3])
    func quickCases(hosts: Int) {
        for tried in PoolCases.quick(hosts: hosts) {
            let row = Explorer.run([tried], memoryLimit: 1 << 30).rows[0]
            #expect(row.isAsExpected, "\(tried.name), \(tried.bounds): \(row.path)")
            #expect(row.states > 10)
        }
    }

    @Test("what is to be checked happens on the ways")
    func waysAreRich() {
        var plan = PoolPlan(hosts: 3, start: .formed, budget: 1, depth: 26)
        let formed = PoolSearch.run(plan).reached
        #expect(formed.adoptions > 0 && formed.expiries > 0 && formed.selfFences > 0 && formed.resets > 0)
        #expect(formed.masters > 0 && formed.vouchedLeases > 0 && formed.allLostLeases > 0)
        plan.start = .joiner
        #expect(PoolSearch.run(plan).reached.otherCertificates > 0)
    }

    @Test("the way to a violation is told step by step")
    func pathsAreTold() {
        var plan = PoolPlan(hosts: 2, start: .formed, budget: 1, depth: 26)
        plan.watchdogIsLate = 30
        let report = PoolSearch.run(plan)
        #expect(report.end == .violated)
        #expect(report.path.last?.hasPrefix("SAFE-1") == true, "\(report.path)")
        #expect(report.path.contains { $0.contains("certifies") })
    }

    @Test("a situation is news again only with more budget or more steps left")
    func knownSituations() {
        var known = KnownSituations()
        let now = PoolClock.instant(step: 1, phase: 0)
        for number in 0..<200_000 {
            var hash = StateHash(now: now, horizon: PoolClock.horizon, frame: SequenceFrame())
            hash.mix(number)
            #expect(known.isNews(hash, budget: 1, steps: 5))
        }
        #expect(known.count == 200_000)
        var hash = StateHash(now: now, horizon: PoolClock.horizon, frame: SequenceFrame())
        hash.mix(7)
        #expect(!known.isNews(hash, budget: 1, steps: 5))
        #expect(!known.isNews(hash, budget: 0, steps: 5))
        #expect(known.isNews(hash, budget: 1, steps: 6))
        #expect(!known.isNews(hash, budget: 1, steps: 5))
        #expect(known.isNews(hash, budget: 2, steps: 1))
        #expect(known.count == 200_000)
    }

    @Test("a search that has no time says that it was cut")
    func cuts() {
        let plan = PoolPlan(hosts: 3, start: .joiner, budget: 1, depth: 26)
        #expect(PoolSearch.run(plan, isOver: { true }).end == .cut)
    }

    @Test("the times of a search are times that a daemon would accept")
    func timesAreSafe() throws { try PoolClock.timing.check() }
}
