import ArgumentParser
import ControlPlane

/// `holdfast vm set`.
struct VMSet: VMRequest {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change how a machine is protected.",
        discussion: """
            Settings: ha-restart-priority (restart, best-effort, or nothing for not protected), order \
            (groups of the restart, 0 first, -1 last), start-delay (how long the next order waits after this \
            machine runs), memory (from its next start on). What is not named stays as it is.

            EXAMPLE: holdfast vm set database ha-restart-priority=restart order=0 start-delay=30s
            EXAMPLE: holdfast vm set scratch ha-restart-priority=
            """
    )

    @Argument(help: "The machine.")
    var name: String

    @Argument(help: ArgumentHelp("One or more settings.", valueName: "key=value"))
    var settings: [Setting]

    @OptionGroup var asker: Operator
    @OptionGroup var waiting: Waiting
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        var command = VMSetCommand(vm: name)
        command.by = asker.name
        for setting in settings {
            switch setting {
            case .priority(let priority): command.haRestartPriority = priority.rawValue
            case .order(let order): command.order = order
            case .startDelay(let delay): command.startDelaySeconds = delay.seconds
            case .memory(let size): command.memoryMiB = size.mebibytes
            }
        }
        try request(command)
    }
}

/// One setting of a machine: `key=value`.
enum Setting: ExpressibleByArgument {
    case priority(Priority)
    case order(Int)
    case startDelay(StartDelay)
    case memory(MemorySize)

    init?(argument: String) {
        guard let mark = argument.firstIndex(of: "=") else { return nil }
        let value = String(argument[argument.index(after: mark)...])
        let setting: Setting? =
            switch argument[..<mark] {
            case "ha-restart-priority": Priority(argument: value).map(Setting.priority)
            case "order": Int(value).map(Setting.order)
            case "start-delay": StartDelay(argument: value).map(Setting.startDelay)
            case "memory": MemorySize(argument: value).map(Setting.memory)
            default: nil
            }
        guard let setting else { return nil }
        self = setting
    }

    /// For help texts and completion.
    static var allValueStrings: [String] {
        Priority.allValueStrings.map { "ha-restart-priority=" + ($0 == "none" ? "" : $0) }
            + ["order=0", "start-delay=30s", "memory=4GiB"]
    }
}
