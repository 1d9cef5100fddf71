import AdminProtocol
import ArgumentParser

/// `holdfast pool ha-disable` ([LEAVE-2]).
struct PoolDisable: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "ha-disable",
        abstract: "Turn high availability off for the whole pool.",
        discussion: """
            The pool decides a view that says *disabled*; each host disarms its watchdog when it adopts it. \
            Guests run on, and nothing is restarted until 'holdfast pool ha-enable'.

            EXAMPLE: holdfast pool ha-disable
            """
    )

    @OptionGroup var asker: Operator
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        try confirmation.ask("No machine of this pool will be restarted until high availability is on again.")
        try order(DisableCommand(by: asker.name))
    }
}
