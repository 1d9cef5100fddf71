import ArgumentParser
import LivesetEngine
import SimulatorProof

/// Breaks the protocol on purpose, one clause at a time, and sees whether the proof notices.
struct Mutants: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Break the protocol on purpose, one clause at a time: each break has to be caught.",
        discussion: """
            Without options each mutant meets the run that is known to catch it (docs/MUTANTS.md). This needs a build \
            with the mutants in it, which is for tests only: scripts/mutants.sh makes one and runs this.

            EXAMPLES:
              holdfast-sim mutants
              holdfast-sim mutants --only grantDatedAtReceipt --search --seconds 300
            """
    )

    @Option(help: "Only these mutants, by name.")
    var only: [String] = []

    @Flag(help: "Look for a catcher anew instead of trying the known one.")
    var search = false

    @Option(help: "How long to look for each.")
    var seconds = 120

    @Option(help: "How many seeds of each template and of the swarm to try.")
    var seeds: UInt64 = 50

    @Option(help: "Only this template; tells the end of the trace of what is caught, or of the last run.")
    var with: String?

    @Flag(help: "Print the table of docs/MUTANTS.md.")
    var markdown = false

    func run() throws {
        #if HOLDFAST_MUTANTS
            try hunt()
        #else
            print(
                """
                This build holds no mutants, and should not: they are breakages for tests. To run them:
                  scripts/mutants.sh
                which builds with -Xswiftc -DHOLDFAST_MUTANTS into a folder of its own.
                """
            )
            throw ExitCode(2)
        #endif
    }

    #if HOLDFAST_MUTANTS
        private func watch(_ mutants: [Mutant], _ name: String) {
            guard let template = Template.named(name) else { return print("no template \(name)") }
            for mutant in mutants {
                for seed in 1...max(1, seeds) {
                    let mutation = Mutation(mutant)
                    let outcome = template.run(seed: seed, mutation: mutation, keepsReport: true)
                    if outcome.failure == nil, seed < seeds { continue }
                    print(outcome.report ?? "no promise broken", outcome.failure ?? "")
                    break
                }
            }
        }

        private func hunt() throws {
            let chosen = Mutant.allCases.filter { only.isEmpty || only.contains($0.rawValue) }
            if let with { return watch(chosen, with) }
            var survivors = 0
            for mutant in chosen {
                let result =
                    search
                    ? MutantHunt.search(mutant, limit: .seconds(seconds), seeds: seeds)
                    : MutantHunt.recheck(mutant)
                if result.catcher == nil { survivors += 1 }
                print(markdown ? result.row : result.line)
            }
            print("\(chosen.count) mutants, \(survivors) survived")
            if survivors > 0 || chosen.isEmpty { throw ExitCode.failure }
        }
    #endif
}

#if HOLDFAST_MUTANTS
    extension MutantHunt.Result {
        private var seconds: String { "\((length / .milliseconds(10)).rounded() / 100)" }

        /// For people.
        var line: String {
            guard let catcher else { return "SURVIVED \(mutant.rawValue) (\(runs) runs, \(seconds) s)" }
            let how = failure.map { "\(runs) runs, \(seconds) s: \($0)" } ?? "see docs/MUTANTS.md"
            return "caught \(mutant.rawValue) by \(catcher.words) (\(how))"
        }

        /// A row of the table in docs/MUTANTS.md.
        var row: String {
            let who = catcher?.words ?? "**survived**"
            let cells = [
                "`\(mutant.rawValue)`", mutant.clause, who, oracle ?? "", failure == nil ? "" : seconds,
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
    }
#endif
