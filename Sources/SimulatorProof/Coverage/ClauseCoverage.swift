public import LivesetEngine

/// Which clauses a number of runs reached, and how many runs reached each.
public struct ClauseCoverage: Sendable {
    private var counts: [Int] = Array(repeating: 0, count: Clause.allCases.count)
    /// How many runs were counted.
    public private(set) var runCount = 0

    /// Nothing reached yet.
    public init() {}

    /// Counts one run.
    public mutating func add(_ reached: ClauseSet) {
        runCount += 1
        for clause in Clause.allCases where reached.contains(clause) { counts[Int(clause.rawValue)] += 1 }
    }

    /// Counts the runs of another count as well.
    public mutating func add(_ other: ClauseCoverage) {
        runCount += other.runCount
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// How many runs reached `clause`.
    public func count(of clause: Clause) -> Int { counts[Int(clause.rawValue)] }

    /// The clauses that no run reached.
    public var unreached: [Clause] { Clause.allCases.filter { count(of: $0) == 0 } }

    /// One line a clause: how many runs reached it; the unreached first.
    public var table: String {
        let order = Clause.allCases.sorted { (count(of: $0) == 0 ? 0 : 1) < (count(of: $1) == 0 ? 0 : 1) }
        let lines = order.map { clause in
            let count = "\(count(of: clause))"
            return String(repeating: " ", count: max(0, 7 - count.count)) + count + "  " + clause.words
        }
        let reached = Clause.allCases.count - unreached.count
        return "   runs  clause (\(reached) of \(Clause.allCases.count) reached in \(runCount) runs)\n"
            + lines.joined(separator: "\n")
    }
}

extension ClauseCoverage {
    /// Plays every template with `seedsEach` seeds, and with up to `limit` while a clause is unreached.
    ///
    /// Gives the failures as well: a template holds for the engine as it is.
    public static func ofTemplates(
        seedsEach: Int,
        limit: Int
    ) -> (coverage: ClauseCoverage, failures: [String]) {
        var coverage = ClauseCoverage()
        var failures: [String] = []
        for seed in 1...max(1, limit) {
            if seed > seedsEach, coverage.unreached.isEmpty { break }
            for template in Template.all {
                let outcome = template.run(seed: UInt64(seed))
                coverage.add(outcome.reached)
                if let failure = outcome.failure { failures.append("\(template.name): \(failure)") }
            }
        }
        return (coverage, failures)
    }
}
