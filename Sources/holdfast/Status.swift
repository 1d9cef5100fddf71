import AdminProtocol
import ArgumentParser
import Glibc

/// `holdfast status`: the pool as this host sees it.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the liveset, who hears whom, the statefile, the lease and the fencing of this host.",
        discussion: """
            The exit status is 0 when this host is a member of an active pool with its fencing armed, its \
            statefile live and no hold in force; 3 when it answers but something of that is missing.

            EXAMPLE: holdfast status --watch
            EXAMPLE: holdfast status --json | jq -r .master
            """
    )

    @Flag(name: .shortAndLong, help: "Show it again and again until interrupted.")
    var watch = false

    @Option(help: ArgumentHelp("Seconds between two looks of --watch.", valueName: "seconds"))
    var interval = 1.0

    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func validate() throws {
        guard interval >= 0.1, interval <= 3600 else {
            throw ValidationError("--interval \(interval) is not between 0.1 and 3600 seconds")
        }
    }

    func run() throws {
        guard !watch else { return try lookAgainAndAgain() }
        let report = try connection.ask(.daemon, StatusCommand())
        try output.show(report) { StatusText(report: report, ink: $0).text }
        guard Protection(of: report).isFull else { throw ExitCode(ExitStatus.reduced.rawValue) }
    }

    /// Runs until it is interrupted; a daemon that does not answer is shown as that and asked again.
    private func lookAgainAndAgain() throws {
        let client = connection.client(of: .daemon)
        let clear = isatty(STDOUT_FILENO) == 1 && !output.json ? "\u{1B}[H\u{1B}[2J" : ""
        while true {
            do throws(CommandFailure) {
                let report = try client.ask(.daemon, StatusCommand())
                let text =
                    output.json
                    ? try Output.json(report, isOneLine: true)
                    : StatusText(report: report, ink: output.ink).text
                print(clear + text)
            } catch {
                guard error.status != .forbidden, error.status != .badData else { throw error }
                print(output.json ? "{\"error\":\"\(error.status)\"}" : clear + output.ink.bad(error.message))
            }
            fflush(nil)
            usleep(UInt32(interval * 1_000_000))
        }
    }
}
