import FailoverPlanner
import PoolModel
import Testing

@Suite("The planner places lost machines")
struct FailoverPlannerTests {
    private func host(_ row: Int, _ freeMiB: Int) -> PlannerHost {
        PlannerHost(index: HostIndex(row), name: "lab\(row + 1)", freeMiB: freeMiB)
    }

    private func machine(
        _ name: String,
        _ memoryMiB: Int,
        bestEffort: Bool = false,
        order: Int = 0,
        preferred: Int? = nil,
        barred: [HostIndex: String] = [:]
    ) -> PlannerMachine {
        PlannerMachine(
            name: name,
            memoryMiB: memoryMiB,
            rank: PlannerRank(isBestEffort: bestEffort, order: order),
            preferred: preferred.map { HostIndex($0) },
            barred: barred
        )
    }

    @Test("a machine goes to the host with the most free memory")
    func emptiestHost() {
        let plan = FailoverPlanner.plan([machine("a", 100)], on: [host(0, 200), host(1, 400), host(2, 300)])
        #expect(plan.placements == ["a": HostIndex(1)])
    }

    @Test("equal machines spread over equal hosts, the lowest row first")
    func spread() {
        let machines = ["a", "b", "c"].map { machine($0, 100) }
        let plan = FailoverPlanner.plan(machines, on: [host(0, 300), host(1, 300), host(2, 300)])
        #expect(plan.placements == ["a": HostIndex(0), "b": HostIndex(1), "c": HostIndex(2)])
    }

    @Test("the largest machine is placed first, so that small ones do not take its place")
    func largestFirst() {
        let machines = [machine("small", 100), machine("large", 300)]
        let plan = FailoverPlanner.plan(machines, on: [host(0, 300), host(1, 200)])
        #expect(plan.placements == ["large": HostIndex(0), "small": HostIndex(1)])
    }

    @Test("when memory is scarce, restart comes before best-effort however large that is")
    func bestEffortLast() {
        let machines = [machine("big", 400, bestEffort: true), machine("a", 300), machine("b", 100)]
        let plan = FailoverPlanner.plan(machines, on: [host(0, 500)])
        #expect(plan.placements == ["a": HostIndex(0), "b": HostIndex(0)])
        #expect(plan.unplaced.map(\.name) == ["big"])
    }

    @Test("when memory is scarce, the lower order gets it; a negative order comes last")
    func orderDecides() {
        let machines = [
            machine("late", 400, order: -1), machine("second", 400, order: 2), machine("first", 200),
        ]
        let plan = FailoverPlanner.plan(machines, on: [host(0, 650)])
        #expect(plan.placements == ["first": HostIndex(0), "second": HostIndex(0)])
        #expect(plan.unplaced.map(\.name) == ["late"])
    }

    @Test("a machine that fits nowhere says what it needs and what each host has")
    func reasons() {
        let stuck = machine("db", 512, barred: [HostIndex(2): "its start failed there 3 s ago"])
        let plan = FailoverPlanner.plan([stuck], on: [host(1, 300), host(2, 900)])
        #expect(
            plan.unplaced.first?.sentence
                == "needs 512 MiB; lab2 has 300 MiB free, lab3: its start failed there 3 s ago"
        )
    }

    @Test("with no host at all the reason says so")
    func noHosts() {
        let plan = FailoverPlanner.plan([machine("db", 512)], on: [])
        #expect(plan.unplaced.first?.sentence == "needs 512 MiB; no host can take machines at the moment")
    }

    @Test("an overcommitted host has nothing free and takes nothing")
    func overcommitted() {
        let plan = FailoverPlanner.plan([machine("a", 1)], on: [host(0, -100)])
        #expect(plan.unplaced.first?.sentence == "needs 1 MiB; lab1 has 0 MiB free")
    }

    @Test("a wish is followed where it fits and is not barred")
    func wish() {
        let hosts = [host(0, 500), host(1, 200)]
        #expect(
            FailoverPlanner.plan([machine("a", 100, preferred: 1)], on: hosts).placements["a"] == HostIndex(1)
        )
        #expect(
            FailoverPlanner.plan([machine("a", 300, preferred: 1)], on: hosts).placements["a"] == HostIndex(0)
        )
        let barred = machine("a", 100, preferred: 1, barred: [HostIndex(1): "no"])
        #expect(FailoverPlanner.plan([barred], on: hosts).placements["a"] == HostIndex(0))
    }

    @Test("no host ever gets more than it has, and nobody is left out who fits on an untouched host")
    func randomPlans() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let hosts = (0..<Int.random(in: 0...5, using: &random)).map {
                host($0, Int.random(in: -50...900, using: &random))
            }
            let machines = (0..<Int.random(in: 0...9, using: &random)).map {
                machine(
                    "m\($0)",
                    Int.random(in: 1...400, using: &random),
                    bestEffort: Bool.random(using: &random)
                )
            }
            let plan = FailoverPlanner.plan(machines, on: hosts)
            var used: [HostIndex: Int] = [:]
            for machine in machines {
                if let place = plan.placements[machine.name] { used[place, default: 0] += machine.memoryMiB }
            }
            for host in hosts { #expect(used[host.index, default: 0] <= max(host.freeMiB, 0)) }
            #expect(plan.placements.count + plan.unplaced.count == machines.count)
            for missing in plan.unplaced {
                for host in hosts where used[host.index] == nil { #expect(host.freeMiB < missing.memoryMiB) }
            }
        }
    }
}
