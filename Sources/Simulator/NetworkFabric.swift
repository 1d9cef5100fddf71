import PoolModel

/// A datagram in a link that holds everything.
struct WaitingDatagram: BitwiseCopyable, Sendable {
    var datagram: Int
    var sender: HostIndex
    var receiver: HostIndex
}

/// The next datagrams of a link lose some bits.
struct Corruption: BitwiseCopyable, Sendable {
    var sender: Int
    var receiver: Int
    var count: Int
}

/// The heartbeat networks: which directions work.
struct NetworkFabric: Sendable {
    /// Per network and sender: to whom its datagrams do not get.
    private var cut: [[HostSet]]
    /// Per sender: to whom its datagrams wait on their way.
    var clogged: [HostSet]
    /// What waits there, oldest first.
    var waiting: [WaitingDatagram] = []
    /// Links whose next datagrams are damaged.
    var corrupting: [Corruption] = []

    init(hostCount: Int, networkCount: Int) {
        cut = Array(repeating: Array(repeating: HostSet(), count: hostCount), count: networkCount)
        clogged = Array(repeating: HostSet(), count: hostCount)
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
