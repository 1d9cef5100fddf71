import Foundation
import PoolModel
import SimulatorScenarios
import Testing

@Suite("Swarm of random faults")
struct SwarmScenarioTests {
    /// How many seeds a pool size is run with; HOLDFAST_SWARM_SEEDS asks for a longer run.
    static var seedCount: Int {
        ProcessInfo.processInfo.environment["HOLDFAST_SWARM_SEEDS"].flatMap { Int($0) } ?? 12
    }

    @Test(
        "no promise breaks under random faults, and the mended pool becomes whole",
        arguments: [1, 2, 3, 4, 5]
    )
    func swarm(hosts: Int) {
        for seed in 1...UInt64(max(1, SwarmScenarioTests.seedCount)) {
            let outcome = Swarm.run(Swarm.Plan(seed: seed, hosts: hosts))
            #expect(outcome.failure == nil, Comment(rawValue: outcome.failure ?? ""))
            if outcome.failure != nil { return }
        }
    }

    @Test("the same seed gives the same world")
    func isDeterministic() {
        let scenario = Swarm.scenario(of: Swarm.Plan(seed: 42, hosts: 4))
        #expect(scenario == Swarm.scenario(of: Swarm.Plan(seed: 42, hosts: 4)))
        let first = scenario.play(hashesTrace: true)
        let second = scenario.play(hashesTrace: true)
        #expect(first.events == second.events)
        #expect(first.traceHash == second.traceHash)
        #expect(first.traceHash != 0)
    }
}
