import ArgumentParser
import ControlPlane

/// `holdfast vm remove`.
struct VMRemove: VMRequest {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Let the pool forget a machine that is off.",
        discussion: """
            Its disks are not touched; its definition is forgotten.

            EXAMPLE: holdfast vm remove scratch
            """
    )

    @Argument(help: "The machine.")
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var asker: Operator
    @OptionGroup var waiting: Waiting
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        try confirmation.ask("The pool will forget \(name): how to run it, and how it is protected.")
        var command = VMRemoveCommand(vm: name)
        command.by = asker.name
        try request(command)
    }
}
