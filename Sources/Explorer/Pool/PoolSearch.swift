import LivesetEngine
import PoolModel

/// One bounded search of whole engines.
public struct PoolPlan: Hashable, Sendable {
    /// How many hosts.
    public var hosts: Int
    /// Where it begins.
    public var start: PoolStart
    /// How many deviations a path may have in all.
    public var budget: Int
    /// How many steps it looks ahead.
    public var depth: Int
    /// Which deviations are tried.
    public var kinds = DeviationKinds.all
    /// How much longer than promised a watchdog takes: a world that breaks its promise, to see that it is
    /// noticed.
    public var watchdogIsLate = 0

    /// The plan with these bounds.
    public init(hosts: Int, start: PoolStart, budget: Int, depth: Int) {
        self.hosts = hosts
        self.start = start
        self.budget = budget
        self.depth = depth
    }
}

/// What a search of whole engines found.
public struct PoolReport: Sendable {
    /// What was searched.
    public var plan: PoolPlan
    /// How it ended.
    public var end = SearchEnd.exhausted
    /// How many different situations were met.
    public var states = 0
    /// How many steps were taken.
    public var transitions = 0
    /// How many steps the farthest situation is away from the start.
    public var depth = 0
    /// How many bytes the known situations took.
    public var bytes = 0
    /// What happened on the ways.
    public var reached = PoolReached()
    /// The steps to the violation, in words.
    public var path: [String] = []
}

/// Depth-first search over all choices of at most `budget` deviations within `depth` steps.
///
/// A situation that was met before, with as much of both left, is not gone through again. Hosts are not
/// interchangeable (rows decide ties, ranks and ballots), so there is no reduction by symmetry.
public struct PoolSearch {
    private let plan: PoolPlan
    private let bench: PoolBench
    private let isOver: () -> Bool
    private let memoryLimit: Int
    private var known = KnownSituations()
    private var report: PoolReport
    private var way: [[Deviation]] = []
    private var isDone = false

    /// Searches until everything within the bounds was seen, a promise is broken, or `isOver` says so.
    public static func run(
        _ plan: PoolPlan,
        memoryLimit: Int = 5 << 30,
        isOver: @escaping () -> Bool = { false }
    ) -> PoolReport {
        var search = PoolSearch(plan, memoryLimit: memoryLimit, isOver: isOver)
        return search.run()
    }

    private init(_ plan: PoolPlan, memoryLimit: Int, isOver: @escaping () -> Bool) {
        self.plan = plan
        self.memoryLimit = memoryLimit
        self.isOver = isOver
        bench = PoolBench(hostCount: plan.hosts)
        report = PoolReport(plan: plan)
    }

    private func begin() -> Situation? {
        let start = plan.start.situation(hostCount: plan.hosts, on: bench)
        start?.watchdogDelay = PoolClock.step * plan.watchdogIsLate
        return start
    }

    private mutating func run() -> PoolReport {
        guard let start = begin() else {
            report.end = .violated
            report.path = ["the start \(plan.start.rawValue) with \(plan.hosts) hosts does not come about"]
            return report
        }
        bench.reached = PoolReached()
        _ = known.isNews(start.fingerprint(), budget: plan.budget, steps: plan.depth)
        explore(start, budget: plan.budget, steps: plan.depth)
        report.states = known.count
        report.bytes = known.bytes
        report.reached = bench.reached
        if report.end == .violated { report.path = retell() }
        return report
    }

    private mutating func explore(_ situation: Situation, budget: Int, steps: Int) {
        guard steps > 0, !isDone else { return }
        let menu = budget > 0 ? situation.deviations(plan.kinds) : []
        choose(from: menu, at: 0, chosen: [], situation, budget: budget, steps: steps)
    }

    /// Every set of deviations of the menu that the budget allows for, the empty one first.
    private mutating func choose(
        from menu: [Deviation],
        at first: Int,
        chosen: [Deviation],
        _ situation: Situation,
        budget: Int,
        steps: Int
    ) {
        take(chosen, situation, budget: budget, steps: steps - 1)
        guard budget > 0 else { return }
        for index in first..<menu.count where !isDone {
            choose(
                from: menu,
                at: index + 1,
                chosen: chosen + [menu[index]],
                situation,
                budget: budget - 1,
                steps: steps
            )
        }
    }

    private mutating func take(_ chosen: [Deviation], _ situation: Situation, budget: Int, steps: Int) {
        guard !isDone else { return }
        let next = situation.copy()
        next.advance(chosen, on: bench)
        report.transitions += 1
        report.depth = max(report.depth, plan.depth - steps)
        way.append(chosen)
        defer { way.removeLast() }
        if plan.start == .formed, plan.budget - budget == 1, !next.wasAskedOut { next.checkSingleFault() }
        if next.violation != nil {
            report.end = .violated
            violation = way
            isDone = true
            return
        }
        if report.transitions & 0x3FF == 0, isOver() || known.bytes > memoryLimit {
            report.end = .cut
            isDone = true
            return
        }
        guard known.isNews(next.fingerprint(), budget: budget, steps: steps) else { return }
        explore(next, budget: budget, steps: steps)
    }

    private var violation: [[Deviation]] = []

    /// Goes the way to the violation again and tells it.
    private func retell() -> [String] {
        guard let situation = begin() else { return [] }
        bench.trace = ["\(plan.hosts) hosts, start: \(plan.start.rawValue), at step \(situation.step)"]
        for deviations in violation { situation.advance(deviations, on: bench) }
        if situation.violation == nil, plan.start == .formed { situation.checkSingleFault() }
        let lines = bench.trace ?? []
        bench.trace = nil
        return lines + [situation.violation ?? "the violation did not come again"]
    }
}
