/// Everything an operator wants to know of one host, as its daemon sees it at one instant.
///
/// All hosts are named by their names in the host table; ages are in milliseconds at `takenAtNanoseconds`.
public struct StatusReport: Codable, Sendable, Equatable {
    /// The daemon's version.
    public var version = ""
    /// This host's name.
    public var host = ""
    /// This host's row of the host table.
    public var index = 0
    /// The pool generation's UUID; empty while the statefile was never read.
    public var generation = ""
    /// When this was taken, in nanoseconds of CLOCK_BOOTTIME.
    public var takenAtNanoseconds: Int64 = 0
    /// How long this daemon has run.
    public var daemonAgeMilliseconds = 0
    /// What this host is doing.
    public var phase = PhaseWord.empty
    /// What the adopted view says the pool does.
    public var poolState = PoolStateWord.enabling
    /// The adopted view's position in the chain.
    public var epoch: UInt64 = 0
    /// Who this run is.
    public var incarnation = IncarnationReport()
    /// The members of the adopted view.
    public var members: [String] = []
    /// Who may be alive: members and removed hosts not certified dead ([SAFE-1]).
    public var liveset: [String] = []
    /// The master of the adopted view.
    public var master: String?
    /// This host acts as master ([VIEW-6]).
    public var isActingMaster = false
    /// Until when this host may run.
    public var lease = LeaseReport()
    /// The shared sectors.
    public var statefile = StatefileReport()
    /// Published netOK: links below the heartbeat networks and witness are well.
    public var netOK = false
    /// A hold of [FAULT-3] is in force: the statefile alone carries liveness.
    public var hold = false
    /// The heartbeat networks.
    public var networks: [NetworkReport] = []
    /// The watchdog.
    public var fencing = FencingReport()
    /// The times in force.
    public var timing = TimingReport()
    /// What keeps this host from joining; nil when nothing does.
    public var joinObstacle: JoinObstacleReport?
    /// Guests run on this host, or may.
    public var hasGuests = false
    /// One row for each host of the table, own row included.
    public var hosts: [HostReport] = []
    /// What was refused since the daemon's start, by place and cause; causes with count 0 are left out.
    public var rejections: [RejectionReport] = []
    /// What weakens protection here, each time anew.
    public var warnings: [WarningReport] = []

    /// A report that says nothing yet.
    public init() {}
}

/// One life of a host.
public struct IncarnationReport: Codable, Sendable, Equatable {
    /// Grows with each life.
    public var number: UInt32 = 0
    /// The kernel's boot id, 32 hex digits.
    public var boot = ""
    /// The daemon run's nonce, 16 hex digits.
    public var nonce = ""

    /// No life at all.
    public init() {}
}

/// A host's right to run.
public struct LeaseReport: Codable, Sendable, Equatable {
    /// Which rule carries it.
    public var ground = LeaseGroundWord.none
    /// The end in nanoseconds of CLOCK_BOOTTIME; nil without a lease.
    public var untilNanoseconds: Int64?
    /// How much is left; negative when it ran out; nil without a lease.
    public var leftMilliseconds: Int?

    /// No lease.
    public init() {}
}

/// The shared sectors as this host sees them.
public struct StatefileReport: Codable, Sendable, Equatable {
    /// Where it is.
    public var path = ""
    /// A good round within Ts.
    public var isLive = false
    /// Age of the newest good round by its issue time; nil before the first.
    public var lastGoodRoundAgeMilliseconds: Int?
    /// What went wrong when it was opened or used last; nil when nothing did.
    public var trouble: String?
    /// How it is reached: file, block, iscsi or nfs; nil before it was opened.
    public var transport: String?
    /// The ways to it: the portals of a target, else one.
    public var ways: [StatefileWayReport] = []
    /// What the storage thread is doing now; nil while it waits for the next round.
    public var activity: String?
    /// For how long it has been doing that.
    public var activityAgeMilliseconds: Int?
    /// That is longer than the pool's I/O deadline: it hangs in a call of the kernel or of a server.
    public var isHanging = false

    /// Nothing known.
    public init() {}
}

/// One way to the statefile.
public struct StatefileWayReport: Codable, Sendable, Equatable {
    /// Where it leads.
    public var name = ""
    /// Whether I/O goes over it, could, or cannot: untried, connecting, active, standby or failed.
    public var state = ""
    /// For how long.
    public var stateAgeMilliseconds: Int?
    /// How long its newest request took; nil before the first.
    public var lastLatencyMicroseconds: Int?
    /// How long its longest request took; nil before the first.
    public var longestLatencyMicroseconds: Int?
    /// How often it failed since the daemon's start.
    public var failureCount: UInt64 = 0

    /// Nothing known.
    public init() {}
}

/// One heartbeat network.
public struct NetworkReport: Codable, Sendable, Equatable {
    /// Its name.
    public var name = ""
    /// The own address it is bound to.
    public var bind = ""
    /// Whether its socket is open.
    public var isOpen = false
    /// Each physical port and whether it has a carrier.
    public var interfaces: [String: Bool] = [:]
    /// The witness address.
    public var witness: String?
    /// Whether the witness answers; nil without one.
    public var witnessAnswers: Bool?
    /// Each peer: age of the last heartbeat over this network; peers never heard over it are missing.
    public var heartbeatAgesMilliseconds: [String: Int] = [:]
    /// What is wrong with it; nil when nothing is.
    public var trouble: String?

    /// Nothing known.
    public init() {}
}

/// The watchdog and what stands behind it.
public struct FencingReport: Codable, Sendable, Equatable {
    /// The watchdog is open and resets this host unless fed.
    public var isArmed = false
    /// The device.
    public var path = ""
    /// The driver's identity as it names itself; nil while never opened.
    public var identity: String?
    /// W as read back from the device; nil while not open.
    public var timeoutMilliseconds: Int?
    /// It is the kernel's software watchdog: a hung kernel does not trip it.
    public var isSoftdog = false
    /// Whether the descriptor came from systemd's store at the start.
    public var wasInherited = false
    /// What went wrong when it was opened last; nil when nothing did.
    public var trouble: String?

    /// Disarmed.
    public init() {}
}

/// The times in force (section 3).
public struct TimingReport: Codable, Sendable, Equatable {
    /// The profile or the storage-stall-tolerance from which they were derived.
    public var choice = ""
    /// h.
    public var heartbeatIntervalMilliseconds = 0
    /// r.
    public var roundIntervalMilliseconds = 0
    /// Tn.
    public var networkTimeoutMilliseconds = 0
    /// Ts.
    public var storageTimeoutMilliseconds = 0
    /// G.
    public var graceMilliseconds = 0
    /// W.
    public var watchdogMilliseconds = 0
    /// D.
    public var certainlyDeadMilliseconds = 0
    /// The header's largest D of the pool.
    public var largestCertainlyDeadMilliseconds = 0

    /// No times.
    public init() {}
}

/// What keeps a host from joining.
public struct JoinObstacleReport: Codable, Sendable, Equatable {
    /// The kind.
    public var obstacle: JoinObstacleWord
    /// The hosts it is about.
    public var hosts: [String]
    /// What it is and what to do, for the operator.
    public var sentence: String

    /// The obstacle with these fields.
    public init(obstacle: JoinObstacleWord, hosts: [String], sentence: String) {
        self.obstacle = obstacle
        self.hosts = hosts
        self.sentence = sentence
    }
}

/// What was refused, by place and cause.
public struct RejectionReport: Codable, Sendable, Equatable {
    /// `heartbeat` or `statefile`.
    public var place: String
    /// The cause: `wrong-mac`, `replayed`, `foreign-generation`.
    public var cause: String
    /// How often since the daemon's start.
    public var count: UInt64

    /// The counter with these fields.
    public init(place: String, cause: String, count: UInt64) {
        self.place = place
        self.cause = cause
        self.count = count
    }
}

/// Something that weakens protection on this host.
public struct WarningReport: Codable, Sendable, Equatable {
    /// A stable word: `no-realtime`, `no-mlock`, `softdog`, `no-direct-io`, `limits-off`.
    public var code: String
    /// What it is, the consequence and the next step.
    public var message: String

    /// The warning with these fields.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
