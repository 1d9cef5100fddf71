import LivesetEngine
import PoolModel

/// What reaches a host's engine; waits in line while the engine's thread stands still.
enum EngineInput: BitwiseCopyable, Sendable {
    case tick
    case heartbeat(payload: Int)
    case round
    case persisted(PersistedIncarnation, succeeded: Bool)
    case watchdog(WatchdogOutcome)
    case links(allUp: Bool)
    case guests(running: Bool)
    case guestsStopped(proven: Bool)
}

/// What a storage path does to the I/O of its host.
enum PathState: UInt8, BitwiseCopyable, Sendable {
    /// Answers.
    case healthy
    /// Hangs: what is sent waits, what was done is not acknowledged.
    case stalled
    /// Answers with an error, nothing lands.
    case erroring
}

/// The storage worker of a host: carries out one round at a time (Round.swift tells the order).
struct StorageWorker: Sendable {
    enum Step: UInt8, Sendable {
        case ballotWrite, slotWrite, slotRead, ballotRead, done
    }
    var isBusy = false
    var step = Step.done
    /// The I/O that is under way, in the world's pool.
    var current: Int?
    /// When the round must be over, in nanoseconds of the world.
    var deadline: Int64 = 0
    /// An answer came while the thread stood still.
    var hasWaitingAnswer = false
    var waitingAnswerSucceeded = false
    /// The deadline came while the thread stood still.
    var hasWaitingDeadline = false
}

/// The watchdog device of a host: knows nothing of the daemon.
struct SimulatedWatchdog: BitwiseCopyable, Sendable {
    var isArmed = false
    /// W, as it was set.
    var timeout = TimeSpan.zero
    /// When its time is over, in nanoseconds of the world.
    var deadline: Int64 = 0
    /// When it really resets: the deadline and the driver's delay.
    var firesAt: Int64 = 0
    /// An event for it is in the queue.
    var isScheduled = false
    /// Generation of that event.
    var epoch: UInt32 = 0
}

/// What the fence loop of a run is about.
struct FenceLoop: BitwiseCopyable, Sendable {
    /// The daemon holds the open device.
    var isOpen = false
    /// The lease word; `distantPast` before the first lease of the run.
    var lease = MonotonicInstant.distantPast
    /// The loop's event is in the queue.
    var isScheduled = false
    /// A turn came due while the thread stood still.
    var isDue = false
    /// The check passed at this instant and the feed is still to come.
    var feedInHand: MonotonicInstant?
    /// Feeding has stopped for good.
    var isFencing = false

    var hasLease: Bool { lease != .distantPast }
}

/// Everything of one host; only the world touches it.
final class SimulatedHost {
    let index: HostIndex
    var settings: EngineSettings
    var clock = HostClock()
    var hasPower = false
    var isUp = false
    var boot = BootID.none
    /// Grows with each start and end of a daemon and each loss of power; tells stale events apart.
    var run: UInt32 = 0
    var engine: Engine?
    var orders: Orders
    let result: RoundResult
    /// Which version of each row's ballot blocks `result` holds.
    var ballotVersionsRead: [UInt64]
    /// The request under way; the worker's copy.
    var request = RoundRequest(id: 0)
    var worker = StorageWorker()
    var watchdog = SimulatedWatchdog()
    var fence = FenceLoop()
    var path = PathState.healthy
    /// The path hangs once the next slot write is acknowledged.
    var stallsAfterSlot = false
    /// I/O that hangs in the path.
    var held: [Int] = []
    /// Own file; survives everything.
    var file: PersistedIncarnation?
    var pendingPersists: [PersistedIncarnation] = []
    var persistFails = false
    /// The next run of the daemon cannot read the own file.
    var fileUnreadable = false
    var watchdogFails = false
    /// What the device makes of any timeout.
    var watchdogReadBack: TimeSpan?
    var sysrqBroken = false
    /// The descriptor of the watchdog waits for the next run.
    var descriptorKept = false
    /// Until when each thread stands still, in nanoseconds of the world: engine, storage, fence.
    var frozenUntil: (engine: Int64, storage: Int64, fence: Int64) = (0, 0, 0)
    /// It stands still until another host writes a ballot record.
    var awaitsRival = false
    /// Engine inputs that came while its thread stood still.
    var waitingInputs: [EngineInput] = []
    /// The orders being carried out were composed before a stop.
    var ordersAreLate = false
    /// Where to go on in `orders` after a stop between two orders.
    var resumeAt: Int?
    var isTickScheduled = false
    /// What the daemon sees of its links.
    var linksUp = true
    var carrierLost = false
    /// Guests that run here, as bits.
    var guests: UInt64 = 0
    var selfFencesInRow: UInt8 = 0
    var triggers: [Interruption] = []

    // What the oracles know of it.
    var number = IncarnationNumber.none
    /// The number under which this boot has held a lease and may still run guests.
    var dangerous: IncarnationNumber?
    var phase = HostPhase.empty
    var view = View.zero
    var certified = HostSet()
    var isActing = false
    /// Issue time of the newest good round of this run, on its own clock.
    var lastGoodRound = MonotonicInstant.distantPast
    var lastSend = MonotonicInstant.distantPast
    var lastReceive = MonotonicInstant.distantPast
    var evidence = HostEvidence()
    var isStorageLost = false
    var waitsFor: (JoinObstacle, HostSet)?

    init(index: HostIndex, settings: EngineSettings) {
        self.index = index
        self.settings = settings
        orders = Orders(own: index)
        result = RoundResult(hostCount: settings.hostCount)
        ballotVersionsRead = Array(repeating: 0, count: settings.hostCount)
    }

    /// Whether a daemon runs here, frozen or not.
    var daemonRuns = false

    func isFrozen(_ thread: HostThreads, at time: Int64) -> Bool {
        if thread.contains(.engine), frozenUntil.engine > time { return true }
        if thread.contains(.storage), frozenUntil.storage > time { return true }
        return thread.contains(.fence) && frozenUntil.fence > time
    }
}
