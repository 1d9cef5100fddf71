import AdminProtocol
import ArgumentParser

/// `holdfast host stay`: takes a `leave` back.
struct HostStay: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "stay",
        abstract: "Take a 'host leave' back that is not carried out yet.",
        discussion: """
            A host that has left already comes back when its daemon is started anew: 'systemctl restart holdfastd'.

            EXAMPLE: holdfast host stay
            """
    )

    @OptionGroup var asker: Operator
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws { try order(StayCommand(by: asker.name)) }
}
