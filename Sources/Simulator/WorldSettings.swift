public import PoolModel

/// How strict the shared disk of a world is.
public struct StorageManners: Sendable {
    /// How long an I/O takes while all is well.
    public var latency = TimeSpan.seconds(0.0003)...TimeSpan.seconds(0.004)
    /// A worker gives an I/O up at its deadline (iSCSI); otherwise it waits for the call (a block device).
    public var givesUp = true
    /// How late a write may land whose writer gave up on it or died.
    public var latestLanding = TimeSpan.seconds(2)
    /// Once in how many cases such a write lands at all; 0 never, 1 always.
    public var lateWriteLandsOneIn = 2
    /// Once in how many cases a write of a host that loses power tears; 0 never.
    public var tearsOneIn = 4
    /// Once in how many cases an I/O is answered with an error; 0 never.
    public var failsOneIn = 0
    /// Once in how many cases the path executes a slot write twice (multipath retry); 0 never.
    public var repeatsOneIn = 0
    /// How late the second execution may be.
    public var latestRepeat = TimeSpan.seconds(3)
    /// The unit of every write: 512 or 4096 bytes.
    public var blockBytes = 512

    /// An ordinary disk.
    public init() {}
}

/// How strict the heartbeat network of a world is.
public struct NetworkManners: Sendable {
    /// How many heartbeat networks there are: 1 to 4.
    public var count = 1
    /// How long a datagram travels while all is well.
    public var delay = TimeSpan.seconds(0.00005)...TimeSpan.seconds(0.002)
    /// Once in how many cases a datagram is lost; 0 never.
    public var losesOneIn = 0
    /// Once in how many cases it arrives twice; 0 never.
    public var repeatsOneIn = 0
    /// Once in how many cases it is late, so that others overtake it; 0 never.
    public var delaysOneIn = 0
    /// How late.
    public var latestArrival = TimeSpan.seconds(3)
    /// Once in how many cases some of its bits are changed; 0 never.
    public var corruptsOneIn = 0
    /// Once in how many cases somebody sends a forged one besides; 0 never.
    public var forgesOneIn = 0
    /// Once in how many cases somebody sends an old one once more besides; 0 never.
    public var replaysOneIn = 0

    /// An ordinary network.
    public init() {}
}

/// What the hosts of a world are like.
public struct HostManners: Sendable {
    /// From reset or power to a running kernel and daemon.
    public var bootTime = TimeSpan.seconds(2)...TimeSpan.seconds(6)
    /// From a daemon's crash to its next start.
    public var daemonRestartTime = TimeSpan.seconds(0.1)...TimeSpan.seconds(0.5)
    /// How long a synced write to the own file takes.
    public var persistTime = TimeSpan.seconds(0.001)...TimeSpan.seconds(0.02)
    /// How long stopping the guests takes.
    public var guestStopTime = TimeSpan.seconds(0.01)...TimeSpan.seconds(0.3)
    /// Whether the stop of the guests can be proved (cgroup.kill).
    public var provesGuestStop = true
    /// Clocks run at different rates, up to 500 ppm off.
    public var clocksDiffer = true
    /// The watchdog's descriptor outlives the daemon (systemd's fd store).
    public var keepsDescriptor = false
    /// How long a thread takes to run after it is woken.
    public var wakeTime = TimeSpan.zero...TimeSpan.zero
    /// How many protected guests the pool has; 0 leaves the managers out.
    public var guests = 0
    /// Self-fences in a row after which a host stays out ([FAULT-8]); 0 turns the limit off.
    public var selfFenceLimit = 0

    /// Ordinary hosts.
    public init() {}
}

/// What a world is made of.
public struct WorldSettings: Sendable {
    /// The seed of all chance.
    public var seed: UInt64
    /// How many hosts the pool has.
    public var hostCount: Int
    /// The times of the protocol.
    public var timing: Timing
    /// The shared disk.
    public var storage = StorageManners()
    /// The heartbeat network.
    public var network = NetworkManners()
    /// The hosts.
    public var hosts = HostManners()
    /// Datagrams, rounds and feeds stand in the trace as well.
    public var tracesChatter = false

    /// A calm world with the times of `timing`.
    public init(seed: UInt64, hosts: Int, timing: Timing = Timing(.fast)) {
        precondition(hosts > 0, "a world has at least one host")
        precondition(hosts <= HostIndex.limit, "a world has at most 64 hosts")
        self.seed = seed
        hostCount = hosts
        self.timing = timing
    }
}
