import ArgumentParser
import ControlPlane

/// `holdfast vm list`.
struct VMList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract:
            "List every machine of the pool: where it runs, how it is protected, and why it does not run.",
        discussion: "EXAMPLE: holdfast vm list --json | jq -r '.machines[].name'"
    )

    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        let report = try connection.ask(.manager, VMListCommand())
        try output.show(report) { VMListText.of(report, $0) }
    }
}

/// The machines as a table.
enum VMListText {
    static func of(_ report: VMListReport, _ ink: Ink) -> String {
        var table = TextTable(["MACHINE", "STATE", "HOST", "PRIORITY", "ORDER", "DELAY", "MEMORY", "NOTE"])
        for machine in report.machines { table.add(row(of: machine)) }
        let warnings = report.warnings.map { ink.warning("! ") + $0 }
        let body =
            report.machines.isEmpty
            ? "no machine is registered; 'holdfast vm register' adds one" : table.text(ink)
        return ([body] + warnings).joined(separator: "\n")
    }

    private static func row(of machine: VMReport) -> [TextTable.Cell] {
        [
            .init(machine.name) { $0.strong },
            .init(machine.state) { ink in { paint($0, machine, ink) } },
            .init(machine.host ?? "-"),
            .init(machine.haRestartPriority.isEmpty ? "not protected" : machine.haRestartPriority),
            .init("\(machine.order)"),
            .init("\(machine.startDelaySeconds) s"),
            .init("\(machine.memoryMiB) MiB"),
            .init(machine.note),
        ]
    }

    private static func paint(_ text: String, _ machine: VMReport, _ ink: Ink) -> String {
        switch machine.state {
        case "running": ink.good(text)
        case "off": machine.isWantedOn ? ink.bad(text) : ink.faint(text)
        default: ink.warning(text)
        }
    }
}
