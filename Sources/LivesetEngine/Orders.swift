public import PoolModel

/// The right to disarm the watchdog: only the engine makes one, and each says why it is safe.
public struct DisarmPermit: BitwiseCopyable, Sendable, Equatable {
    /// Why disarming is safe.
    public enum Ground: UInt8, BitwiseCopyable, Sendable {
        /// A view without this host was decided after it had stopped every guest, and its tombstone is on
        /// disk.
        case left = 1
        /// The pool is disabled by a decided view.
        case poolDisabled = 2
        /// The watchdog was opened and the view not adopted; no guest ever ran under this number.
        case neverAdopted = 3
        /// The operator's emergency disable, published as *unguarded*.
        case unguarded = 4
        /// A lease ended while the pool was only *enabling* ([JOIN-3]).
        case enablingExpired = 5
    }
    /// Why disarming is safe.
    public let ground: Ground

    init(_ ground: Ground) { self.ground = ground }
}

/// One thing that the shell has to do.
///
/// Carried out in the order given; a shell never reorders, merges or drops.
public enum Order: BitwiseCopyable, Sendable {
    /// The fence loop may feed until then; also the first one starts the feeding ([LEASE-3]).
    case renewLease(until: MonotonicInstant)
    /// Send `Orders.heartbeat` to every peer over every network.
    case broadcastHeartbeat
    /// Hand `Orders.round` to the storage loop, which is idle.
    case startRound
    /// Write this to the host's own file, sync, and report with `incarnationPersisted`.
    case persist(PersistedIncarnation)
    /// Open and arm the device, set this timeout, read it back, and report with `watchdogOpened`.
    case openWatchdog(timeout: TimeSpan)
    /// Disarm and close the watchdog; the fence loop neither feeds nor fences from now on.
    case disarm(DisarmPermit)
    /// Stop feeding now, stop every guest, report with `guestsStopped`; fire when the bound is over or `fire`
    /// comes.
    case selfFence(SelfFenceReason)
    /// The fence has been told and recorded as far as it could be: reset the host now.
    case fire
    /// Tell the log, the manager and the operator.
    case announce(Announcement)
}

/// Something that the operator or the manager wants to know; carries the figures behind it.
public enum Announcement: BitwiseCopyable, Sendable {
    /// This run works under this incarnation number; `resumed` after a daemon restart of a member.
    case started(IncarnationNumber, resumed: Bool)
    /// The phase of this host changed.
    case phaseChanged(from: HostPhase, to: HostPhase)
    /// A view was adopted.
    case viewAdopted(View)
    /// This host started to propose a change; `host` is one that it is about, `reason` why it leaves, nil for
    /// a join
    /// or another change.
    case proposing(Epoch, host: HostIndex?, reason: RemovalReason?)
    /// A ballot was given up: another one is ahead.
    case ballotLost(Epoch)
    /// A host is certified dead.
    case certified(DeathCertificate)
    /// A peer's heartbeats stopped (Tn).
    case peerUnheard(HostIndex, lastHeard: MonotonicInstant)
    /// A peer is heard again.
    case peerHeard(HostIndex)
    /// A peer's slot stopped changing (Ts + r).
    case peerSlotStale(HostIndex, lastChange: MonotonicInstant)
    /// A peer's slot changes again.
    case peerSlotFresh(HostIndex)
    /// No good round for Ts.
    case storageLost(lastGoodRound: MonotonicInstant)
    /// Good rounds again, newest view read ([LEASE-1]).
    case storageBack
    /// This host lives on the peers' vouches now.
    case livingOnVouches
    /// This host lives because every member has lost its storage.
    case livingOnAllLost
    /// A hold of [FAULT-3] began or ended.
    case holdChanged(Bool)
    /// The published netOK changed.
    case netOKChanged(Bool)
    /// This host acts as master from now on, or no longer.
    case mastershipChanged(acting: Bool, Epoch)
    /// This host waits to join, and for which hosts.
    case waitingToJoin(JoinObstacle, HostSet)
    /// This host stops itself, with the figures behind it.
    case selfFence(SelfFenceReason, FenceFigures)
    /// The own slot read back does not match what was written for longer than Ts.
    case readBackMismatch
    /// The watchdog's read-back timeout makes D larger than the pool allows.
    case watchdogRefused(readBack: TimeSpan)
}

/// What keeps a host from joining.
public enum JoinObstacle: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The statefile cannot be read or written ([JOIN-2]).
    case noStatefile = 1
    /// Writes of this host's former lives may still land ([VIEW-3]).
    case quarantine = 2
    /// Not heard by, or does not hear, these storage-live members.
    case notHeard = 3
    /// The pool enables only when these hosts have joined as well ([JOIN-3]).
    case waitingForHosts = 4
    /// The members of the last view are not certified dead: these ([JOIN-4]).
    case notCertified = 5
    /// Held out by itself ([FAULT-7], [FAULT-8]).
    case heldOut = 6
    /// The pool is disabled.
    case poolDisabled = 7
    /// The watchdog could not be opened.
    case watchdog = 8
}

/// The figures behind a self-fence.
public struct FenceFigures: BitwiseCopyable, Sendable, Equatable {
    /// The epoch adopted.
    public var epoch: Epoch
    /// When the lease ended.
    public var leaseEnd: MonotonicInstant
    /// Issue time of the newest good round.
    public var lastGoodRound: MonotonicInstant
    /// Issue time of the newest heartbeat that came back as a grant.
    public var lastGrant: MonotonicInstant
    /// The peers heard within Tn.
    public var heard: HostSet
    /// The members of the adopted view.
    public var members: HostSet

    /// The figures with these fields.
    public init(
        epoch: Epoch,
        leaseEnd: MonotonicInstant,
        lastGoodRound: MonotonicInstant,
        lastGrant: MonotonicInstant,
        heard: HostSet,
        members: HostSet
    ) {
        self.epoch = epoch
        self.leaseEnd = leaseEnd
        self.lastGoodRound = lastGoodRound
        self.lastGrant = lastGrant
        self.heard = heard
        self.members = members
    }
}

/// The buffer that one step of the engine fills.
///
/// Made once, reused; never allocates after that.
///
/// The payloads stand beside the list because they are large and there is at most one of each a step.
public struct Orders: Sendable {
    /// The orders of this step, in the order in which they are to be carried out.
    public private(set) var list: [Order]
    /// What `broadcastHeartbeat` sends; composed in the same state in which its grants were checked
    /// ([TIME-4]).
    public var heartbeat: Heartbeat
    /// What `startRound` carries out.
    public var round: RoundRequest

    /// An empty buffer for the engine of `own`.
    public init(own: HostIndex) {
        list = []
        list.reserveCapacity(Orders.capacity)
        heartbeat = Heartbeat(sender: own, incarnation: .none)
        round = RoundRequest(id: 0)
    }

    /// More orders than any step can give; a step that gives more is a bug.
    public static let capacity = 1024

    /// Empties the list; the memory stays.
    public mutating func removeAll() { list.removeAll(keepingCapacity: true) }

    mutating func append(_ order: Order) {
        precondition(list.count < Orders.capacity, "one engine step gave more orders than the buffer holds")
        list.append(order)
    }
}
