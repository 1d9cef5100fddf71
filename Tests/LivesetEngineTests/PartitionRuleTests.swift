import PoolModel
import Testing

@testable import LivesetEngine

private let timing = Timing(.fast)
private func host(_ row: Int) -> HostIndex { HostIndex(row) }
private func set(_ rows: Int...) -> HostSet { rows.reduce(into: HostSet()) { $0.insert(host($1)) } }
private func at(_ seconds: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
}

/// A picture of `count` storage-live members; `deaf` pairs do not hear each other.
private func picture(
    _ count: Int,
    deaf: [(Int, Int)],
    netOK: HostSet,
    now: MonotonicInstant
) -> PartitionRule.Picture {
    var picture = PartitionRule.Picture()
    picture.members = HostSet(first: count)
    picture.live = picture.members
    picture.oldestRow = now
    picture.master = host(0)
    for left in 0..<count {
        picture.hosts[host(left)] = PartitionHost(netOK: netOK.contains(host(left)), weight: 100)
        for right in 0..<count where right != left {
            let isDeaf = deaf.contains { ($0.0, $0.1) == (left, right) || ($0.1, $0.0) == (left, right) }
            if !isDeaf { picture.hears[host(left)].insert(host(right)) }
        }
    }
    return picture
}

/// Shows the same picture for `seconds` and gives the last verdict.
private func judge(
    _ rule: inout PartitionRule,
    _ count: Int,
    deaf: [(Int, Int)],
    netOK: HostSet,
    from start: Double = 0,
    for seconds: Double,
    policy: EvenPartitionPolicy = .hold
) -> PartitionVerdict {
    var verdict = PartitionVerdict.nothing
    var time = start
    while time <= start + seconds {
        let now = at(time)
        verdict = rule.judge(
            picture(count, deaf: deaf, netOK: netOK, now: now),
            policy: policy,
            timing: timing,
            now: now
        )
        time += 0.1
    }
    return verdict
}

@Suite("FAULT-2 and FAULT-3: partition and hold")
struct PartitionRuleTests {
    @Test("a full mesh decides nothing")
    func fullMesh() {
        var rule = PartitionRule()
        #expect(judge(&rule, 3, deaf: [], netOK: set(0, 1, 2), for: 10) == .nothing)
    }

    @Test("FAULT-2: one of three cut off goes, after the graph has stood still for Tn and not before")
    func oneOfThree() {
        var rule = PartitionRule()
        let deaf = [(0, 1), (0, 2)]
        #expect(judge(&rule, 3, deaf: deaf, netOK: set(1, 2), for: 1.8) == .nothing)
        #expect(judge(&rule, 3, deaf: deaf, netOK: set(1, 2), from: 1.9, for: 0.5) == .keep(set(1, 2)))
    }

    @Test("H11: a graph that keeps changing is not settled, but for 3 Tn at most")
    func unsettled() {
        var rule = PartitionRule()
        var decided: Double?
        var time = 0.0
        while time < 10, decided == nil {
            let deaf = Int(time) % 2 == 0 ? [(0, 1)] : [(0, 2)]
            if judge(&rule, 3, deaf: deaf, netOK: set(0, 1, 2), from: time, for: 0) != .nothing {
                decided = time
            }
            time += 0.5
        }
        #expect(decided == 6)
    }

    @Test("FAULT-3: three hosts, the whole network gone: hold, whatever netOK says")
    func holdOfThree() {
        var rule = PartitionRule()
        #expect(judge(&rule, 3, deaf: [(0, 1), (0, 2), (1, 2)], netOK: set(2), for: 5) == .hold)
        #expect(rule.isHolding)
    }

    @Test("H11b: a hold does not end because netOK returns, only when an edge is back")
    func holdEndsByEdge() {
        var rule = PartitionRule()
        _ = judge(&rule, 2, deaf: [(0, 1)], netOK: set(), for: 5)
        #expect(rule.isHolding)
        #expect(judge(&rule, 2, deaf: [(0, 1)], netOK: set(1), from: 6, for: 20) == .hold)
        #expect(judge(&rule, 2, deaf: [], netOK: set(), from: 30, for: 1) == .nothing)
        #expect(!rule.isHolding)
    }

    @Test("the end of a hold starts settling anew: the first edge back removes nobody")
    func holdEndsSettling() {
        var rule = PartitionRule()
        _ = judge(&rule, 3, deaf: [(0, 1), (0, 2), (1, 2)], netOK: set(0, 1, 2), for: 60)
        #expect(judge(&rule, 3, deaf: [(0, 2), (1, 2)], netOK: set(), from: 60.1, for: 1.5) == .nothing)
        #expect(judge(&rule, 3, deaf: [], netOK: set(), from: 61.7, for: 5) == .nothing)
    }

    @Test("FAULT-3: two hosts whose netOK differs: the one without goes", arguments: [0, 1])
    func twoHostsDiffer(well: Int) {
        var rule = PartitionRule()
        #expect(
            judge(&rule, 2, deaf: [(0, 1)], netOK: HostSet(host(well)), for: 5) == .keep(HostSet(host(well)))
        )
    }

    @Test("on-even-partition = tie-break keeps one of two")
    func tieBreak() {
        var rule = PartitionRule()
        #expect(judge(&rule, 2, deaf: [(0, 1)], netOK: set(0, 1), for: 5, policy: .tieBreak) == .keep(set(0)))
    }

    @Test("a hold that a member's slot shows is taken over by a fresh run")
    func holdPassesOn() {
        var rule = PartitionRule()
        var shown = picture(3, deaf: [(0, 1), (0, 2), (1, 2)], netOK: set(0, 1, 2), now: at(1))
        shown.someoneHolds = true
        let verdict = rule.judge(shown, policy: .hold, timing: timing, now: at(1))
        #expect(verdict == .hold)
    }

    @Test("a storage-lost member counts as connected to whom it is heard by")
    func storageLostStays() {
        var rule = PartitionRule()
        var verdict = PartitionVerdict.nothing
        for step in 0..<60 {
            let now = at(Double(step) / 10)
            var shown = picture(4, deaf: [(0, 1), (0, 2)], netOK: set(1, 2, 3), now: now)
            shown.live = set(0, 1, 2)
            shown.hears[host(3)] = HostSet()
            shown.hears[host(0)] = set()
            verdict = rule.judge(shown, policy: .hold, timing: timing, now: now)
        }
        #expect(verdict == .keep(set(1, 2, 3)))
    }
}

@Suite("the clique search")
struct CliqueSearchTests {
    @Test("agrees with trying every subset, on 400 random graphs")
    func againstBruteForce() {
        var state: UInt64 = 42
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        for _ in 0..<400 {
            let count = 2 + Int(next() % 8)
            var hosts = PerHost<PartitionHost>(repeating: PartitionHost())
            for left in 0..<count {
                hosts[host(left)].netOK = next() % 2 == 0
                hosts[host(left)].weight = UInt16(next() % 3)
                for right in 0..<left where next() % 3 != 0 {
                    hosts[host(left)].connected.insert(host(right))
                    hosts[host(right)].connected.insert(host(left))
                }
            }
            let found = CliqueSearch.best(among: HostSet(first: count), hosts: hosts, master: host(1)).members
            #expect(found == bruteForce(count, hosts, master: host(1)))
        }
    }

    private func bruteForce(_ count: Int, _ hosts: PerHost<PartitionHost>, master: HostIndex) -> HostSet {
        var best: [Int] = []
        var answer = HostSet()
        for bits in 1..<(1 << count) {
            let subset = HostSet(bits: UInt64(bits))
            guard subset.allSatisfy({ subset.without($0).isSubset(of: hosts[$0].connected) }) else {
                continue
            }
            var reversedRows = 0
            for row in 0..<count where subset.contains(host(row)) { reversedRows |= 1 << (count - row) }
            let key = [
                subset.count, subset.filter { hosts[$0].netOK }.count,
                subset.reduce(0) { $0 + Int(hosts[$1].weight) },
                subset.contains(master) ? 1 : 0, reversedRows,
            ]
            if best.isEmpty || best.lexicographicallyPrecedes(key) { (best, answer) = (key, subset) }
        }
        return answer
    }

    @Test("64 hosts with every edge and with none end at once")
    func large() {
        var hosts = PerHost<PartitionHost>(repeating: PartitionHost(netOK: true, weight: 1))
        #expect(
            CliqueSearch.best(among: HostSet(first: 64), hosts: hosts, master: nil).members
                == HostSet(host(0))
        )
        for row in 0..<64 { hosts[host(row)].connected = HostSet(first: 64).without(host(row)) }
        #expect(CliqueSearch.best(among: HostSet(first: 64), hosts: hosts, master: nil).size == 64)
    }
}
