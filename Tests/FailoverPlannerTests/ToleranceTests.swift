import PoolModel
import Testing

@testable import FailoverPlanner

@Suite("How many host failures a pool can take, and why no more")
struct ToleranceTests {
    private func pool(free: [Int], _ machines: [(Int, Int?)], allowed: [HostSet]? = nil) -> PoolLoad {
        let alive = HostSet(first: free.count)
        return PoolLoad(
            alive: alive,
            free: free,
            machines: machines.enumerated().map { place, machine in
                LoadedMachine(
                    name: "vm\(place)",
                    size: machine.0,
                    home: machine.1.map { HostIndex($0) },
                    allowed: allowed?[place] ?? alive
                )
            }
        )
    }

    @Test("a pool without protected machines takes as many failures as it has hosts, and no more")
    func empty() {
        let question = ToleranceQuestion(pool(free: [1, 1, 1], []))
        #expect((0...3).allSatisfy { question.holds($0) })
        #expect(!question.holds(4))
        #expect(question.answer() == Tolerance(failures: 3, holdsNow: true, breach: nil))
    }

    @Test("no pool loses its last host with a machine on it")
    func lastHost() {
        let answer = ToleranceQuestion(pool(free: [9, 9], [(1, 0)])).answer()
        #expect(answer.failures == 1)
        #expect(answer.breach?.witness == [HostIndex(0), HostIndex(1)])
        #expect(answer.breach?.machines == ["vm0"])
    }

    @Test("zero is verified on its own: a machine without a place is 'not even now'")
    func notEvenNow() throws {
        let answer = ToleranceQuestion(pool(free: [3, 3], [(4, nil)])).answer()
        #expect(answer.failures == 0 && !answer.holdsNow)
        let breach = try #require(answer.breach)
        #expect(breach.failures == 0 && breach.isProven && breach.witness.isEmpty)
        #expect(breach.machines == ["vm0"] && breach.missing == 0)
        #expect(breach.remedies.contains(.unprotect(machine: "vm0", size: 4)))
        #expect(breach.remedies.contains(.addMemory(1, host: HostIndex(0))))
    }

    @Test("memory in pieces that are too small is told apart from memory that is missing")
    func pieces() {
        let inPieces = ToleranceQuestion(pool(free: [0, 3, 3], [(4, 0)])).breach(1)
        #expect(inPieces?.missing == 0 && inPieces?.machines == ["vm0"])
        let short = ToleranceQuestion(pool(free: [0, 3], [(4, 0)])).breach(1)
        #expect(short?.missing == 1 && short?.witness == [HostIndex(0)])
    }

    @Test("what greed misses, the search finds: two large holes and an order of sizes that wastes them")
    func searchBeatsGreed() {
        // 6 + 4 and 5 + 5 fill two holes of 10 exactly; worst fit and best fit both put 6 and 5 together.
        let load = pool(free: [0, 10, 10], [(6, 0), (5, 0), (5, 0), (4, 0)])
        #expect(ToleranceQuestion(load).holds(1))
        var tight = ToleranceSearch(budget: 1, mayFail: load.alive)
        #expect(tight.verdict(load, failures: 1) == .unknown || ToleranceQuestion(load).holds(1))
    }

    @Test("restarted machines stay where they were put, and are lost again with that host")
    func twice() {
        // One failure is answered; the second takes the host that answered it.
        let load = pool(free: [4, 4, 0], [(4, 2)])
        #expect(ToleranceQuestion(load).answer().failures == 2)
        let crowded = pool(free: [4, 0, 0], [(4, 2)])
        let answer = ToleranceQuestion(crowded).answer()
        #expect(answer.failures == 1)
        #expect(answer.breach?.witness.count == 2)
    }

    @Test("a host that cannot run a machine is no place for it, however empty")
    func filters() {
        let onlyFirst = HostSet(HostIndex(0)).union(HostSet(HostIndex(1)))
        let load = pool(free: [0, 2, 99], [(3, 0)], allowed: [onlyFirst])
        #expect(ToleranceQuestion(load).answer().failures == 0)
        let wide = pool(free: [0, 3, 99], [(3, 0)])
        #expect(ToleranceQuestion(wide).answer().failures == 2)
    }

    @Test("an overcommitted host takes nothing, and its debt is not counted against the others")
    func debt() {
        let load = pool(free: [-50, 4, 0], [(4, 2)])
        #expect(ToleranceQuestion(load).holds(1))
        #expect(!ToleranceQuestion(load).holds(2))
    }

    @Test("64 hosts and 2,000 machines are answered, not given up")
    func large() {
        var random = SplitMix(state: 1)
        let hosts = 64
        var free = [Int](repeating: 700, count: hosts)
        var machines: [(Int, Int?)] = []
        for number in 0..<2000 {
            let size = 1 + random.below(16)
            machines.append((size, number % hosts))
            free[number % hosts] -= size
        }
        let question = ToleranceQuestion(pool(free: free, machines))
        #expect(question.holds(2))
        #expect(!question.holds(64))
    }
}

@Suite("Where lost machines are to go")
struct RestartAssignmentTests {
    private func load(free: [Int], _ sizes: [Int], homes: [Int?]) -> PoolLoad {
        let alive = HostSet(first: free.count)
        return PoolLoad(
            alive: alive,
            free: free,
            machines: zip(sizes, homes).enumerated().map { place, machine in
                LoadedMachine(
                    name: "vm\(place)",
                    size: machine.0,
                    home: machine.1.map { HostIndex($0) },
                    allowed: alive
                )
            }
        )
    }

    @Test("machines of one group are kept apart where memory allows it, though that is less even")
    func groups() {
        let pool = load(free: [20, 9, 9], [2, 2, 2], homes: [nil, nil, nil])
        let apart = RestartAssignment(pool, failures: 0, groups: ["web", "web", "web"], orders: [0, 0, 0])
        #expect(Set(apart.hosts.values).count == 3)
        let together = RestartAssignment(pool, failures: 0, groups: [nil, nil, nil], orders: [0, 0, 0])
        #expect(Set(together.hosts.values) == [HostIndex(0)])
    }

    @Test("groups give way to the failures that the pool is to take")
    func groupsGiveWay() {
        // Apart, 5 and 5 leave no hole of 5 on either host; together on the large host they do.
        let pool = load(free: [10, 5, 5], [5, 5], homes: [nil, nil])
        let plan = RestartAssignment(pool, failures: 1, groups: ["db", "db"], orders: [0, 0])
        #expect(plan.keepsTolerance && plan.unplaced.isEmpty)
    }

    @Test("when room is scarce the lower order gets it, and a negative order comes last")
    func orders() {
        let pool = load(free: [5], [4, 4, 4], homes: [nil, nil, nil])
        let plan = RestartAssignment(pool, failures: 0, groups: [nil, nil, nil], orders: [-1, 2, 1])
        #expect(plan.hosts == ["vm2": HostIndex(0)])
        #expect(plan.unplaced == ["vm1", "vm0"])
        #expect(!plan.keepsTolerance)
    }

    @Test("every machine is either placed within the memory of its host or named, in 3,000 random pools")
    func random() {
        var random = SplitMix(state: 9)
        for _ in 0..<3000 {
            let pool = ToleranceBruteForceTests.pool(&random)
            let count = pool.machines.count
            let plan = RestartAssignment(
                pool,
                failures: 1,
                groups: (0..<count).map { _ in random.below(2) == 0 ? "g" : nil },
                orders: (0..<count).map { _ in random.below(3) }
            )
            let homeless = pool.homeless.map { pool.machines[$0].name }
            #expect(Set(homeless) == Set(plan.hosts.keys).union(plan.unplaced))
            var after = pool
            for place in pool.homeless {
                guard let host = plan.hosts[pool.machines[place].name] else { continue }
                #expect(after.fits(place, on: host))
                after.place(place, on: host)
            }
            if plan.keepsTolerance { #expect(ToleranceQuestion(after).holds(1)) }
            #expect(plan.unplaced.isEmpty == ToleranceQuestion(pool).holds(0))
        }
    }
}
