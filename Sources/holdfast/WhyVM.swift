import ControlPlane

/// The story of one machine, as the manager of this host tells it.
struct WhyVM {
    let name: String

    /// Asks and prints.
    func show(_ connection: Connection, _ output: Output) throws(CommandFailure) {
        let report = try connection.ask(.manager, VMWhyCommand(vm: name))
        try output.show(report) { WhyVM.text(report, $0) }
    }

    /// The story as text.
    static func text(_ report: VMWhyReport, _ ink: Ink) -> String {
        let machine = report.machine
        let place = machine.host.map { " on \($0)" } ?? ""
        let priority = machine.haRestartPriority.isEmpty ? "not protected" : machine.haRestartPriority
        var lines = [
            ink.strong("\(machine.name) is \(machine.state)\(place) (\(priority), order \(machine.order)).")
        ]
        lines += report.sentences.map { "  " + $0 }
        let proofs = report.proofs.map(\.sentence).filter { proof in
            !report.sentences.contains { $0.contains(proof) }
        }
        lines += proofs.map { "  proof: \($0)" }
        lines += report.hosts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        if !report.ledger.isEmpty {
            lines.append("")
            lines.append(ink.faint("The ledger, oldest first:"))
            lines += report.ledger.flatMap { LedgerText.lines($0, hosts: [], ink) }.map { "  " + $0 }
        }
        return lines.joined(separator: "\n")
    }
}
