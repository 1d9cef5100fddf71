import AdminProtocol
import ArgumentParser

/// `holdfast host clear-hold-out` ([FAULT-7], [FAULT-8]).
struct HostClearHoldOut: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "clear-hold-out",
        abstract: "Let this host join again although it was removed, or fenced itself, too often.",
        discussion: """
            Find out first what made it fall out so often: 'holdfast why' with the name of this host.

            EXAMPLE: holdfast host clear-hold-out
            """
    )

    @OptionGroup var asker: Operator
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws { try order(ClearHoldOutCommand(by: asker.name)) }
}
