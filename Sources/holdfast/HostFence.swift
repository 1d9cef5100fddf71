import AdminProtocol
import ArgumentParser

/// `holdfast host fence` ([FAULT-6]).
struct HostFence: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "fence",
        abstract: "Have the pool stop a host and restart its protected machines elsewhere.",
        discussion: """
            The pool decides a view without the host. The host resets itself when it reads that view, or \
            when its lease runs out; nothing of it is restarted before it is certified dead. To take a host \
            out for maintenance, move its machines away and use 'holdfast host leave' on it instead.

            EXAMPLE: holdfast host fence lab2
            """
    )

    @Argument(help: "The host, by its name in the pool.")
    var host: String

    @OptionGroup var asker: Operator
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        try confirmation.ask("\(host) will be reset, and every guest that runs on it with it.")
        try order(FenceCommand(host: host, by: asker.name))
    }
}
