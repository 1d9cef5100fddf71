import AdminProtocol
import ArgumentParser

/// `holdfast host emergency-ha-disable` ([LEAVE-2]).
struct HostEmergencyDisable: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "emergency-ha-disable",
        abstract: "Disarm this host alone, without the statefile; its guests run on unguarded.",
        discussion: """
            The last resort when the statefile is gone for good and guests must not be reset. The host \
            publishes that it is unguarded first. From then on nobody restarts its machines until it is seen \
            to boot anew or 'holdfast host confirm-dead' says so. To turn high availability off for the pool \
            while the statefile works, use 'holdfast pool ha-disable'.

            EXAMPLE: holdfast host emergency-ha-disable --by "Ada Lovelace"
            """
    )

    @OptionGroup var asker: Operator
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        let name = try asker.answerable()
        try confirmation.ask(
            """
            This host will run without its watchdog. If it hangs or loses its disks, nothing stops it and nobody
            restarts its machines. On record: \(name).
            """
        )
        try order(EmergencyDisableCommand(isConfirmed: true, by: name))
    }
}
