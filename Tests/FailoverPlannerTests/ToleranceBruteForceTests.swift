import PoolModel
import Testing

@testable import FailoverPlanner

/// The game of failures played out in full, without any cleverness: what the production search is held
/// against.
private struct BruteForce {
    var sizes: [Int]
    var allowed: [HostSet]
    var mayFail: HostSet

    /// Whether every order of so many failures comes out well.
    func holds(alive: HostSet, free: [Int], homes: [Int?], failures: Int) -> Bool {
        guard let machine = homes.indices.first(where: { homes[$0] == nil }) else {
            if failures == 0 { return true }
            let targets = alive.intersection(mayFail)
            if targets.isEmpty { return !alive.isSubset(of: mayFail) }
            return targets.allSatisfy { host in
                let after = homes.map { $0 == host.row ? nil : $0 }
                return holds(alive: alive.without(host), free: free, homes: after, failures: failures - 1)
            }
        }
        return alive.contains { host in
            guard allowed[machine].contains(host), free[host.row] >= sizes[machine] else { return false }
            var (after, room) = (homes, free)
            after[machine] = host.row
            room[host.row] -= sizes[machine]
            return holds(alive: alive, free: room, homes: after, failures: failures)
        }
    }

    func holds(_ load: PoolLoad, failures: Int) -> Bool {
        holds(alive: load.alive, free: load.free, homes: load.homes.map { $0.map(\.row) }, failures: failures)
    }

    init(_ load: PoolLoad, mayFail: HostSet? = nil) {
        sizes = load.machines.map(\.size)
        allowed = load.machines.map(\.allowed)
        self.mayFail = mayFail ?? load.alive
    }
}

@Suite("How many failures a pool can take, against brute force")
struct ToleranceBruteForceTests {
    /// A small random pool: up to 4 hosts and 6 machines, sizes small enough that everything is tight.
    static func pool(_ random: inout SplitMix) -> PoolLoad {
        let hosts = 1 + random.below(4)
        let alive = HostSet(first: hosts)
        let free = (0..<hosts).map { _ in random.below(12) - (random.below(8) == 0 ? 3 : 0) }
        let isRestricted = random.below(3) == 0
        let machines = (0..<random.below(7)).map { number in
            LoadedMachine(
                name: "vm\(number)",
                size: 1 + random.below(6),
                home: random.below(6) == 0 ? nil : HostIndex(random.below(hosts)),
                allowed: isRestricted ? HostSet(bits: UInt64(random.below(1 << hosts))) : alive
            )
        }
        return PoolLoad(alive: alive, free: free, machines: machines)
    }

    @Test("20,000 random pools: never a wrong yes, never a wrong no, and each witness checks out")
    func randomPools() {
        var random = SplitMix(state: 20_261_125)
        var (held, broken) = (0, 0)
        for number in 0..<20_000 {
            let load = Self.pool(&random)
            let question = ToleranceQuestion(load)
            let force = BruteForce(load)
            for failures in 0...3 where failures <= load.alive.count + 1 {
                let expected =
                    load.machines.isEmpty
                    ? failures <= load.alive.count
                    : failures <= load.alive.count && force.holds(load, failures: failures)
                #expect(question.holds(failures) == expected, "pool \(number), \(failures) failures: \(load)")
                if expected {
                    held += 1
                } else {
                    broken += 1
                    check(question.breach(failures), load, failures, number)
                }
            }
        }
        #expect(held > 5000 && broken > 5000, "\(held) held and \(broken) broken: the pools are one-sided")
    }

    private func check(_ breach: Breach?, _ load: PoolLoad, _ failures: Int, _ number: Int) {
        guard let breach else {
            Issue.record("pool \(number), \(failures) failures: no reason for the no")
            return
        }
        #expect(breach.isProven, "pool \(number): a small pool is searched to its end")
        guard failures <= load.alive.count else { return }
        var witness = HostSet()
        for host in breach.witness { witness.insert(host) }
        let spared = BruteForce(load, mayFail: witness)
        #expect(
            !spared.holds(load, failures: failures),
            "pool \(number): \(witness) does not break it: \(load)"
        )
        guard witness.count <= failures, !breach.machines.isEmpty else { return }
        var after = load
        for host in witness { after.fail(host) }
        #expect(
            !BruteForce(after).holds(after, failures: 0),
            "pool \(number): all of \(witness) at once do fit"
        )
        #expect(Set(breach.machines).isSubset(of: load.machines.map(\.name)))
        for remedy in breach.remedies {
            switch remedy {
            case .unprotect(let machine, _):
                #expect(ToleranceQuestion(load.without([machine])).holds(failures))
            case .addMemory(let memory, let host):
                #expect(ToleranceQuestion(load.adding(memory, to: host)).holds(failures))
            }
        }
    }

    @Test("the largest number of failures is the largest that holds")
    func answers() {
        var random = SplitMix(state: 7)
        for number in 0..<2000 {
            let load = Self.pool(&random)
            let question = ToleranceQuestion(load)
            let answer = question.answer()
            #expect(answer.holdsNow == question.holds(0))
            guard answer.holdsNow else {
                #expect(answer.failures == 0 && answer.breach?.failures == 0)
                continue
            }
            #expect(question.holds(answer.failures), "pool \(number)")
            #expect(!question.holds(answer.failures + 1), "pool \(number)")
            // Who takes n failures takes fewer as well.
            for failures in 0...answer.failures { #expect(question.holds(failures), "pool \(number)") }
        }
    }

    @Test("a search that ends at its bound says no, and that it proved nothing")
    func bounded() {
        var random = SplitMix(state: 3)
        var unproven = 0
        for _ in 0..<3000 {
            let load = Self.pool(&random)
            guard load.alive.count > 1 else { continue }
            let hurried = ToleranceQuestion(load, budget: 12)
            for failures in 0...2 {
                let truth = failures <= load.alive.count && BruteForce(load).holds(load, failures: failures)
                if hurried.holds(failures) {
                    #expect(truth || load.machines.isEmpty, "a wrong yes: \(load)")
                } else if hurried.breach(failures)?.isProven == false {
                    unproven += 1
                    #expect(hurried.breach(failures)?.witness.isEmpty == true)
                }
            }
        }
        #expect(unproven > 20)
    }
}

/// A small generator with a seed (SplitMix64).
struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
