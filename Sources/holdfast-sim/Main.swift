import ArgumentParser

/// The simulator's command line: pools of real engines under faults of every kind.
@main
struct HoldfastSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast-sim",
        abstract: "Plays faults against simulated pools and checks every promise.",
        discussion: """
            A scenario is a text that a person can read: how many hosts, what befalls them and when, and what has to \
            follow. A swarm draws scenarios from seeds; one that breaks a promise is written to a file, which plays \
            the same on every machine.

            EXAMPLES:
              holdfast-sim run scenarios/matrix/*.scenario
              holdfast-sim swarm --seeds 1..200 --hosts 2..5
              holdfast-sim replay swarm-77.scenario
              holdfast-sim shrink swarm-77.scenario
              holdfast-sim matrix

            \(SimExit.help)
            """,
        subcommands: [
            RunScenarios.self, SwarmSeeds.self, Replay.self, Shrink.self, Matrix.self, Language.self,
        ]
    )

    /// Runs the command of the arguments and ends with its exit status.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            exit()
        } catch let end as SimExit {
            end.leave()
        } catch  where exitCode(for: error) == .validationFailure {
            SimExit.usage(fullMessage(for: error)).leave()
        } catch {
            exit(withError: error)
        }
    }
}
