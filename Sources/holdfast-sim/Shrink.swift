import ArgumentParser
import Glibc
import SimulatorScenarios

/// Makes a failing scenario smaller.
struct Shrink: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a failing scenario smaller: fewer faults and hosts, shorter, rounder times.",
        discussion: """
            A candidate counts when it breaks the same promise, or the same expectation. The result is written beside \
            the file, as NAME.small.scenario.

            EXAMPLE: holdfast-sim shrink swarm-77.scenario --runs 2000 --seeds 3
            """
    )

    @Argument(help: "The scenario's file.", completion: .file(extensions: ["scenario"]))
    var file: String

    @Option(help: "How many runs to spend at most.")
    var runs = 2000

    @Option(help: "With how many seeds each candidate is tried.")
    var seeds = 2

    @Option(name: .shortAndLong, help: "Where to write the result.", completion: .file())
    var output: String?

    func run() throws {
        let original = try ScenarioFile(path: file)
        print("seed \(original.scenario.seed), \(original.scenario.hosts) hosts: \(original.scenario.title)")
        let shrinker = Shrinker(original.scenario, runs: runs, seeds: seeds) { line in
            print(line)
            fflush(nil)
        }
        guard var shrinker else {
            throw SimExit.usage("holdfast-sim: all that \(file) expects holds; there is nothing to shrink")
        }
        shrinker.shrink()
        var result = shrinker.smallest
        result.found = result.play(hashesTrace: true).finding
        let path = output ?? String(original.goldenPath.dropLast(".golden".count)) + ".small.scenario"
        try ScenarioFile.write(result.text, to: path)
        print("\(result.text)written to \(path) after \(shrinker.runs) runs; it still fails:")
        print(shrinker.failure.reason)
        throw SimExit.broken
    }
}
