import AdminProtocol

/// Who hears whom: a row for each host that speaks, a column for each host it may hear.
struct LivesetMatrix {
    let hosts: [HostReport]
    let ink: Ink

    /// The matrix, or nothing for a pool of one.
    var text: String {
        guard hosts.count > 1 else { return "" }
        var table = TextTable(["HEARS"] + hosts.map(\.name) + ["VOUCHES FOR"])
        for host in hosts { table.add(row(of: host)) }
        return table.text(ink, indent: "  ")
    }

    private func row(of host: HostReport) -> [TextTable.Cell] {
        let isKnown = host.phase != .empty
        let cells = hosts.map { other -> TextTable.Cell in
            if other.index == host.index { return .init("·") { $0.faint } }
            if !isKnown { return .init("?") { $0.faint } }
            return host.hears.contains(other.name) ? .init("yes") { $0.good } : .init("no") { $0.bad }
        }
        let vouches = host.vouches.isEmpty ? "-" : host.vouches.joined(separator: " ")
        return [.init(host.name)] + cells + [.init(vouches)]
    }
}
