import PoolModel

/// The heartbeat networks: which directions work.
struct NetworkFabric: Sendable {
    /// Per network and sender: to whom its datagrams do not get.
    private var cut: [[HostSet]]

    init(hostCount: Int, networkCount: Int) {
        cut = Array(repeating: Array(repeating: HostSet(), count: hostCount), count: networkCount)
    }

    var networkCount: Int { cut.count }

    func isCut(_ network: Int, from sender: HostIndex, to receiver: HostIndex) -> Bool {
        cut[network][sender.row].contains(receiver)
    }

    /// To whom the datagrams of `sender` get over no network.
    func unreachable(from sender: HostIndex) -> HostSet {
        cut.reduce(HostSet(bits: .max)) { $0.intersection($1[sender.row]) }
    }

    /// Whether any direction to or from `host` is cut on any network.
    func hasCut(at host: HostIndex) -> Bool {
        cut.contains { rows in !rows[host.row].isEmpty || rows.contains { $0.contains(host) } }
    }

    mutating func setCut(_ network: Int, from sender: HostIndex, to receiver: HostIndex, _ isCut: Bool) {
        if isCut {
            cut[network][sender.row].insert(receiver)
        } else {
            cut[network][sender.row].remove(receiver)
        }
    }

    /// Cuts or mends everything between `host` and all others on one network.
    mutating func setCut(_ network: Int, at host: HostIndex, _ isCut: Bool) {
        for row in cut[network].indices where row != host.row {
            setCut(network, from: host, to: HostIndex(row), isCut)
            setCut(network, from: HostIndex(row), to: host, isCut)
        }
    }
}
