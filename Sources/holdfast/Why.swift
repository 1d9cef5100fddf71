import AdminProtocol
import ArgumentParser

/// `holdfast why`: the story behind a host or a machine.
struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Say why a host is in or out of the liveset, or why a machine runs where it does or not at all.",
        discussion: """
            EXAMPLE: holdfast why lab1
            EXAMPLE: holdfast why database
            """
    )

    @Argument(help: "A host of the pool or a machine.")
    var name: String

    @Flag(help: "The name is a host, even if a machine has it as well.")
    var host = false

    @Flag(help: "The name is a machine, even if a host has it as well.")
    var vm = false

    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func validate() throws {
        guard !host || !vm else { throw ValidationError("--host and --vm exclude each other") }
    }

    func run() throws {
        guard !vm else { return try WhyVM(name: name).show(connection, output) }
        let report = try connection.ask(.daemon, StatusCommand())
        if let found = report.hosts.first(where: { $0.name == name }) {
            return try WhyHost(report: report, host: found).show(connection, output)
        }
        guard !host else {
            let names = report.hosts.map(\.name).joined(separator: ", ")
            throw CommandFailure(.missing, "no host of this pool is called '\(name)'; there are: \(names)")
        }
        try WhyVM(name: name).show(connection, output)
    }
}
