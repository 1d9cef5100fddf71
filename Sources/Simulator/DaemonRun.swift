import HeartbeatWire
import LivesetEngine
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileLayout

/// One run of a host's daemon: the shipped loops with their links, and where its threads stand.
final class DaemonRun {
    let board: RunBoard
    let engineLink: EngineLink
    let fenceLink: FenceLink
    var engineLoop:
        EngineLoop<
            SimulatedClock, SimulatedTransport, SimulatedLinks, SimulatedRounds, SimulatedSink,
            SumAuthenticator
        >
    var fenceLoop: FenceLoop<SimulatedClock, SimulatedWatchdogPort, SimulatedTrigger>
    var round: StatefileRound<SimulatedClock, SumAuthenticator>

    var engine = ThreadStanding()
    var fence = ThreadStanding()
    var storage = StorageStanding()
    /// The engine stands between two orders of one step.
    var isStoppedAtOrder = false
    /// The fence loop has looked and not acted yet.
    var hasLooked = false
    /// When it looked last, and the lease that it saw.
    var lookedAt = MonotonicInstant.distantPast
    var leaseSeen: MonotonicInstant?
    /// The latch of the fence loop that the trace has.
    var notedFence: SelfFenceReason?
    /// It stands still until another host writes a ballot record.
    var awaitsRival = false

    /// What the persister is writing.
    var persisting: PersistedIncarnation?
    /// The guest stopper is at work, or has answered.
    var isStoppingGuests = false
    var lastTicket: UInt64 = 0
    var lastAnswer: EngineAnswer?

    init(of host: SimulatedHost, in world: World, start: EngineStart) {
        let settings = host.settings
        board = RunBoard(hostCount: settings.hostCount)
        board.carriersUp = host.linksUp
        board.isDeviceOpen = start.inheritedWatchdog != nil
        let woken = board.woken
        engineLink = EngineLink(
            engine: ThreadWaker(.engine, of: woken),
            bridge: ThreadWaker(.bridge, of: woken),
            persister: ThreadWaker(.persister, of: woken)
        )
        fenceLink = FenceLink(
            fence: ThreadWaker(.fence, of: woken),
            engine: ThreadWaker(.engine, of: woken),
            guestStopper: ThreadWaker(.guestStopper, of: woken)
        )
        let clock = SimulatedClock(host: host)
        let authenticator = world.authenticator(of: host)
        engineLoop = EngineLoop(
            engine: Engine(settings: settings, start: start, now: clock.now()),
            gate: HeartbeatGate(codec: world.heartbeatCodec, own: host.index, nonce: start.nonce),
            authenticator: authenticator,
            clock: clock,
            transport: SimulatedTransport(world: world, host: host, board: board),
            links: SimulatedLinks(board: board),
            rounds: SimulatedRounds(world: world, host: host, board: board),
            sink: SimulatedSink(
                world: world,
                host: host,
                sink: ThreadedOrderSink(fence: fenceLink, engine: engineLink)
            ),
            link: engineLink,
            fenceAnswers: fenceLink.answers,
            hasWitnesses: false,
            publicationInterval: .seconds(60)
        )
        var timing = settings.timing
        if let inherited = start.inheritedWatchdog { timing = timing.withWatchdog(readBack: inherited) }
        fenceLoop = FenceLoop(
            link: fenceLink,
            clock: clock,
            watchdog: SimulatedWatchdogPort(world: world, host: host, board: board),
            trigger: SimulatedTrigger(host: host, board: board),
            timing: timing
        )
        round = StatefileRound(
            codec: world.disk.codec,
            ioDeadline: settings.timing.ioDeadline,
            clock: clock,
            authenticator: authenticator
        )
    }

    /// Whether the fence loop's word is latched: no feed and no start of a guest from now on.
    var isFencing: Bool {
        switch fenceLink.lease {
        case .fencing, .fire: true
        case .none, .until: false
        }
    }

    /// Until when the host may run; nil without a lease.
    var leaseEnd: MonotonicInstant? {
        if case .until(let end) = fenceLink.lease { end } else { nil }
    }

    /// Whether any of these threads stands still.
    func isFrozen(_ threads: HostThreads, at time: Int64) -> Bool {
        if threads.contains(.engine), engine.frozenUntil > time { return true }
        if threads.contains(.storage), storage.frozenUntil > time { return true }
        return threads.contains(.fence) && fence.frozenUntil > time
    }
}

/// Where the thread of a loop stands.
struct ThreadStanding: BitwiseCopyable, Sendable {
    /// When its next turn is due, in nanoseconds of the world; that event is in the queue.
    var dueAt: Int64?
    /// A turn came due while it stood still.
    var isDue = false
    /// Until when it stands still, in nanoseconds of the world.
    var frozenUntil: Int64 = 0
}

/// Where the storage thread stands.
struct StorageStanding: BitwiseCopyable, Sendable {
    /// The step of the round under way.
    var step = StatefileStep.end
    /// The step is decided and its I/O not issued yet.
    var hasStepInHand = false
    /// The I/O that is under way, in the world's pool.
    var current: Int?
    /// A round was handed over while it stood still.
    var isDue = false
    /// An answer came while it stood still: whether the I/O had succeeded.
    var waitingAnswer: Bool?
    /// The deadline came while it stood still.
    var hasWaitingDeadline = false
    /// Until when it stands still, in nanoseconds of the world.
    var frozenUntil: Int64 = 0
}
