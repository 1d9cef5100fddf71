import PoolModel

/// Asks how many host failures a pool can take: never a wrong yes, and every no that is proved carries a
/// witness.
public struct ToleranceQuestion: Sendable {
    private let load: PoolLoad
    private let budget: Int

    /// The question for `load`; `budget` bounds how many placements are tried for each number of failures.
    public init(_ load: PoolLoad, budget: Int = 1_500_000) {
        self.load = load
        self.budget = budget
    }

    /// Whether the pool is known to take `failures` host failures.
    public func holds(_ failures: Int) -> Bool {
        if case .holds = verdict(load, failures) { true } else { false }
    }

    /// The largest number of failures that is known to hold, and what breaks with one more.
    public func answer() -> Tolerance {
        for failures in 0...load.alive.count + 1 {
            let verdict = verdict(load, failures)
            if case .holds = verdict { continue }
            let isAll = load.machines.isEmpty && failures > load.alive.count
            return Tolerance(
                failures: max(0, failures - 1),
                holdsNow: failures > 0,
                breach: isAll ? nil : breach(failures, verdict)
            )
        }
        preconditionFailure("more failures than hosts never hold")
    }

    /// What breaks with `failures` host failures; nil when they are known to hold.
    public func breach(_ failures: Int) -> Breach? { breach(failures, verdict(load, failures)) }

    private func breach(_ failures: Int, _ verdict: ToleranceVerdict) -> Breach? {
        if case .holds = verdict { return nil }
        guard case .breaks = verdict else {
            return Breach(
                failures: failures,
                isProven: false,
                witness: [],
                machines: [],
                missing: 0,
                remedies: []
            )
        }
        let witness = witness(failures)
        let shortage = Shortage(load, without: witness, budget: budget)
        return Breach(
            failures: failures,
            isProven: true,
            witness: Array(witness),
            machines: shortage.machines,
            missing: shortage.missing,
            remedies: remedies(failures, shortage)
        )
    }

    private func verdict(_ load: PoolLoad, _ failures: Int, mayFail: HostSet? = nil) -> ToleranceVerdict {
        if mayFail == nil, CapacityBound.surelyHolds(load, failures: failures) { return .holds }
        var search = ToleranceSearch(budget: budget, mayFail: mayFail ?? load.alive)
        return search.verdict(load, failures: failures)
    }

    // MARK: the witness

    /// The fewest hosts found with whose failures alone it breaks.
    private func witness(_ failures: Int) -> HostSet {
        guard failures > 0 else { return HostSet() }
        if failures > load.alive.count { return load.alive }
        if CapacityBound.surelyBreaks(load, failures: failures, among: load.alive),
            let worst = CapacityBound.worst(load, failures: failures, among: load.alive)
        {
            return reduced(worst, failures)
        }
        if let set = breaksAtOnce(failures) { return reduced(set, failures) }
        return reduced(load.alive, failures)
    }

    /// A set of so many hosts that breaks the pool when they fail at once; bounded by the number of sets.
    private func breaksAtOnce(_ failures: Int) -> HostSet? {
        var tries = 2000
        return sets(of: failures, from: Array(load.alive), chosen: HostSet(), tries: &tries)
    }

    private func sets(
        of count: Int,
        from hosts: [HostIndex],
        chosen: HostSet,
        tries: inout Int
    ) -> HostSet? {
        if count == 0 {
            tries -= 1
            var after = load
            for host in chosen { after.fail(host) }
            if case .breaks = verdict(after, 0) { return chosen }
            return nil
        }
        for (place, host) in hosts.enumerated() where tries > 0 && hosts.count - place >= count {
            let rest = Array(hosts[(place + 1)...])
            let found = sets(
                of: count - 1,
                from: rest,
                chosen: chosen.union(HostSet(host)),
                tries: &tries
            )
            if let found { return found }
        }
        return nil
    }

    /// The same without the hosts that are not needed.
    private func reduced(_ hosts: HostSet, _ failures: Int) -> HostSet {
        var kept = hosts
        for host in hosts where kept.count > 1 {
            let fewer = kept.without(host)
            if case .breaks = verdict(load, failures, mayFail: fewer) { kept = fewer }
        }
        return kept
    }

    // MARK: remedies

    private func remedies(_ failures: Int, _ shortage: Shortage) -> [Remedy] {
        var found: [Remedy] = []
        let bySize = load.machines.sorted { $0.size == $1.size ? $0.name < $1.name : $0.size < $1.size }
        let candidates = bySize.filter { $0.size >= shortage.missing }
        for machine in candidates.prefix(24)
        where ToleranceQuestion(load.without([machine.name]), budget: budget / 8).holds(failures) {
            found.append(.unprotect(machine: machine.name, size: machine.size))
            break
        }
        if let memory = leastMemory(failures) { found.append(memory) }
        return found
    }

    /// The least memory that one host would have to have more; nil when that does not help.
    private func leastMemory(_ failures: Int) -> Remedy? {
        let most =
            load.machines.reduce(0) { $0 + $1.size }
            + load.alive.reduce(0) { $0 + max(0, -load.free[$1.row]) }
        var best: (memory: Int, host: HostIndex)?
        for host in load.alive.prefix(8) {
            func helps(_ memory: Int) -> Bool {
                ToleranceQuestion(load.adding(memory, to: host), budget: budget / 8).holds(failures)
            }
            var (low, high) = (0, best?.memory ?? most)
            guard helps(high) else { continue }
            while high - low > max(1, most / 256) {
                let middle = (low + high) / 2
                if helps(middle) { high = middle } else { low = middle }
            }
            if high < best?.memory ?? .max { best = (high, host) }
        }
        return best.map { .addMemory($0.memory, host: $0.host) }
    }
}

/// What does not fit when hosts fail at once.
private struct Shortage {
    let machines: [String]
    let missing: Int

    init(_ load: PoolLoad, without hosts: HostSet, budget: Int) {
        missing = max(0, CapacityBound.missing(load, without: hosts))
        var after = load
        for host in hosts { after.fail(host) }
        var left: [String] = []
        // The largest are placed first: what is left over is what an operator would have to find room for.
        var search = ToleranceSearch(budget: budget, mayFail: HostSet())
        if case .holds = search.verdict(after, failures: 0) {
            machines = []
            return
        }
        for machine in after.homeless {
            let best = after.alive.filter { after.fits(machine, on: $0) }.max {
                after.free[$0.row] < after.free[$1.row]
            }
            if let best { after.place(machine, on: best) } else { left.append(after.machines[machine].name) }
        }
        machines = left
    }
}
