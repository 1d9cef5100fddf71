/// A pool as a file that `holdfast plan` reads and writes: hosts and machines with what the planner wants
/// to know.
///
/// Memory is in bytes. What is not given is the ordinary case: a host is enabled and live, a machine agile
/// and unprotected. Fields that this version does not know are passed over.
public struct SavedPool: Codable, Equatable, Sendable {
    /// One host.
    public struct Host: Equatable, Sendable {
        /// Its name, unique among the hosts.
        public var id: String
        /// The memory of the machine.
        public var memoryTotalBytes: Int
        /// What the hypervisor and the host's own system take of it.
        public var memoryOverheadBytes: Int
        /// It may be given machines.
        public var enabled: Bool
        /// It is in the liveset.
        public var live: Bool
        /// How many CPUs it has; nil: not known, and never a reason.
        public var cpuCount: Int?
        /// The model of its CPUs; nil: not known, and never a reason.
        public var cpuModel: String?
        /// The storages that it reaches; nil: all.
        public var storages: [String]?
        /// The networks that it is on; nil: all.
        public var networks: [String]?
    }

    /// One machine.
    public struct Machine: Equatable, Sendable {
        /// Its name, unique among the machines.
        public var id: String
        /// Its memory, at most (static maximum).
        public var memoryBytes: Int
        /// What it takes beyond that.
        public var overheadBytes: Int
        /// The host that it runs on.
        public var residentOn: String?
        /// `restart`, `best-effort` or empty.
        public var haRestartPriority: String
        /// It ought to run.
        public var haAlwaysRun: Bool
        /// It can run on any host; else it is bound to the one that it is on.
        public var agile: Bool
        /// Why it is bound.
        public var agileObstacle: String?
        /// Which machines are started first.
        public var order: Int
        /// How many seconds the next order waits after it runs.
        public var startDelay: Int
        /// `Running`, `Halted`, `Paused` or `Suspended`.
        public var powerState: String
        /// Machines of one group are kept apart where that is possible.
        public var antiAffinityGroup: String?
        /// How many CPUs it needs.
        public var cpuCount: Int?
        /// The CPU model that it needs.
        public var cpuModel: String?
        /// The storages that its disks are on.
        public var storages: [String]
        /// The networks that it is on.
        public var networks: [String]

        /// Whether it takes memory on its host.
        public var isResident: Bool {
            residentOn != nil && powerState != "Halted" && powerState != "Suspended"
        }
        /// Whether it is to survive the loss of its host.
        public var isProtected: Bool { haRestartPriority == "restart" && haAlwaysRun }
    }

    /// The hosts.
    public var hosts: [Host]
    /// The machines.
    public var vms: [Machine]

    /// A pool with these parts.
    public init(hosts: [Host], vms: [Machine]) {
        self.hosts = hosts
        self.vms = vms
    }
}

extension SavedPool.Host: Codable {
    enum CodingKeys: String, CodingKey {
        case id, enabled, live, storages, networks
        case memoryTotalBytes = "memory_total_bytes"
        case memoryOverheadBytes = "memory_overhead_bytes"
        case cpuCount = "cpu_count"
        case cpuModel = "cpu_model"
    }

    /// The host of a file.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        memoryTotalBytes = try fields.decode(Int.self, forKey: .memoryTotalBytes)
        memoryOverheadBytes = try fields.decodeIfPresent(Int.self, forKey: .memoryOverheadBytes) ?? 0
        enabled = try fields.decodeIfPresent(Bool.self, forKey: .enabled) ?? true
        live = try fields.decodeIfPresent(Bool.self, forKey: .live) ?? true
        cpuCount = try fields.decodeIfPresent(Int.self, forKey: .cpuCount)
        cpuModel = try fields.decodeIfPresent(String.self, forKey: .cpuModel)
        storages = try fields.decodeIfPresent([String].self, forKey: .storages)
        networks = try fields.decodeIfPresent([String].self, forKey: .networks)
    }
}

extension SavedPool.Machine: Codable {
    enum CodingKeys: String, CodingKey {
        case id, agile, order, storages, networks
        case memoryBytes = "memory_bytes"
        case overheadBytes = "overhead_bytes"
        case residentOn = "resident_on"
        case haRestartPriority = "ha_restart_priority"
        case haAlwaysRun = "ha_always_run"
        case agileObstacle = "agile_obstacle"
        case startDelay = "start_delay"
        case powerState = "power_state"
        case antiAffinityGroup = "anti_affinity_group"
        case cpuCount = "cpu_count"
        case cpuModel = "cpu_model"
    }

    /// The machine of a file.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        memoryBytes = try fields.decode(Int.self, forKey: .memoryBytes)
        overheadBytes = try fields.decodeIfPresent(Int.self, forKey: .overheadBytes) ?? 0
        residentOn = try fields.decodeIfPresent(String.self, forKey: .residentOn)
        haRestartPriority = try fields.decodeIfPresent(String.self, forKey: .haRestartPriority) ?? ""
        let isRestart = haRestartPriority == "restart"
        haAlwaysRun = try fields.decodeIfPresent(Bool.self, forKey: .haAlwaysRun) ?? isRestart
        agile = try fields.decodeIfPresent(Bool.self, forKey: .agile) ?? true
        agileObstacle = try fields.decodeIfPresent(String.self, forKey: .agileObstacle)
        order = try fields.decodeIfPresent(Int.self, forKey: .order) ?? 0
        startDelay = try fields.decodeIfPresent(Int.self, forKey: .startDelay) ?? 0
        let usual = residentOn == nil ? "Halted" : "Running"
        powerState = try fields.decodeIfPresent(String.self, forKey: .powerState) ?? usual
        antiAffinityGroup = try fields.decodeIfPresent(String.self, forKey: .antiAffinityGroup)
        cpuCount = try fields.decodeIfPresent(Int.self, forKey: .cpuCount)
        cpuModel = try fields.decodeIfPresent(String.self, forKey: .cpuModel)
        storages = try fields.decodeIfPresent([String].self, forKey: .storages) ?? []
        networks = try fields.decodeIfPresent([String].self, forKey: .networks) ?? []
    }
}
