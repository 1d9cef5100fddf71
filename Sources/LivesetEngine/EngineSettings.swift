public import PoolModel

/// What a host does when it alone has lost its storage ([LEASE-M], [FAULT-4]).
public enum StorageLossPolicy: UInt8, BitwiseCopyable, Sendable {
    /// Stay up on the peers' vouches where a majority of them echoes.
    case stay
    /// Fence when the lease by storage ends (what xhad does).
    case fence
}

/// What a pool of two does when the hosts stop hearing each other and their `netOK` does not differ
/// ([FAULT-3]).
public enum EvenPartitionPolicy: UInt8, BitwiseCopyable, Sendable {
    /// Both stay, the statefile alone carries liveness, an alarm is raised.
    case hold
    /// The better side by weight, master and row stays.
    case tieBreak
}

/// What the engine of one host is told once, at its start.
public struct EngineSettings: BitwiseCopyable, Sendable {
    /// This host's row.
    public var own: HostIndex
    /// How many rows the header's host table has.
    public var hostCount: Int
    /// The times, checked.
    public var timing: Timing
    /// The header's largest D of the pool.
    public var largestD: TimeSpan
    /// This host's weight in partitions and elections.
    public var weight: UInt16 = 100
    /// What to do when this host alone has lost its storage.
    public var onStorageLoss = StorageLossPolicy.stay
    /// What to do when a pool of two splits evenly.
    public var onEvenPartition = EvenPartitionPolicy.hold
    /// How long a storage-lost host is kept before the master proposes it out ([FAULT-4]).
    public var storageLossLimit = TimeSpan.forever
    /// A path below the statefile may execute a write twice: multipath retry, NFS retransmission ([DEAD-1]).
    public var pathMayRepeatWrites = false
    /// How long *enabling* may take before the pool is disabled again ([JOIN-3]).
    public var enableTimeout = TimeSpan.seconds(120)

    /// Settings with the defaults for everything that is a choice.
    public init(own: HostIndex, hostCount: Int, timing: Timing, largestD: TimeSpan) {
        self.own = own
        self.hostCount = hostCount
        self.timing = timing
        self.largestD = largestD
    }
}

/// Why a host stays out by itself ([FAULT-7], [FAULT-8]).
public enum HoldOutReason: UInt8, BitwiseCopyable, Sendable {
    /// Removed too often within an hour.
    case flapping = 1
    /// Fenced itself too often in a row.
    case bootLoop = 2
}

/// What a daemon run brings along: who it is and what its earlier lives left behind.
public struct EngineStart: BitwiseCopyable, Sendable {
    /// The kernel's boot id.
    public var boot: BootID
    /// This run's nonce, random.
    public var nonce: RunNonce
    /// What the host's own file says; nil when there is none yet.
    public var persisted: PersistedIncarnation?
    /// Whether the file could be read; an unreadable one does not tell what this boot holds ([INC-1]).
    public var isPersistedReadable = true
    /// Why this host shall stay out, nil to join.
    public var holdOut: HoldOutReason?
    /// Removals within the last hour, for the slot.
    public var recentRemovals: UInt8 = 0
    /// Self-fences in a row, for the slot.
    public var selfFences: UInt8 = 0
    /// An already open watchdog came with the start (systemd's fd store), with this read-back W ([LEASE-2]).
    public var inheritedWatchdog: TimeSpan?

    /// The start of a run with nothing inherited.
    public init(boot: BootID, nonce: RunNonce, persisted: PersistedIncarnation?) {
        self.boot = boot
        self.nonce = nonce
        self.persisted = persisted
    }
}

/// What the opening of the watchdog gave.
public enum WatchdogOutcome: BitwiseCopyable, Sendable, Equatable {
    /// Open and armed, with this timeout read back.
    case opened(readBack: TimeSpan)
    /// Not open, or closed again.
    case failed
}

/// What an operator, or a program for him, asks of this host's engine.
public enum OperatorRequest: BitwiseCopyable, Sendable, Equatable {
    /// [FAULT-6]: have the pool fence a host.
    case fence(HostIndex)
    /// [DEAD-4]: a fence agent or the target confirmed that the host is off.
    case confirmOff(HostIndex)
    /// [DEAD-5]: the operator vouches that the host is dead.
    case confirmDead(HostIndex)
    /// [LEAVE-1]: leave cleanly; refused while guests run.
    case leave
    /// Take a *leave* back.
    case stay
    /// Move the master.
    case moveMaster(HostIndex)
    /// [LEAVE-2]: disable the pool.
    case disable
    /// [JOIN-3]: enable a disabled pool.
    case enable
    /// [LEAVE-2]: disarm this host alone, without the statefile.
    case emergencyDisable
    /// [FAULT-7], [FAULT-8]: let this host join in spite of its hold-out.
    case clearHoldOut
    /// [JOIN-4]: form although members are not certified; the operator answers for them.
    case forceForm
    /// The daemon crashes again and again: this host stops itself, with the reason, instead of going on so.
    case giveUp
}

/// Whether a request was taken.
public enum RequestAnswer: UInt8, BitwiseCopyable, Sendable {
    /// It is carried out or under way.
    case accepted
    /// Guests run on this host.
    case guestsRun
    /// This host is not in the state that the request needs.
    case wrongPhase
    /// No such host, or not in the state that the request needs.
    case wrongHost
}
