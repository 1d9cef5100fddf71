import ArgumentParser
import LivesetEngine
import SimulatorProof

/// Plays templates and swarm seeds and says which clauses of the protocol they reached.
struct Coverage: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which clauses of docs/PROTOCOL.md are reached, and by how many runs.",
        discussion: """
            Each branch of a clause that the engine can take has a mark. Templates are directed scenarios, one for \
            each situation that matters; the swarm is random. A clause that nothing reaches fails.

            EXAMPLES:
              holdfast-sim coverage
              holdfast-sim coverage --templates 4 --swarm 100
            """
    )

    @Option(help: "How many seeds each template is played with.")
    var templates = 2

    @Option(help: "The first seed that the templates are played with.")
    var from: UInt64 = 1

    @Option(help: "How many swarm seeds are played, of pools of 1 to 5 hosts in turn.")
    var swarm = 0

    @Option(help: "Only this template, with its outcome told.")
    var only: String?

    @Flag(help: "Tell the end of the trace of what fails.")
    var trace = false

    func run() throws {
        var coverage = ClauseCoverage()
        var hasFailed = false
        for template in Template.all where only == nil || only == template.name {
            for seed in from..<from + UInt64(max(1, templates)) {
                let outcome = template.run(seed: seed, keepsReport: trace)
                coverage.add(outcome.reached)
                guard let failure = outcome.failure else { continue }
                hasFailed = true
                print("FAILED \(template.name), seed \(seed): \(failure)")
                if let report = outcome.report { print(report) }
            }
        }
        for seed in 0..<UInt64(max(0, swarm)) {
            let run = SwarmRun(hosts: 1 + Int(seed % 5), seed: seed + 1)
            coverage.add(run.reached)
            guard let failure = run.failure else { continue }
            hasFailed = true
            print("FAILED swarm of \(1 + seed % 5), seed \(seed + 1): \(failure)")
        }
        print(coverage.table)
        if hasFailed || (only == nil && !coverage.unreached.isEmpty) { throw ExitCode.failure }
    }
}
