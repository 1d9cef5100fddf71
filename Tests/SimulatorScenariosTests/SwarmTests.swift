import PoolModel
import Testing

@testable import SimulatorScenarios

@Suite("Swarms are drawn as scenarios")
struct SwarmTests {
    @Test("the text of a drawn scenario plays to the same trace")
    func textIsEnough() throws {
        for hosts in 1...4 {
            let scenario = Swarm.scenario(of: Swarm.Plan(seed: 9, hosts: hosts))
            let read = try Scenario(text: scenario.text, file: "drawn")
            #expect(read.play(hashesTrace: true).traceHash == scenario.play(hashesTrace: true).traceHash)
        }
    }

    @Test("a long run mends the pool several times, and looks whether it becomes whole each time")
    func phases() {
        var plan = Swarm.Plan(seed: 4, hosts: 3)
        plan.length = .seconds(3600)
        let scenario = Swarm.scenario(of: plan)
        let mendings = scenario.acts.count { $0.act == .mendEverything }
        #expect(mendings >= 5)
        #expect(scenario.expectations.count == 2 * (mendings - 1))
        #expect(scenario.end >= plan.length)
        let playback = scenario.play()
        #expect(playback.failure == nil, "\(playback.failure ?? "")")
        #expect(playback.simulated > .seconds(3000))
        #expect(playback.tally.fences.values.reduce(0, +) > 10)
    }

    @Test("slower times stretch phases and pauses")
    func stretch() {
        var plan = Swarm.Plan(seed: 4, hosts: 3)
        let fast = Swarm.scenario(of: plan)
        plan.timing = .conservative
        let slow = Swarm.scenario(of: plan)
        #expect(fast.acts.last { $0.act == .mendEverything }?.time ?? .zero < .seconds(120))
        #expect(slow.acts.last { $0.act == .mendEverything }?.time ?? .zero > .seconds(500))
        #expect(slow.play().failure == nil)
    }

    @Test("every kind of fault is drawn, by itself")
    func kinds() {
        var plan = Swarm.Plan(seed: 1, hosts: 3)
        plan.faultTime = .seconds(200)
        for fault in SwarmFault.allCases {
            plan.without = Set(SwarmFault.allCases).subtracting([fault])
            // Keys are rotated in the worlds of some seeds only.
            let struck = (UInt64(1)...8).contains { seed in
                plan.seed = seed
                let acts = Swarm.scenario(of: plan).acts.drop { $0.time == .zero }
                return acts.first.map { $0.act != .mendEverything } ?? false
            }
            #expect(struck, "\(fault)")
        }
    }

    @Test("no kind of fault alone breaks a promise", arguments: SwarmFault.allCases)
    func kindsAlone(fault: SwarmFault) {
        var plan = Swarm.Plan(seed: UInt64(fault.rawValue) + 1, hosts: 3)
        plan.without = Set(SwarmFault.allCases).subtracting([fault])
        let playback = Swarm.run(plan)
        #expect(playback.failure == nil, "\(playback.failure ?? "")")
    }

    @Test("a seed decides how many hosts of a range there are, and all of them come up")
    func sizes() {
        let sizes = (UInt64(1)...60).map { Swarm.Plan(seed: $0, hosts: 2...5).hosts }
        #expect(Set(sizes) == [2, 3, 4, 5])
        #expect(sizes == (UInt64(1)...60).map { Swarm.Plan(seed: $0, hosts: 2...5).hosts })
    }

    @Test("where no times are given a seed decides them as well")
    func times() {
        let plans = (UInt64(1)...60).map { Swarm.Plan(seed: $0, hosts: 2...5, timing: nil) }
        for timing in [TimingChoice.fast, .standard, .conservative] {
            #expect(plans.contains { $0.timing == timing })
        }
        #expect(plans.map(\.hosts) == (UInt64(1)...60).map { Swarm.Plan(seed: $0, hosts: 2...5).hosts })
    }

    @Test("sums over runs add up")
    func sums() {
        let runs = (UInt64(1)...4).map { Swarm.run(Swarm.Plan(seed: $0, hosts: 3)) }
        var sum = Tally()
        for run in runs { sum.add(run.tally) }
        #expect(sum.runs == 4)
        #expect(sum.failed == runs.count { !$0.holds })
        #expect(sum.events == runs.reduce(0) { $0 + $1.events })
        #expect(sum.fences.values.reduce(0, +) == runs.reduce(0) { $0 + $1.chronicle.fences.count })
        #expect(sum.certificatesInWords.reduce(0) { $0 + $1.count } == sum.certificates.values.reduce(0, +))
    }
}
