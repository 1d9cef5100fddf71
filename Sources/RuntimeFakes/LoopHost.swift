public import ByteFormat
import HeartbeatWire
public import LivesetEngine
public import NodeRuntime
public import PoolModel
import StatefileLayout

/// One simulated host: the daemon's three loops around a real engine, over fake ports, on one thread.
public final class LoopHost<Authenticator: MessageAuthenticator & ~Copyable> {
    /// The host's row.
    public let own: HostIndex
    /// What the engine loop shares.
    public let engineLink: EngineLink
    /// What the fence loop shares.
    public let fenceLink: FenceLink
    /// Its watchdog and trigger.
    public let hardware: FencingHardware
    /// What its engine was told; nil where nothing is recorded.
    public let flight: FlightRing?
    /// Whether it takes turns.
    public var runs = true
    /// Announcements that were taken from the ring.
    public private(set) var announcementCount = 0
    /// The last announcement.
    public private(set) var lastAnnouncement: Announcement?

    private let time: FakeTime
    private let exchange: DirectExchange
    private var engineLoop:
        EngineLoop<FakeClock, MemoryTransport, NoLinks, DirectRounds, ThreadedOrderSink, Authenticator>
    private var fenceLoop: FenceLoop<FakeClock, FakeWatchdog, FakeTrigger>
    private var statefileLoop: StatefileLoop<FakeClock, MemoryStatefile, Authenticator>
    private var nextFenceTurn = MonotonicInstant.distantPast
    private var hasToldStop = false

    /// A host that starts now, with a flight recorder of `flightBytes` bytes.
    public init(
        settings: EngineSettings,
        start: EngineStart,
        disk: MemoryDisk,
        network: MemoryNetwork,
        time: FakeTime,
        flightBytes: Int? = nil,
        authenticator: () -> Authenticator
    ) {
        own = settings.own
        self.time = time
        engineLink = EngineLink(engine: CountingWaker(), bridge: CountingWaker(), persister: CountingWaker())
        fenceLink = FenceLink(fence: CountingWaker(), engine: CountingWaker(), guestStopper: CountingWaker())
        hardware = FencingHardware(time)
        flight = flightBytes.map { FlightRing(byteCount: $0, hostCount: settings.hostCount) }
        var recorder: FlightRecorder?
        if let flight { recorder = FlightRecorder(flight) }
        exchange = DirectExchange(hostCount: settings.hostCount)
        let codec = HeartbeatCodec(generation: disk.header.generation, hostCount: settings.hostCount)
        engineLoop = EngineLoop(
            engine: Engine(settings: settings, start: start, now: time.now),
            gate: HeartbeatGate(codec: codec, own: settings.own, nonce: start.nonce),
            authenticator: authenticator(),
            clock: FakeClock(time),
            transport: MemoryTransport(network, own: settings.own),
            links: NoLinks(),
            rounds: DirectRounds(exchange),
            sink: ThreadedOrderSink(fence: fenceLink, engine: engineLink),
            link: engineLink,
            fenceAnswers: fenceLink.answers,
            hasWitnesses: false,
            recorder: recorder
        )
        fenceLoop = FenceLoop(
            link: fenceLink,
            clock: FakeClock(time),
            watchdog: FakeWatchdog(hardware),
            trigger: FakeTrigger(hardware),
            timing: settings.timing
        )
        statefileLoop = StatefileLoop(
            codec: disk.header.codec,
            ioDeadline: settings.timing.ioDeadline,
            clock: FakeClock(time),
            port: MemoryStatefile(disk, own: settings.own),
            authenticator: authenticator()
        )
        engineLoop.begin()
    }

    /// What the storage loop counted.
    public var statefileStatistics: StatefileStatistics { statefileLoop.statistics }
    /// What the engine thinks, as of its last publication.
    public var status: EngineStatus? { engineLink.status.read() }

    /// One turn of everything, in the order in which the threads of a quiet host would run.
    public func turn() {
        guard runs else { return }
        _ = engineLoop.turn()
        exchange.serve { request, result in statefileLoop.perform(request, into: result) }
        while let record = engineLink.recordsToPersist.pop() {
            engineLink.post(.incarnationPersisted(record, succeeded: true), by: .persister)
        }
        while let announcement = engineLink.announcements.pop() {
            announcementCount += 1
            lastAnnouncement = announcement
        }
        // Each turn: the real thread is woken by every command and every first lease.
        nextFenceTurn = fenceLoop.turn()
        if fenceLink.isGuestStopOrdered, !hasToldStop {
            hasToldStop = true
            engineLink.post(.guestsStopped(proven: true), by: .guestStopper)
        }
        if hardware.fireCount > 0 || hardware.hasReset { runs = false }
    }
}
