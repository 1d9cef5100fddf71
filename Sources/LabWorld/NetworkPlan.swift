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

    /// Heartbeats go over IPv6; the IPv4 addresses are there as well.
    public let usesIPv6: Bool

    /// The networks of a lab.
    public init(id: String, hostCount: Int, usesIPv6: Bool = false) {
        self.id = id
        self.hostCount = hostCount
        self.usesIPv6 = usesIPv6
    }

    /// The networks of this lab.
    public init(_ plan: LabPlan) {
        self.init(id: plan.id, hostCount: plan.hostCount, usesIPv6: plan.usesIPv6)
    }

    /// The namespace with both bridges.
    public var switchNamespace: String { "hfl-\(id)-sw" }

    /// A host's namespace.
    public func namespace(_ host: Int) -> String { "hfl-\(id)-lab\(host)" }

    /// Every namespace of the lab begins with this.
    public var namespacePrefix: String { "hfl-\(id)-" }

    /// The address for heartbeats of a host on a network, or of the switch (254).
    public func address(_ host: Int, on link: LabLink) -> String {
        usesIPv6 ? "fd00:77:0:\(link.number)::\(host)" : "10.77.\(link.number).\(host)"
    }

    /// For ip(8); no duplicate address detection, which would keep the address from use for a second.
    private func added(_ host: Int, on link: LabLink) -> String {
        address(host, on: link) + (usesIPv6 ? "/64 nodad" : "/24")
    }

    /// The address of the switch on a network: a witness that answers pings.
    public func witness(on link: LabLink) -> String { address(254, on: link) }

    /// Stays the same over boots, or the others would send to a forgotten card for many seconds.
    private func hardwareAddress(_ host: Int, on link: LabLink) -> String {
        "02:77:0\(link.number):00:00:0\(host)"
    }

    /// For `ip -n SWITCH -batch -`: the bridges.
    public var switchBatch: String {
        let bridges = LabLink.allCases.flatMap { link in
            [
                "link add \(link.bridge) type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
                "addr add \(added(254, on: link)) dev \(link.bridge)",
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
            ["addr add \(added(host, on: link)) dev \(link.interface)", "link set \(link.interface) up"]
        }
        return (["link set lo up"] + links).joined(separator: "\n") + "\n"
    }
}
