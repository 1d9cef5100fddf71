import ArgumentParser
import ControlPlane

/// `holdfast vm stop`.
struct VMStop: VMRequest {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop a machine; it stays off until it is started again.",
        discussion: "EXAMPLE: holdfast vm stop database"
    )

    @Argument(help: "The machine.")
    var name: String

    @Flag(help: "Without asking the guest to shut down.")
    var force = false

    @OptionGroup var asker: Operator
    @OptionGroup var waiting: Waiting
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        var command = VMStopCommand(vm: name)
        command.force = force
        command.by = asker.name
        try request(command)
    }
}
