import AdminProtocol
import ArgumentParser

/// `holdfast host stay`: takes a `leave` back.
struct HostStay: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "stay",
        abstract: "Let this host stay in, or come back into, the liveset after 'host leave'.",
        discussion: "EXAMPLE: holdfast host stay"
    )

    @OptionGroup var asker: Operator
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws { try order(StayCommand(by: asker.name)) }
}
