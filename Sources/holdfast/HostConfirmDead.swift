import AdminProtocol
import ArgumentParser

/// `holdfast host confirm-dead` ([DEAD-5]).
struct HostConfirmDead: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "confirm-dead",
        abstract: "Answer with your name for it that a host is dead, so that its machines may be restarted.",
        discussion: """
            Only ever needed where nothing else can prove it, such as after an emergency disable or a full \
            outage. If the host is not dead its machines will run twice and their disks will be destroyed: \
            pull its power cord first. Your name and the time are kept with every restart that rests on it.

            EXAMPLE: holdfast host confirm-dead lab3 --by "Ada Lovelace"
            """
    )

    @Argument(help: "The host, by its name in the pool.")
    var host: String

    @OptionGroup var asker: Operator
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        let name = try asker.answerable()
        try confirmation.ask(
            """
            You say that \(host) has no power, runs nothing and writes to no disk.
            If that is wrong its machines run twice and their disks are destroyed. On record: \(name).
            """
        )
        try order(ConfirmDeadCommand(host: host, by: name))
    }
}
