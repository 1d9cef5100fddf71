import ArgumentParser
import ControlPlane
import FoundationEssentials

/// `holdfast vm register`.
struct VMRegister: VMRequest {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Put a machine under the pool's care, and start it.",
        discussion: """
            With the process driver a machine is a program of the host; what it needs stands after '--'. The \
            program has to be there on every host under the same path, and its disk has to be shared.

            EXAMPLE: holdfast vm register database --memory 4GiB --ha-restart-priority restart -- /usr/bin/db /srv/db
            """
    )

    @Argument(help: "The machine's name, unique in the pool.")
    var name: String

    @Option(help: ArgumentHelp("The memory that it takes: 512MiB, 4GiB.", valueName: "size"))
    var memory: MemorySize

    @Option(help: "What happens when its host is lost: restart, best-effort or none.")
    var haRestartPriority = Priority.none

    @Option(help: "Its group in a restart: 0 first, -1 last.")
    var order = 0

    @Option(help: ArgumentHelp("How long the next order waits after it runs: 30s, 2min.", valueName: "delay"))
    var startDelay: StartDelay?

    @Option(help: "The host that it should run on first; without it the one with the most free memory.")
    var host: String?

    @Option(
        help: ArgumentHelp(
            "A file with the driver's own definition, instead of a program.",
            valueName: "file"
        ),
        completion: .file()
    )
    var definition: String?

    @Flag(inversion: .prefixedNo, help: "Start it at once.")
    var start = true

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The program and its arguments.", valueName: "program")
    )
    var program: [String] = []

    @OptionGroup var asker: Operator
    @OptionGroup var waiting: Waiting
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func validate() throws {
        guard program.isEmpty != (definition == nil) else {
            throw ValidationError("give either a program after '--' or --definition FILE")
        }
    }

    func run() throws {
        var command = VMRegisterCommand(vm: name, memoryMiB: memory.mebibytes)
        command.haRestartPriority = haRestartPriority.rawValue
        command.order = order
        command.startDelaySeconds = startDelay?.seconds
        command.host = host
        command.start = start
        command.by = asker.name
        if let definition {
            command.definition = try text(of: definition)
        } else {
            command.command = program
        }
        try request(command)
    }

    private func text(of file: String) throws(CommandFailure) -> String {
        do {
            return try String(contentsOf: URL(filePath: file), encoding: .utf8)
        } catch {
            throw CommandFailure(
                .missing,
                "\(file) cannot be read: \(FileWords.of(error)); nothing was registered"
            )
        }
    }
}
