/// The searches of whole engines.
public enum PoolCases {
    /// Those that are through in seconds.
    public static func quick(hosts: Int) -> [ExplorerCase] {
        starts(hosts).map { start in
            ExplorerCase("from \(start.rawValue)", .pool(PoolPlan(hosts: hosts, start: start, budget: 1, depth: 26)))
        } + [broken(hosts: hosts)]
    }

    /// Those that take minutes.
    public static func full(hosts: Int) -> [ExplorerCase] {
        var cases = starts(hosts).map { start in
            ExplorerCase("from \(start.rawValue)", .pool(PoolPlan(hosts: hosts, start: start, budget: 2, depth: 26)))
        }
        if hosts == 2 {
            let plan = PoolPlan(hosts: hosts, start: .formed, budget: 3, depth: 12)
            cases.append(ExplorerCase("from \(plan.start.rawValue)", .pool(plan)))
        }
        return cases + [broken(hosts: hosts)]
    }

    /// A host of two that loses its storage is not vouched for: it fences.
    private static func starts(_ hosts: Int) -> [PoolStart] {
        PoolStart.allCases.filter { hosts > 2 || $0 != .vouched }
    }

    /// A world whose watchdogs reset far later than promised: the oracle of SAFE-1 has to see it.
    private static func broken(hosts: Int) -> ExplorerCase {
        var plan = PoolPlan(hosts: hosts, start: .formed, budget: 1, depth: 26)
        plan.watchdogIsLate = 30
        return ExplorerCase("watchdogs that break their promise", .pool(plan), expected: .violated)
    }
}
