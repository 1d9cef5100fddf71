import PoolModel

/// How a search ended.
public enum SearchEnd: String, Hashable, Sendable {
    /// Every state within the bounds was seen, and all were clean.
    case exhausted
    /// A promise is broken.
    case violated
    /// The time or the memory was used up first.
    case cut
}

/// What a search of the core found.
public struct CoreReport: Sendable {
    /// What was searched.
    public var plan: CorePlan
    /// How it ended.
    public var end: SearchEnd
    /// How many states were met.
    public var states: Int
    /// How many transitions were taken.
    public var transitions: Int
    /// How many steps the farthest state is away from the start; to the violation, where there is one.
    public var depth: Int
    /// How many bytes the states took.
    public var bytes: Int
    /// The steps that lead to the violation, in words.
    public var path: [String]
}

/// Complete breadth-first search of the core.
public enum CoreSearch {
    /// Searches until everything was seen, a promise is broken, or `isOver` says so; it is asked now and
    /// then.
    public static func run(
        _ plan: CorePlan,
        memoryLimit: Int = 5 << 30,
        isOver: () -> Bool = { false }
    ) -> CoreReport {
        var model = CoreModel(plan)
        var store = StateStore()
        var report = CoreReport(plan: plan, end: .exhausted, states: 0, transitions: 0, depth: 0, bytes: 0, path: [])
        _ = store.insert(CoreKey(model.start), from: 0)
        var index = 0
        var levelEnd = 1
        search: while index < store.count {
            if index == levelEnd {
                report.depth += 1
                levelEnd = store.count
            }
            model.expand(store.keys[index].state)
            report.transitions += model.next.count
            if model.isViolated {
                report.end = .violated
                report.path = words(store.path(to: index), &model)
                break search
            }
            for (_, state) in model.next { _ = store.insert(CoreKey(state), from: index) }
            index += 1
            if index & 0xFFFF == 0, isOver() || store.bytes > memoryLimit {
                report.end = .cut
                break search
            }
        }
        report.states = store.count
        report.bytes = store.bytes
        return report
    }

    /// Tells a path: between two states, the move that leads from the one to the other.
    private static func words(_ path: [CoreKey], _ model: inout CoreModel) -> [String] {
        var lines: [String] = []
        var tick = 0
        for (from, to) in zip(path, path.dropFirst()) {
            model.expand(from.state)
            guard let step = model.next.first(where: { CoreKey($0.state) == to }) else { continue }
            if step.move == .tick { tick += 1 }
            lines.append("t=\(tick)  " + step.move.words(step.state))
        }
        guard let last = path.last else { return lines }
        let state = last.state
        lines.append(
            "t=\(tick)  P's read completes and certifies B dead, whose watchdog resets it only \(state.dog) ticks later"
                + (state.check > 0 ? ", and who has a feed in hand" : "")
        )
        return lines
    }
}
