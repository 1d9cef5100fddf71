import AdminProtocol
import ArgumentParser

/// `holdfast host confirm-off` ([DEAD-4]).
struct HostConfirmOff: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "confirm-off",
        abstract:
            "Report that a fence agent saw a host's power off, or that its access to the disks is revoked.",
        discussion: """
            For scripts around a power switch, a management board or a storage target. It only ever shortens \
            the wait for the certificate. Report only what the device confirmed, never what it was asked to \
            do.

            EXAMPLE: holdfast host confirm-off lab3 --by ipmi --yes
            """
    )

    @Argument(help: "The host, by its name in the pool.")
    var host: String

    @OptionGroup var asker: Operator
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        try confirmation.ask(
            "You say that \(host) is confirmed to be off; its machines are restarted at once."
        )
        try order(ConfirmOffCommand(host: host, by: asker.name))
    }
}
