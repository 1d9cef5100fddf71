import ArgumentParser
import ControlPlane

/// `holdfast vm start`.
struct VMStart: VMRequest {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Let a machine run; the master picks the host unless one is named.",
        discussion: "EXAMPLE: holdfast vm start database --host lab2"
    )

    @Argument(help: "The machine.")
    var name: String

    @Option(help: "The host to run it on.")
    var host: String?

    @OptionGroup var asker: Operator
    @OptionGroup var waiting: Waiting
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        var command = VMStartCommand(vm: name)
        command.host = host
        command.by = asker.name
        try request(command)
    }
}
