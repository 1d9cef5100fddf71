import LivesetEngine
import SimulatorProof
import Testing

@Suite("Clauses that are reached, and templates that hold")
struct CoverageTests {
    /// Seeds of each template: enough for each clause, with some to spare.
    private static let templateSeeds = 4
    /// And at most, where the last clauses need luck.
    private static let mostTemplateSeeds = 30
    /// Swarm seeds of each pool size.
    private static let swarmSeeds: UInt64 = 4

    @Test("every clause of the protocol is reached, and every template holds for the engine as it is")
    func allReached() {
        var (coverage, failures) = ClauseCoverage.ofTemplates(
            seedsEach: CoverageTests.templateSeeds,
            limit: CoverageTests.mostTemplateSeeds
        )
        for hosts in 1...5 {
            for seed in 1...CoverageTests.swarmSeeds {
                let run = SwarmRun(hosts: hosts, seed: seed)
                coverage.add(run.reached)
                if let failure = run.failure { failures.append(failure) }
            }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        #expect(coverage.unreached.isEmpty, "\(coverage.unreached.map(\.words)) in \(coverage.runCount) runs")
    }

    @Test("what nobody reached is told, and comes first in the table")
    func unreachedIsTold() {
        var coverage = ClauseCoverage()
        var reached = ClauseSet()
        reached.insert(.view1Turn)
        coverage.add(reached)
        #expect(coverage.count(of: .view1Turn) == 1)
        #expect(coverage.unreached.count == Clause.allCases.count - 1)
        #expect(!coverage.unreached.contains(.view1Turn))
        let lines = coverage.table.split(separator: "\n")
        #expect(lines.last?.hasSuffix("VIEW-1 turn") == true)
        #expect(lines.count == Clause.allCases.count + 1)
    }

    @Test("marks are a union of sets, bit by bit")
    func sets() {
        var all = ClauseSet()
        for clause in Clause.allCases {
            #expect(!all.contains(clause))
            var one = ClauseSet()
            one.insert(clause)
            all.formUnion(one)
            #expect(all.contains(clause))
        }
        #expect(all.count == Clause.allCases.count)
    }

    @Test("names of templates are their own, and the same seed plays the same")
    func templates() {
        #expect(Set(Template.all.map(\.name)).count == Template.all.count)
        for name in ["duel", "late-datagrams"] {
            let first = Template.named(name)?.run(seed: 3)
            let second = Template.named(name)?.run(seed: 3)
            #expect(first?.reached == second?.reached)
            #expect(first?.simulated == second?.simulated)
        }
    }
}
