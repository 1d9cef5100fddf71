import LivesetEngine
import PoolModel

/// What a storage path does to the I/O of its host.
enum PathState: UInt8, BitwiseCopyable, Sendable {
    /// Answers.
    case healthy
    /// Hangs: what is sent waits, what was done is not acknowledged.
    case stalled
    /// Answers with an error, nothing lands.
    case erroring
}

/// What others can rely on that a host's slot says.
struct AcknowledgedSlot: BitwiseCopyable, Sendable {
    var vouches = PerHost<IncarnationNumber>(repeating: .none)
    var ballotInstance = Epoch.zero
}

/// What becomes of the next I/O of a host.
struct NextIO: BitwiseCopyable, Sendable {
    var tearsWrite = false
    var failsWrite = false
    var failsRead = false
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

/// Everything of one host but its daemon; only the world touches it.
final class SimulatedHost {
    let index: HostIndex
    var settings: EngineSettings
    private let time: WorldTime
    var clock = ClockCourse()
    var hasPower = false
    var isUp = false
    var boot = BootID.none
    /// Grows with each start and end of a daemon and each loss of power; tells stale events apart.
    var runNumber: UInt32 = 0
    /// The daemon that runs here, frozen or not.
    var run: DaemonRun?
    var watchdog = SimulatedWatchdog()
    var path = PathState.healthy
    /// The path hangs once the next slot write is acknowledged.
    var stallsAfterSlot = false
    /// I/O that hangs in the path.
    var held: [Int] = []
    /// Own file; survives everything.
    var file: PersistedIncarnation?
    var isFileSpoilt = false
    var persistFails = false
    var persistsFail = false
    var watchdogFails = false
    var feedsFail = false
    var hasNoWayOut = false
    var lateness = WatchdogLateness.byChance
    /// What the device makes of any timeout.
    var watchdogReadBack: TimeSpan?
    var sysrqBroken = false
    /// What becomes of the next I/O that reaches the disk.
    var nextIO = NextIO()
    /// The key under which its next daemon run signs, and the other one that it takes.
    var key = World.keyAtStart
    var previousKey: UInt64?
    var provesGuestStop = true
    /// The descriptor of the watchdog waits for the next run.
    var descriptorKept = false
    /// What the daemon sees of its links.
    var linksUp = true
    /// The networks without carrier, as bits.
    var carriersLost: UInt8 = 0
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
    /// What its newest slot that is on the disk for certain says, of this run.
    var acknowledged = AcknowledgedSlot()
    var lastSlotSequence: UInt64 = 0
    /// The number whose tombstone it issued.
    var tombstone = IncarnationNumber.none
    var lastSend = MonotonicInstant.distantPast
    var lastReceive = MonotonicInstant.distantPast
    var isStorageLost = false
    var waitsFor: (JoinObstacle, HostSet)?

    init(index: HostIndex, settings: EngineSettings, time: WorldTime) {
        self.index = index
        self.settings = settings
        self.time = time
    }

    /// Every device works as it should again.
    func mendDevices() {
        (sysrqBroken, persistFails, persistsFail) = (false, false, false)
        (watchdogFails, feedsFail) = (false, false)
        stallsAfterSlot = false
        nextIO = NextIO()
    }

    /// What the host's own clock shows.
    var now: MonotonicInstant { clock.reading(at: time.nanoseconds) }

    /// Whether a daemon runs here, frozen or not.
    var daemonRuns: Bool { run != nil }

    /// Whether any of these threads of its daemon stands still.
    func isFrozen(_ threads: HostThreads) -> Bool {
        run?.isFrozen(threads, at: time.nanoseconds) ?? false
    }
}
