internal import FoundationEssentials
public import LabPlatform

/// How the hosts of a lab are fenced in.
public enum LabMode: String, Codable, Sendable, CaseIterable {
    /// A network and PID namespace and a cgroup a host, links that can be pulled; needs root.
    case netns
    /// Addresses 127.0.x.y and plain processes; needs no root, but /dev/fuse.
    case loopback
}

/// One guest of the lab: a process that writes its identity and a rising counter to its shared disk.
public struct GuestPlan: Codable, Equatable, Sendable {
    /// The machine's name.
    public var name: String
    /// `restart`, `best-effort` or empty.
    public var restartPriority: String
    /// Which of the `restart` machines starts first.
    public var order: Int
    /// How much memory it asks for.
    public var memoryMebibytes: Int

    /// A guest with these settings.
    public init(name: String, restartPriority: String, order: Int = 0, memoryMebibytes: Int = 512) {
        self.name = name
        self.restartPriority = restartPriority
        self.order = order
        self.memoryMebibytes = memoryMebibytes
    }

    /// The three guests of the demonstration.
    public static let demonstration = [
        GuestPlan(name: "vm-db", restartPriority: "restart", order: 1),
        GuestPlan(name: "vm-web", restartPriority: "restart", order: 2),
        GuestPlan(name: "vm-batch", restartPriority: "best-effort"),
    ]
}

/// Everything that is decided about a lab before it starts; kept in its folder as `lab.json`.
public struct LabPlan: Codable, Equatable, Sendable {
    /// Tells labs on one machine apart: 1 to 12 lower-case letters and digits.
    public var id: String
    /// How hosts are fenced in.
    public var mode = LabMode.netns
    /// 2 to 8.
    public var hostCount = 3
    /// `fast`, `default` or `conservative`.
    public var profile = "fast"
    /// How many networks carry heartbeats: 1 (mgmt) or 2 (mgmt and stor).
    public var heartbeatNetworkCount = 1
    /// Heartbeats over IPv6 (netns mode).
    public var usesIPv6 = false
    /// The switch answers pings as each host's witness (netns mode).
    public var hasWitness = false
    /// From a reset to the start of the next boot.
    public var bootDelayMilliseconds = 1000
    /// `stay` or `fence`.
    public var onStorageLoss = "stay"
    /// `hold` or `tie-break`.
    public var onEvenPartition = "hold"
    /// FAULT-7 and FAULT-8 are turned off in a lab unless this is set.
    public var keepsLimits = false
    /// Weight of each host for the choice of the master; hosts beyond the list weigh 100.
    public var weights: [Int] = []
    /// Writes that were under way at a reset land so much later; zero drops them.
    public var lateWriteMilliseconds = 0
    /// The hosts are virtual machines, whose clocks cannot be compared.
    public var hostsHaveOwnClocks = false
    /// The folder with holdfastd, holdfast-manager, holdfast and the lab's own programs.
    public var binaries: String
    /// The lab's folder.
    public var directory: String
    /// The cgroup v2 folder of the lab; nil in loopback mode.
    public var cgroup: String?
    /// The machines.
    public var guests = GuestPlan.demonstration

    /// A plan with the usual settings.
    public init(id: String, binaries: String, directory: String? = nil) {
        self.id = id
        self.binaries = binaries
        self.directory = directory ?? LabPlan.usualDirectory(id: id)
    }

    /// Where a lab keeps its files unless told otherwise; short, since socket paths end below it.
    public static func usualDirectory(id: String) -> String {
        Processes.isRoot ? "/run/holdfast-lab/\(id)" : "/tmp/holdfast-lab-\(Processes.userNumber)/\(id)"
    }

    /// The hosts' names: lab1, lab2, ...
    public var hostNames: [String] { (1...hostCount).map { "lab\($0)" } }

    /// What keeps this plan from being built; each names the value and the allowed range.
    public func check() throws(LabError) {
        let letters = id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
        guard (1...12).contains(id.count), letters else {
            throw LabError(
                "lab id '\(id)': it must be 1 to 12 lower-case letters and digits; it names namespaces"
            )
        }
        guard (2...8).contains(hostCount) else {
            throw LabError("--hosts \(hostCount): a lab has 2 to 8 hosts")
        }
        guard (1...2).contains(heartbeatNetworkCount) else {
            throw LabError("--heartbeat-networks \(heartbeatNetworkCount): 1 (mgmt) or 2 (mgmt and stor)")
        }
        guard mode == .netns || !(usesIPv6 || hasWitness) else {
            throw LabError("--ipv6 and --witness need cables and a switch of their own: --mode netns")
        }
        guard ["fast", "default", "conservative"].contains(profile) else {
            throw LabError("--profile \(profile): choose fast, default or conservative")
        }
        guard ["stay", "fence"].contains(onStorageLoss) else {
            throw LabError("--on-storage-loss \(onStorageLoss): choose stay or fence")
        }
    }

    /// Reads the plan of the lab in this folder.
    public static func load(directory: String) throws(LabError) -> LabPlan {
        guard let text = FileTree.text(directory + "/lab.json") else {
            throw LabError("there is no lab in \(directory); 'holdfast-lab up' makes one")
        }
        return try LabJSON.decode(LabPlan.self, from: text)
    }
}

/// JSON in one line, as the lab's sockets and logs speak it.
public enum LabJSON {
    /// The value as one line.
    public static func line<Value: Encodable>(_ value: Value) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// The value for people to read.
    public static func pretty<Value: Encodable>(_ value: Value) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// The value in a text.
    public static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws(LabError)
        -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw LabError("cannot read \(type) from '\(text.prefix(200))': \(error)")
        }
    }
}
