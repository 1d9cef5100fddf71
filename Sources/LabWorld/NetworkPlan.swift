/// A network of the lab.
public enum LabLink: String, Codable, Sendable, CaseIterable {
    /// Management; always carries heartbeats.
    case mgmt
    /// Storage; carries heartbeats where the lab has two heartbeat networks.
    case stor

    var number: Int { self == .mgmt ? 0 : 1 }
    var bridge: String { "br-\(rawValue)" }
    /// The host's end of its cable.
    public var interface: String { rawValue }
    /// The switch's end of a host's cable.
    public func port(_ host: Int) -> String { "\(rawValue)\(host)" }
}

/// Names and addresses of a lab's namespaces, and the texts that ip(8) builds them from.
///
/// Hosts count from 1.
public struct NetworkPlan: Sendable {
    /// The lab's id.
    public let id: String
    /// How many hosts there are.
    public let hostCount: Int

    /// The networks of a lab.
    public init(id: String, hostCount: Int) {
        self.id = id
        self.hostCount = hostCount
    }

    /// The namespace with both bridges.
    public var switchNamespace: String { "hfl-\(id)-sw" }

    /// A host's namespace.
    public func namespace(_ host: Int) -> String { "hfl-\(id)-lab\(host)" }

    /// Every namespace of the lab begins with this.
    public var namespacePrefix: String { "hfl-\(id)-" }

    /// A host's address on a network.
    public func address(_ host: Int, on link: LabLink) -> String { "10.77.\(link.number).\(host)" }

    /// The address of the switch on a network: a witness that answers pings.
    public func witness(on link: LabLink) -> String { "10.77.\(link.number).254" }

    /// Stays the same over boots, or the others would send to a forgotten card for many seconds.
    private func hardwareAddress(_ host: Int, on link: LabLink) -> String {
        "02:77:0\(link.number):00:00:0\(host)"
    }

    /// For `ip -n SWITCH -batch -`: the bridges.
    public var switchBatch: String {
        let bridges = LabLink.allCases.flatMap { link in
            [
                "link add \(link.bridge) type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
                "addr add \(witness(on: link))/24 dev \(link.bridge)",
                "link set \(link.bridge) up",
            ]
        }
        return (["link set lo up"] + bridges).joined(separator: "\n") + "\n"
    }

    /// For `ip -n SWITCH -batch -`: a host's cables; those that are pulled stay down.
    public func cableBatch(_ host: Int, pulled: Set<LabLink>) -> String {
        LabLink.allCases.flatMap { link in
            [
                "link add \(link.port(host)) type veth peer name \(link.interface) address "
                    + "\(hardwareAddress(host, on: link)) netns \(namespace(host))",
                "link set \(link.port(host)) master \(link.bridge)",
            ] + (pulled.contains(link) ? [] : ["link set \(link.port(host)) up"])
        }.joined(separator: "\n") + "\n"
    }

    /// For `ip -n HOST -batch -`: the host's side.
    public func hostBatch(_ host: Int) -> String {
        let links = LabLink.allCases.flatMap { link in
            ["addr add \(address(host, on: link))/24 dev \(link.interface)", "link set \(link.interface) up"]
        }
        return (["link set lo up"] + links).joined(separator: "\n") + "\n"
    }
}
