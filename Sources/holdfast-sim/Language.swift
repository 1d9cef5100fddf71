import ArgumentParser
import SimulatorScenarios

/// Prints every sentence that a scenario may hold.
struct Language: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every sentence that a scenario may hold."
    )

    func run() { print(Scenario.manual, terminator: "") }
}
