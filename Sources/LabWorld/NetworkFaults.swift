/// The end of a host's cable at the switch.
public struct LabPort: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
    /// The host, from 1.
    public var host: Int
    /// The network.
    public var link: LabLink

    /// The port of a host on a network.
    public init(_ host: Int, _ link: LabLink) {
        self.host = host
        self.link = link
    }

    /// Its name at the switch.
    public var description: String { link.port(host) }

    /// By name.
    public static func < (left: LabPort, right: LabPort) -> Bool { left.description < right.description }
}

/// A way from one host to another.
public struct LabDirection: Hashable, Codable, Sendable, Comparable {
    /// The sender, from 1.
    public var from: Int
    /// The receiver, from 1.
    public var to: Int

    /// From one host to another.
    public init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    /// By sender, then receiver.
    public static func < (left: LabDirection, right: LabDirection) -> Bool {
        (left.from, left.to) < (right.from, right.to)
    }
}

/// What is wrong with the networks at the moment; the switch's rules are a function of it.
public struct NetworkFaults: Equatable, Codable, Sendable {
    /// Cables that are out: the host sees no carrier.
    public var pulled: Set<LabPort> = []
    /// Ports that pass nothing while the link stays up.
    public var silent: Set<LabPort> = []
    /// Percent of frames lost at a port, each way.
    public var loss: [LabPort: Int] = [:]
    /// Ways that pass nothing, on every network.
    public var oneWay: Set<LabDirection> = []

    /// Nothing is wrong.
    public init() {}

    /// Nothing is wrong.
    public var isEmpty: Bool { self == NetworkFaults() }

    /// The cables of one host that are out.
    public func pulled(of host: Int) -> Set<LabLink> { Set(pulled.filter { $0.host == host }.map(\.link)) }

    /// All that concerns one host is mended.
    public mutating func mend(host: Int) {
        pulled = pulled.filter { $0.host != host }
        silent = silent.filter { $0.host != host }
        loss = loss.filter { $0.key.host != host }
        oneWay = oneWay.filter { $0.from != host && $0.to != host }
    }

    /// All that concerns one port is mended.
    public mutating func mend(port: LabPort) {
        pulled.remove(port)
        silent.remove(port)
        loss[port] = nil
    }

    /// For `nft -f -` in the switch's namespace: the whole table, replaced in one step.
    public var ruleset: String {
        var rules: [String] = []
        for direction in oneWay.sorted() {
            for link in LabLink.allCases {
                rules.append(
                    "iifname \"\(link.port(direction.from))\" oifname \"\(link.port(direction.to))\" "
                        + "counter drop"
                )
            }
        }
        for port in silent.sorted() {
            rules += ["iifname \"\(port)\" counter drop", "oifname \"\(port)\" counter drop"]
        }
        for (port, percent) in loss.sorted(by: { $0.key < $1.key }) {
            rules.append("iifname \"\(port)\" numgen random mod 100 < \(percent) counter drop")
            rules.append("oifname \"\(port)\" numgen random mod 100 < \(percent) counter drop")
        }
        func chain(_ hook: String, _ rules: [String]) -> String {
            let lines = ["type filter hook \(hook) priority 0; policy accept;"] + rules
            return "  chain \(hook) {\n" + lines.map { "    \($0)\n" }.joined() + "  }\n"
        }
        // The switch itself answers as witness: what comes from or goes to a port passes input and output
        // there.
        let input = rules.filter { !$0.contains("oifname") }
        let output = rules.filter { !$0.contains("iifname") }
        return "table bridge lab {}\ndelete table bridge lab\ntable bridge lab {\n" + chain("forward", rules)
            + chain("input", input) + chain("output", output) + "}\n"
    }

    /// Each fault as a person would name it.
    public var sentences: [String] {
        pulled.sorted().map { "cable \($0) pulled" } + silent.sorted().map { "port \($0) silent" }
            + loss.sorted { $0.key < $1.key }.map { "port \($0.key) loses \($0.value) %" }
            + oneWay.sorted().map { "nothing passes from lab\($0.from) to lab\($0.to)" }
    }
}
