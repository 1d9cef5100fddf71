internal import LabPlatform

/// The namespaces of a lab in netns mode, built with ip(8) and nft(8).
struct Topology {
    let plan: NetworkPlan
    private let ip: String
    private let nft: String

    /// Fails when ip or nft is not installed.
    init(_ plan: NetworkPlan) throws(LabError) {
        self.plan = plan
        ip = try Topology.tool("ip", package: "iproute2")
        nft = try Topology.tool("nft", package: "nftables")
    }

    static func tool(_ name: String, package: String) throws(LabError) -> String {
        for folder in ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
        where FileTree.isExecutable("\(folder)/\(name)") {
            return "\(folder)/\(name)"
        }
        throw LabError("\(name) is not installed: netns mode needs it; 'apt-get install \(package)'")
    }

    private func batch(_ namespace: String, _ commands: String) throws(LabError) {
        try Processes.run(ip, ["-n", namespace, "-batch", "-"], input: commands)
    }

    /// The switch with its bridges.
    func buildSwitch() throws(LabError) {
        try Processes.run(ip, ["netns", "add", plan.switchNamespace])
        try batch(plan.switchNamespace, plan.switchBatch)
        try apply(NetworkFaults())
    }

    /// A host's namespace and cables.
    func connect(_ host: Int, faults: NetworkFaults) throws(LabError) {
        try Processes.run(ip, ["netns", "add", plan.namespace(host)])
        try batch(plan.switchNamespace, plan.cableBatch(host, pulled: faults.pulled(of: host)))
        try batch(plan.namespace(host), plan.hostBatch(host))
    }

    /// Takes a host's cables and namespace away, and with them every socket and packet of its last life.
    func disconnect(_ host: Int) {
        for link in LabLink.allCases {
            _ = try? Processes.run(ip, ["-n", plan.switchNamespace, "link", "del", link.port(host)])
        }
        _ = try? Processes.run(ip, ["netns", "del", plan.namespace(host)])
    }

    /// Makes the switch do what these faults say; cables of hosts that are off are left.
    func apply(_ faults: NetworkFaults, hosts: [Int] = []) throws(LabError) {
        try Processes.run(
            ip,
            ["netns", "exec", plan.switchNamespace, nft, "-f", "-"],
            input: faults.ruleset
        )
        let commands = hosts.flatMap { host in
            LabLink.allCases.map { link in
                "link set \(link.port(host)) \(faults.pulled.contains(LabPort(host, link)) ? "down" : "up")"
            }
        }
        if !commands.isEmpty { try batch(plan.switchNamespace, commands.joined(separator: "\n") + "\n") }
    }

    /// Removes every namespace whose name begins with `prefix`; whether there were any.
    @discardableResult
    static func removeAll(prefix: String) -> Bool {
        let names = FileTree.names(in: "/run/netns").filter { $0.hasPrefix(prefix) }
        guard !names.isEmpty, let ip = try? tool("ip", package: "iproute2") else { return false }
        for name in names { _ = try? Processes.run(ip, ["netns", "del", name]) }
        return true
    }
}
