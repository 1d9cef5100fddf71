public import PoolModel

/// The liveset engine of one host: a pure decider that turns (event, time) into orders.
///
/// Every method is one step: it reads no clock, draws no random number, waits for nothing and, once made,
/// allocates
/// nothing. `now` never goes backwards. The shell reads the clock *after* it has the evidence in hand
/// ([TIME-4]).
///
/// The parts stand in files of their own: leases, ballots, certificates, partition, mastership are small
/// structs; the
/// extensions of this type bring them together in the order in which a step uses them.
public struct Engine: ~Copyable {
    /// What it was told at its start.
    public let settings: EngineSettings
    let start: EngineStart
    let startedAt: MonotonicInstant

    // This host
    var timing: Timing
    var life = Life.surveying
    var incarnation: Incarnation
    var isLeaving = false
    var hasGuests = false
    var isHeldOut: Bool
    var mayForceForm = false
    var requests = PoolRequests()
    var health: NetworkHealth
    var watchdog = WatchdogState.closed
    var nextArmingAt = MonotonicInstant.distantPast
    var lastFence: SelfFenceReason?
    var lastWords = LastWords()

    // Others
    var peers: [PeerRecord]
    var departures: DepartureBook

    // Views
    var adopted = View.zero
    var members = HostSet()
    var removed = HostSet()
    var known = View.zero
    var firstAdoptedAt = MonotonicInstant.distantPast
    var adoptedAt = MonotonicInstant.distantPast
    var book: BallotBook
    var proposer = Proposer()
    var desiredSince: MonotonicInstant?
    var formableSince: MonotonicInstant?
    var jitter: UInt64

    // Rounds
    var round = RoundState()

    // Leases, partition, mastership
    var lease = LeaseRule()
    var partition = PartitionRule()
    var mastership = MastershipRule()
    var sends = SendLog()
    var nextHeartbeatAt = MonotonicInstant.distantPast
    var wantsHeartbeat = false
    var published = PublishedRow()
    var fence = FenceProgress()
    var told = Told()
    var marks = ClauseSet()

    /// An engine that has done nothing yet.
    public init(settings: EngineSettings, start: EngineStart, now: MonotonicInstant) {
        precondition(settings.hostCount <= HostIndex.limit, "a pool has at most 64 hosts")
        precondition(settings.own.row < settings.hostCount, "this host is in the host table")
        self.settings = settings
        self.start = start
        startedAt = now
        timing = settings.timing
        incarnation = Incarnation(number: .none, boot: start.boot, nonce: start.nonce)
        isHeldOut = start.holdOut != nil
        health = NetworkHealth(now: now)
        peers = (0..<settings.hostCount).map { PeerRecord(host: HostIndex($0)) }
        departures = DepartureBook(hostCount: settings.hostCount)
        book = BallotBook(owner: settings.own, settings.mutation)
        jitter = start.nonce.rawValue | 1
        if let inherited = start.inheritedWatchdog {
            watchdog = .open(inherited)
            mark(.lease2Inherited)
        }
    }

    var mutation: Mutation { settings.mutation }
    /// This host's row.
    var own: HostIndex { settings.own }
    /// All rows but this host's.
    var others: HostSet { HostSet(first: settings.hostCount).without(settings.own) }

    /// How often `tick` is to be called at least.
    public var tickInterval: TimeSpan { settings.timing.heartbeatInterval / 8 }

    /// First step: starts the survey of the statefile.
    public mutating func begin(now: MonotonicInstant, into orders: inout Orders) {
        if let persisted = start.persisted, persisted.boot == start.boot, persisted.mark == .held,
            !mutation.neverAdoptedBySlot
        {
            resume(persisted.number, into: &orders)
        }
        conclude(now: now, into: &orders)
    }

    /// Time passed.
    ///
    /// Call at least every `tickInterval`.
    public mutating func tick(now: MonotonicInstant, into orders: inout Orders) {
        health.advance(now: now, timing: timing, mutation)
        noticeSilence(now: now, into: &orders)
        switch life {
        case .member: evaluate(now: now, into: &orders)
        case .joining: considerForming(now: now, into: &orders)
        case .surveying, .numbering, .holding, .arming, .renouncing, .resuming, .departing, .gone, .disabled,
            .unguarded,
            .fencing:
            break
        }
        conclude(now: now, into: &orders)
    }

    /// Carrier of all heartbeat links, and the witness's answer where one is configured: the raw state
    /// ([FAULT-3]).
    public mutating func linksObserved(allUp: Bool, now: MonotonicInstant, into orders: inout Orders) {
        health.observe(allUp: allUp, now: now)
        conclude(now: now, into: &orders)
    }

    /// Whether any guest runs on this host.
    public mutating func guestsObserved(running: Bool, now: MonotonicInstant, into orders: inout Orders) {
        hasGuests = running
        conclude(now: now, into: &orders)
    }

    /// The end of every step: leases first, then what they permit.
    mutating func conclude(now: MonotonicInstant, into orders: inout Orders) {
        settleLease(now: now, into: &orders)
        judgeMastership(now: now, into: &orders)
        tellChanges(now: now, into: &orders)
        advanceFence(now: now, into: &orders)
        advanceDeparture(now: now, into: &orders)
        advanceUnguarded(now: now, into: &orders)
        noticeRowChanges(now: now)
        sendHeartbeatIfDue(now: now, into: &orders)
        startRoundIfDue(now: now, into: &orders)
    }

    /// The next pseudo-random number, for pauses only; seeded by the run's nonce.
    mutating func nextJitter() -> UInt64 {
        jitter ^= jitter << 13
        jitter ^= jitter >> 7
        jitter ^= jitter << 17
        return jitter
    }
}

/// The watchdog as the engine knows it.
enum WatchdogState: BitwiseCopyable, Equatable {
    case closed
    case opening
    case open(TimeSpan)

    /// Whether the device is open.
    var isOpen: Bool {
        switch self {
        case .open: true
        case .closed, .opening: false
        }
    }
}

/// The round that is under way and what the former ones gave.
struct RoundState: BitwiseCopyable {
    var id: UInt64 = 0
    var isInFlight = false
    /// What the round in flight writes.
    var slot: Slot?
    /// The ballot stage whose record the round in flight writes; idle for a catch-up record or none.
    var stage = BallotStage.idle
    var hasBallot = false
    var startedAt = MonotonicInstant.distantPast
    /// A state change asks for a round at once.
    var isWanted = false
    /// Sequence of the newest own slot handed out; continues above the one found on the medium.
    var slotSequence: UInt64 = 0
    /// Sequence of the newest own slot read back.
    var acknowledgedSlot: UInt64 = 0
    var hasSurveyed = false
    /// Issue time of the newest good round; `distantPast` before the first.
    var lastGood = MonotonicInstant.distantPast
    /// When it completed.
    var lastGoodCompleted = MonotonicInstant.distantPast
    /// When its read was issued.
    var lastGoodReadIssued = MonotonicInstant.distantPast
    /// End of the last gap over Ts between good rounds.
    var gapEndedAt = MonotonicInstant.distantPast
    /// Since when good rounds have come without such a gap.
    var goodSince = MonotonicInstant.distantPast
    /// Issue time of the newest read of all ballot blocks that succeeded.
    var lastBallotsRead = MonotonicInstant.distantPast
    /// A slot shows a ballot, or an epoch that is not known yet.
    var sawFlag = false
    var unsettled: UInt8 = 0
    var isQuarantineOver = false
    /// A good round was completed after the quarantine: this run may say all-lost ([LEASE-A]).
    var hadGoodAfterQuarantine = false
    /// The vouches in the newest own slot that is on the medium for certain.
    var acknowledgedVouches = PerHost<IncarnationNumber>(repeating: .none)
    /// First completion that showed an own slot other than the one written.
    var mismatchSince: MonotonicInstant?
}

/// What the newest handed-out row says of the network, to notice changes.
struct PublishedRow: BitwiseCopyable, Equatable {
    var heard = HostSet()
    var netOK = false
    var epoch = Epoch.zero
    var phase = HostPhase.empty
    var hold = false
}

/// What has been announced, so that it is said once.
struct Told: BitwiseCopyable {
    var phase = HostPhase.empty
    var storageLive = false
    var hadStorage = false
    var netOK = false
    var hold = false
    var acting = false
    var ground = LeaseGround.none
    var obstacle: JoinObstacle?
    var obstacleHosts = HostSet()
    var mismatch = false
}

/// How far the self-fence has come.
struct FenceProgress: BitwiseCopyable {
    var reason = SelfFenceReason.leaseExpired
    var startedAt = MonotonicInstant.distantPast
    var tombstonesSent = 0
    var isTombstoneDue = false
    var hasFired = false
    var isSpent = false
    var isSpendPending = false
    var isUnguardedKnown = false
    var hasHandedLease = false
}
