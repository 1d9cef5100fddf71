public import LivesetEngine
public import PoolModel
public import StatefileMedium

/// What one host's configuration file says, checked (docs/CONFIGURATION.md).
public struct DaemonSettings: Sendable, Equatable {
    /// The file it was read from.
    public var file = ""
    /// `[host]`.
    public var host = HostSettings()
    /// `[pool]`: where the pool's keys are.
    public var keyFile = ""
    /// `[timing]`.
    public var timing = TimingSettings()
    /// `[heartbeat]`.
    public var heartbeat = HeartbeatSettings()
    /// `[statefile]`.
    public var statefile = StatefileSettings()
    /// `[fencing]`.
    public var fencing = FencingSettings()
    /// `[policy]`.
    public var policy = PolicySettings()
    /// `[paths]`.
    public var paths = PathSettings()
    /// `[manager]`.
    public var manager = ManagerSettings()

    init() {}
}

/// Who this host is.
public struct HostSettings: Sendable, Equatable {
    /// Its name in the header's host table.
    public var name = ""
    /// Its weight in partitions and elections.
    public var weight: UInt16 = 100
    /// Where the kernel's boot id is read.
    public var bootIDFile = "/proc/sys/kernel/random/boot_id"
}

/// The operator's choice of times and what it gives.
public struct TimingSettings: Sendable, Equatable {
    /// The choice.
    public var choice = TimingChoice.standard
    /// The choice as written, for status: `profile "fast"`.
    public var words = "profile \"default\""
    /// The derived times, with the watchdog timeout that will be asked for.
    public var derived = Timing(.standard)
}

/// How this host is heard.
public struct HeartbeatSettings: Sendable, Equatable {
    /// The UDP port to bind on every network.
    public var port: UInt16 = 7694
    /// The networks, in the order of the file.
    public var networks: [HeartbeatNetwork] = []
}

/// One network that carries heartbeats.
public struct HeartbeatNetwork: Sendable, Equatable {
    /// Its name, for messages.
    public var name = ""
    /// The own address on it.
    public var bind: NetworkEndpoint
    /// The physical ports below it, whose carrier makes netOK.
    public var interfaces: [String] = []
    /// An address that answers ICMP echo while the network is well.
    public var witness: NetworkAddress?
    /// Where the other hosts are, by their names in the host table.
    public var peers: [String: NetworkEndpoint] = [:]
}

/// The shared sectors.
public struct StatefileSettings: Sendable, Equatable {
    /// Where it lies, and with what it is reached.
    public var source = StatefileSource(path: "")
    /// Where it lies, for messages.
    public var path: String { "\(source)" }
    /// The operator's word that a path below may execute a write twice ([DEAD-1]).
    public var saysThatPathRepeatsWrites = false

    /// Whether a path below may execute a write twice ([DEAD-1]).
    ///
    /// With several portals it may: a write that one holds back is sent over another.
    public var pathMayRepeatWrites: Bool {
        if case .iscsi(let address) = source.address, address.portals.count > 1 { return true }
        return saysThatPathRepeatsWrites
    }
}

/// How this host is stopped.
public struct FencingSettings: Sendable, Equatable {
    /// The watchdog device.
    public var watchdog = "/dev/watchdog"
    /// Whether the kernel's software watchdog may be used, which a hung kernel does not trip.
    public var allowSoftdog = false
    /// Where an immediate reset is asked of the kernel.
    public var sysrq = "/proc/sysrq-trigger"
    /// The cgroup v2 directory that holds every guest; nil when there is none.
    public var guestCgroup: String?
}

/// What to do where the protocol leaves a choice.
public struct PolicySettings: Sendable, Equatable {
    /// When this host alone has lost its storage.
    public var onStorageLoss = StorageLossPolicy.stay
    /// When a pool of two splits evenly.
    public var onEvenPartition = EvenPartitionPolicy.hold
    /// How long a storage-lost host is kept ([FAULT-4]).
    public var storageLossLimit = TimeSpan.forever
    /// [FAULT-7]: removals within an hour; 0 for no limit.
    public var removalLimit = 3
    /// [FAULT-8]: self-fences in a row; 0 for no limit.
    public var selfFenceLimit = 3
}

/// Where the daemons keep things.
public struct PathSettings: Sendable, Equatable {
    /// What must outlive a boot.
    public var stateDirectory = "/var/lib/holdfast"
    /// The control sockets.
    public var runDirectory = "/run/holdfast"

    /// The daemon's control socket.
    public var daemonSocket: String { runDirectory + "/holdfastd.sock" }
    /// The manager's control socket.
    public var managerSocket: String { runDirectory + "/manager.sock" }
}

/// What the manager is told.
public struct ManagerSettings: Sendable, Equatable {
    /// Which hypervisor runs the guests.
    public enum Driver: String, Sendable, CaseIterable {
        /// Each guest is a process of this host.
        case process
    }
    /// Which hypervisor runs the guests.
    public var driver = Driver.process
    /// The process driver's runtime files.
    public var guestDirectory = "/var/lib/holdfast/guests"
    /// This host's memory for guests, process driver only; nil when the file does not say.
    public var memoryBytes: Int?
}
