import AdminProtocol
import ArgumentParser

/// `holdfast pool set-master` ([VIEW-6]).
struct PoolSetMaster: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "set-master",
        abstract: "Let another host be the one that restarts machines.",
        discussion: """
            The host has to be a member whose statefile is live. Nothing stops while the master moves.

            EXAMPLE: holdfast pool set-master lab2
            """
    )

    @Argument(help: "The host, by its name in the pool.")
    var host: String

    @OptionGroup var asker: Operator
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws { try order(MoveMasterCommand(host: host, by: asker.name)) }
}
