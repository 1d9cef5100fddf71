public import PoolModel

/// Which rule of section 5 carries the lease at the moment.
public enum LeaseGround: UInt8, BitwiseCopyable, Sendable {
    /// No lease yet, or none any more.
    case none = 0
    /// [LEASE-S].
    case storage = 1
    /// [LEASE-M].
    case vouched = 2
    /// [LEASE-A].
    case allLost = 3
}

/// What one host knows of one row of the table, for people.
public struct PeerStatus: BitwiseCopyable, Sendable {
    /// The newest incarnation seen.
    public var incarnation = Incarnation.none
    /// What it says it is doing.
    public var phase = HostPhase.empty
    /// The epoch that it shows.
    public var epoch = Epoch.zero
    /// When the last heartbeat of it arrived; nil for never.
    public var lastHeartbeat: MonotonicInstant?
    /// When its slot was last seen changed; nil for never.
    public var lastSlotChange: MonotonicInstant?
    /// Heartbeat within Tn.
    public var isHeard = false
    /// Slot changed within Ts + r.
    public var isStorageLive = false
    /// As it says.
    public var netOK = false
    /// As it says.
    public var hasGuests = false
    /// Who it says it hears.
    public var hears = HostSet()
    /// Whom it says it vouches for.
    public var vouches = HostSet()
    /// How its reading of the statefile row ended last.
    public var slotVerdict = SlotReading.Verdict.torn
    /// What this host certified of it in its present removal, if anything.
    public var certificate: DeathCertificate?
    /// Removals within the last hour, as its slot says.
    public var recentRemovals: UInt8 = 0
    /// Self-fences in a row, as its slot says.
    public var selfFences: UInt8 = 0
    /// Why its last life fenced itself.
    public var lastFence: SelfFenceReason?
    /// Its last words.
    public var lastWords = LastWords()

    /// Nothing known.
    public init() {}
}

/// What one engine thinks, as a value that can be copied to another thread.
public struct EngineStatus: BitwiseCopyable, Sendable {
    /// This host's row.
    public var own: HostIndex
    /// This run.
    public var incarnation: Incarnation
    /// What this host is doing.
    public var phase: HostPhase
    /// The adopted view; view 0 before the first.
    public var view: View
    /// Members plus removed hosts not certified dead: who may be alive ([SAFE-1]).
    public var liveset: HostSet
    /// Until when this host may run; `distantPast` without a lease.
    public var leaseUntil: MonotonicInstant
    /// Which rule carries it.
    public var leaseGround: LeaseGround
    /// This host acts as master ([VIEW-6]).
    public var isActingMaster: Bool
    /// A good round within Ts.
    public var isStorageLive: Bool
    /// Issue time of the newest good round; nil before the first.
    public var lastGoodRound: MonotonicInstant?
    /// Published netOK.
    public var netOK: Bool
    /// A hold is in force.
    public var hold: Bool
    /// The watchdog is open, with this W.
    public var watchdog: TimeSpan?
    /// What keeps this host from joining, while it does not.
    public var joinObstacle: JoinObstacle?
    /// For or because of which hosts.
    public var joinObstacleHosts: HostSet
    /// Per row.
    public var peers: PerHost<PeerStatus>
    /// The times in force.
    public var timing: Timing
    /// When this was taken.
    public var takenAt: MonotonicInstant
}
