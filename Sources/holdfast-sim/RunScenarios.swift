import ArgumentParser
import SimulatorScenarios

/// Plays scenarios and says whether all that they expect came true.
struct RunScenarios: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Play scenarios, check every promise and expectation, and compare the golden traces.",
        discussion: """
            The golden trace of a scenario is a file beside it that holds the decisions of its run: views, fences, \
            certificates, masters, holds. It changes only with a reason.

            EXAMPLES:
              holdfast-sim run scenarios/matrix/3-storage-of-lab1.scenario --trace
              holdfast-sim run scenarios/*/*.scenario
              holdfast-sim run --update-golden scenarios/matrix/*.scenario
            """
    )

    @Argument(help: "The scenarios' files.", completion: .file(extensions: ["scenario"]))
    var files: [String]

    @Flag(help: "Print the decisions of each run.")
    var trace = false

    @Flag(help: "Write the golden traces anew instead of comparing them.")
    var updateGolden = false

    @Flag(help: "Only say what did not hold.")
    var quiet = false

    func run() throws {
        var failed = 0
        for path in files {
            let file = try ScenarioFile(path: path)
            let playback = file.scenario.play()
            var objections = playback.failures.map(\.reason)
            if updateGolden, playback.holds {
                try ScenarioFile.write(playback.goldenTrace, to: file.goldenPath)
            } else if playback.holds, let golden = file.golden {
                objections += GoldenComparison(golden, playback.goldenTrace).objection.map { [$0] } ?? []
            }
            if !objections.isEmpty { failed += 1 }
            show(file, playback, objections)
        }
        if !quiet { print("\(files.count) scenarios, \(failed) failed") }
        if failed > 0 { throw SimExit.broken }
    }

    private func show(_ file: ScenarioFile, _ playback: Playback, _ objections: [String]) {
        if !quiet || !objections.isEmpty {
            print("\(objections.isEmpty ? "held  " : "FAILED") \(file.path): \(file.scenario.title)")
        }
        for objection in objections { print("       \(objection)") }
        if trace { print(playback.goldenTrace, terminator: "") }
    }
}
