import AdminProtocol
import ArgumentParser

/// `holdfast pool ha-enable` ([JOIN-3]).
struct PoolEnable: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "ha-enable",
        abstract: "Turn high availability on again for a disabled pool.",
        discussion: """
            Every host of the pool has to join before it becomes active; 'holdfast status' says who is missing.

            EXAMPLE: holdfast pool ha-enable && holdfast status --watch
            """
    )

    @OptionGroup var asker: Operator
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws { try order(EnableCommand(by: asker.name)) }
}
