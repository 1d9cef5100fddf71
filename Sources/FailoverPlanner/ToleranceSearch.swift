import PoolModel

/// Whether a pool can take n more host failures, whichever hosts fail and in whatever order.
enum ToleranceVerdict: Sendable {
    /// It can: there is an answer to every failure.
    case holds
    /// It cannot: some failure has no answer.
    case breaks
    /// Neither was found within the bound of the search.
    case unknown
}

/// The game of failures, n times: one host fails, and its machines are placed on the others, where they stay.
///
/// The pool holds when every failure has an answer after which it still holds. Exact: an answer is looked for
/// among all placements, with what is symmetric tried once, and results of equal situations are remembered.
/// First the cheap ways: memory in total (a sure no), two packings by greed (a sure yes when one holds).
/// The number of placements tried is bounded; beyond it the answer is `unknown`.
struct ToleranceSearch {
    /// How many placements may still be tried.
    private var budget: Int
    /// Hosts that may fail; the others are spared, which is how a witness is checked.
    private let mayFail: HostSet
    private var known: [Situation: ToleranceVerdict] = [:]
    /// The pool with its homeless machines placed, once they were placed so that it holds.
    private(set) var placed: PoolLoad?

    /// So many machines at most are told apart in remembered situations.
    private static let memoLimit = 48
    /// What one placement of the exact search costs, in placements by greed.
    private static let searchCost = 8

    init(budget: Int, mayFail: HostSet) {
        self.budget = budget
        self.mayFail = mayFail
    }

    /// Whether the pool holds `failures` more failures; its homeless machines are placed first.
    mutating func verdict(_ load: PoolLoad, failures: Int) -> ToleranceVerdict {
        placed = nil
        return answer(load, to: load.homeless, failures: failures, isFirst: true)
    }

    /// Whether every next failure has an answer; nobody is homeless.
    private mutating func withstands(_ load: PoolLoad, failures: Int) -> ToleranceVerdict {
        guard failures > 0 else { return .holds }
        if load.machines.isEmpty { return failures <= load.alive.count ? .holds : .breaks }
        let targets = load.alive.intersection(mayFail)
        guard failures <= targets.count else {
            // Where hosts are spared, fewer failures are all there are.
            return load.alive.isSubset(of: mayFail) ? .breaks : withstands(load, failures: targets.count)
        }
        guard budget > 0 else { return .unknown }
        if CapacityBound.surelyBreaks(load, failures: failures, among: targets) { return .breaks }
        let situation = load.machines.count <= Self.memoLimit ? Situation(load, failures) : nil
        if let situation, let verdict = known[situation] { return verdict }
        var verdict = ToleranceVerdict.holds
        for host in targets.sorted(by: { load.load(of: $0) > load.load(of: $1) }) {
            var after = load
            after.fail(host)
            switch answer(after, to: after.homeless, failures: failures - 1) {
            case .holds: continue
            case .unknown: verdict = .unknown
            case .breaks:
                if let situation { known[situation] = .breaks }
                return .breaks
            }
        }
        if let situation, verdict == .holds { known[situation] = verdict }
        return verdict
    }

    /// Whether the homeless machines can be placed so that the pool withstands `failures` more.
    private mutating func answer(
        _ load: PoolLoad,
        to homeless: [Int],
        failures: Int,
        isFirst: Bool = false
    ) -> ToleranceVerdict {
        guard !homeless.isEmpty else {
            if isFirst { placed = load }
            return withstands(load, failures: failures)
        }
        for policy in PackingPolicy.allCases {
            // A packing looks at every host for every machine.
            budget -= homeless.count * max(1, load.alive.count / 16)
            guard let packed = policy.pack(load, homeless) else { continue }
            if case .holds = withstands(packed, failures: failures) {
                if isFirst { placed = packed }
                return .holds
            }
        }
        let room = load.alive.reduce(0) { $0 + load.room(on: $1) }
        let need = homeless.reduce(0) { $0 + load.machines[$1].size }
        guard need <= room else { return .breaks }
        var trial = load
        let verdict = search(&trial, homeless[...], after: nil, failures: failures)
        if isFirst, case .holds = verdict { placed = trial }
        return verdict
    }

    /// Tries every placement of the machines that are left; equal machines go to rows in rising order.
    private mutating func search(
        _ load: inout PoolLoad,
        _ left: ArraySlice<Int>,
        after former: (machine: Int, host: HostIndex)?,
        failures: Int
    ) -> ToleranceVerdict {
        guard let machine = left.first else { return withstands(load, failures: failures) }
        guard budget > 0 else { return .unknown }
        var verdict = ToleranceVerdict.breaks
        var tried = Set<HostShape>()
        for host in load.alive where load.fits(machine, on: host) {
            if let former, host < former.host, load.isAlike(former.machine, machine) { continue }
            let shape = HostShape(load, host, failures: failures, mayFail: mayFail.contains(host))
            guard tried.insert(shape).inserted else { continue }
            budget -= Self.searchCost
            load.place(machine, on: host)
            let next = search(&load, left.dropFirst(), after: (machine, host), failures: failures)
            // A placement that holds stays as it is, for whoever asks where the machines are to go.
            if case .holds = next { return .holds }
            load.lift(machine)
            if case .unknown = next { verdict = .unknown }
            if budget <= 0 { return .unknown }
        }
        return verdict
    }
}

/// Two packings by greed: they give most answers at once.
private enum PackingPolicy: CaseIterable {
    /// Onto the host with the most room: keeps the load even.
    case emptiest
    /// Onto the host with the least room that suffices: keeps large holes.
    case fullest

    func pack(_ load: PoolLoad, _ homeless: [Int]) -> PoolLoad? {
        var packed = load
        for machine in homeless {
            var best: HostIndex?
            for host in packed.alive where packed.fits(machine, on: host) {
                guard let chosen = best else {
                    best = host
                    continue
                }
                let isEmptier = packed.free[host.row] > packed.free[chosen.row]
                if self == .emptiest ? isEmptier : packed.free[host.row] < packed.free[chosen.row] {
                    best = host
                }
            }
            guard let best else { return nil }
            packed.place(machine, on: best)
        }
        return packed
    }
}

extension PoolLoad {
    /// Whether two machines are the same but for their names.
    func isAlike(_ left: Int, _ right: Int) -> Bool {
        machines[left].size == machines[right].size && machines[left].allowed == machines[right].allowed
    }
}

/// What tells one host from another for the rest of the search; hosts of equal shape are tried once.
private struct HostShape: Hashable {
    private let free: Int
    private let contents: [Int]
    private let mayFail: Bool
    /// The machines that may run there, by place; empty where every machine may run everywhere.
    private let welcomes: [Int]

    init(_ load: PoolLoad, _ host: HostIndex, failures: Int, mayFail: Bool) {
        self.mayFail = failures > 0 && mayFail
        free = load.free[host.row]
        // With no failure to come nobody moves again.
        contents =
            failures == 0 ? [] : load.machines(on: host).map { load.machines[$0].size }
        let isEven = load.machines.allSatisfy { load.alive.isSubset(of: $0.allowed) }
        welcomes = isEven ? [] : load.machines.indices.filter { load.machines[$0].allowed.contains(host) }
    }
}

/// A situation to remember: who is alive, where each machine is, how many failures are to come.
private struct Situation: Hashable {
    private let alive: UInt64
    private let homes: [UInt8]
    private let failures: Int

    init(_ load: PoolLoad, _ failures: Int) {
        alive = load.alive.bits
        homes = load.homes.map { $0?.rawValue ?? .max }
        self.failures = failures
    }
}
