import AdminProtocol
import ArgumentParser

/// `holdfast host leave` ([LEAVE-1]).
struct HostLeave: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Take this host out of the liveset cleanly, for maintenance or shutdown.",
        discussion: """
            Works only while no guest runs here: the daemon refuses otherwise and stays armed. Afterwards \
            the watchdog is disarmed, nothing is restarted and nothing is alarmed. 'holdfast host stay' \
            takes it back.

            EXAMPLE: holdfast host leave
            """
    )

    @OptionGroup var asker: Operator
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws { try order(LeaveCommand(by: asker.name)) }
}
