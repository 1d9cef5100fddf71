/// One search, and what is expected of it.
public struct ExplorerCase: Hashable, Sendable {
    /// What is searched.
    public enum Search: Hashable, Sendable {
        /// The core of leases, vouches and certificates, completely.
        case core(CorePlan)
        /// Whole engines, within bounds.
        case pool(PoolPlan)
    }
    /// What it shows, in a few words.
    public var name: String
    /// What is searched.
    public var search: Search
    /// How it has to end: a search that must find something shows that the others are not blind.
    public var expected: SearchEnd

    /// The case with these fields.
    public init(_ name: String, _ search: Search, expected: SearchEnd = .exhausted) {
        self.name = name
        self.search = search
        self.expected = expected
    }

    /// The bounds of the search: `G 2  W 2  D 4`.
    public var bounds: String {
        switch search {
        case .core(let plan): "G \(plan.grace)  W \(plan.watchdog)  D \(plan.bound)"
        case .pool(let plan): "\(plan.hosts) hosts, \(plan.budget) deviations, \(plan.depth) steps"
        }
    }
}

/// What one case gave.
public struct ExplorerRow: Sendable {
    /// The case.
    public var tried: ExplorerCase
    /// How the search ended.
    public var end: SearchEnd
    /// How many different states were met.
    public var states = 0
    /// How many transitions were taken.
    public var transitions = 0
    /// How many moves or steps the farthest state is away from the start.
    public var depth = 0
    /// How many bytes the states took.
    public var bytes = 0
    /// How long it took.
    public var time = Duration.zero
    /// What happened on the ways of a search of whole engines.
    public var reached: PoolReached?
    /// The way to a violation, in words.
    public var path: [String] = []

    /// Whether it ended as it has to.
    public var isAsExpected: Bool { end == tried.expected }
}

/// What all cases gave.
public struct ExplorerReport: Sendable {
    /// One row a case.
    public var rows: [ExplorerRow]

    /// A promise is broken, or a search that has to find something did not.
    public var isBroken: Bool { rows.contains { $0.end != .cut && !$0.isAsExpected } }
    /// The time or the memory was used up before everything was seen.
    public var isCut: Bool { rows.contains { $0.end == .cut } }
}

/// Runs searches, one after the other.
public enum Explorer {
    /// Searches each case until it is through or `limit` is over for all of them; tells each row as it comes.
    public static func run(
        _ cases: [ExplorerCase],
        limit: Duration? = nil,
        memoryLimit: Int = 5 << 30,
        told: (ExplorerRow) -> Void = { _ in }
    ) -> ExplorerReport {
        let began = ContinuousClock.now
        let isOver = { limit.map { ContinuousClock.now - began > $0 } ?? false }
        var rows: [ExplorerRow] = []
        for tried in cases {
            let row = isOver() ? ExplorerRow(tried: tried, end: .cut) : run(tried, memoryLimit, isOver)
            told(row)
            rows.append(row)
        }
        return ExplorerReport(rows: rows)
    }

    private static func run(_ tried: ExplorerCase, _ memoryLimit: Int, _ isOver: @escaping () -> Bool)
        -> ExplorerRow
    {
        let began = ContinuousClock.now
        var row = ExplorerRow(tried: tried, end: .cut)
        switch tried.search {
        case .core(let plan):
            let report = CoreSearch.run(plan, memoryLimit: memoryLimit, isOver: isOver)
            (row.end, row.states, row.transitions) = (report.end, report.states, report.transitions)
            (row.depth, row.bytes, row.path) = (report.depth, report.bytes, report.path)
        case .pool(let plan):
            let report = PoolSearch.run(plan, memoryLimit: memoryLimit, isOver: isOver)
            row.reached = report.reached
            (row.end, row.states, row.transitions) = (report.end, report.states, report.transitions)
            (row.depth, row.bytes, row.path) = (report.depth, report.bytes, report.path)
        }
        row.time = ContinuousClock.now - began
        return row
    }
}
