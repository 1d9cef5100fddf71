import ArgumentParser
import ControlPlane

/// `holdfast vm ledger`.
struct VMLedger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Show what was started, restarted and stopped, and the certificates behind it.",
        discussion: "EXAMPLE: holdfast vm ledger database"
    )

    @Argument(help: "Only what is about this machine.")
    var name: String?

    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        var command = LedgerCommand()
        command.vm = name
        let report = try connection.ask(.manager, command)
        try output.show(report) { ink in
            let lines = report.entries.flatMap { LedgerText.lines($0, hosts: report.hosts, ink) }
            return lines.isEmpty ? "nothing is on record" : lines.joined(separator: "\n")
        }
    }
}

/// A line of the ledger as text, with the proofs behind it below.
enum LedgerText {
    static func lines(_ entry: LedgerEntry, hosts: [String], _ ink: Ink) -> [String] {
        let host = entry.host.flatMap { hosts.indices.contains($0) ? hosts[$0] : nil }
        let time = ink.faint(TimeText.instant(wallMilliseconds: entry.wallSeconds * 1000))
        let place = host.map { " on \($0)" } ?? ""
        let head = "\(time)  \(ink.strong(entry.machine)) \(entry.kind.rawValue)\(place): \(entry.text)"
        // The text of a restart tells its proof already; what it does not tell stands below it.
        let proofs = entry.proofs.map(\.sentence).filter { !entry.text.contains($0) }
        return [head] + proofs.map { "    proof: \($0)" }
    }
}
