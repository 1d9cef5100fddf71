import ArgumentParser

/// The command line of Holdfast: reads and steers the pool through the sockets of the host that it runs on.
@main
struct Holdfast: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keeps virtual machines running when hosts fail.",
        discussion: """
            Every command talks to the daemon or the manager of this host and needs root.

            EXAMPLE: holdfast status --watch

            \(ExitStatus.help)
            """,
        version: Version.text,
        subcommands: [
            Status.self, Events.self, Why.self, Statefile.self, Plan.self, TimingCommand.self, VM.self,
            Host.self, Watchdog.self, Pool.self,
        ]
    )

    /// Runs the command of the arguments and ends with its exit status.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            exit()
        } catch let failure as CommandFailure {
            failure.exit()
        } catch {
            exit(withError: error)
        }
    }
}
