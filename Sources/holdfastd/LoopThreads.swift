import ByteFormat
import DaemonConfig
import HeartbeatWire
import LinuxPlatform
import LivesetEngine
import MessageAuthentication
import NodeRuntime
import PoolModel
import StatefileLayout
import StatefileMedium
import StatefileTransports

/// The priorities of the three loops: whoever must be on time preempts whoever may block.
enum LoopPriority {
    /// Reads one word and feeds.
    static let fence = 60
    /// Receives, decides, sends.
    static let engine = 50
    /// Blocks in the storage.
    static let storage = 20
}

/// The threads of the three loops (docs/ARCHITECTURE.md).
///
/// Each is made here, with everything it will ever own.
struct LoopThreads {
    /// Whether each has its priority.
    private(set) var grants: [(thread: String, grant: RealtimeGrant)] = []

    /// Starts the fence loop's thread.
    ///
    /// `inherited` is the number of a watchdog descriptor that outlived a former daemon; this thread takes it
    /// over.
    mutating func startFence(
        link: FenceLink,
        waker: Waker,
        settings: DaemonSettings,
        inherited: Int32?,
        report: WatchdogReport,
        timing: Timing,
        fire: consuming sending SystemFire
    ) throws(SystemError) {
        let poller = Handover(try Poller(waker: waker))
        let trigger = Handover(fire)
        let fencing = settings.fencing
        let thread = try PlatformThread.start(name: "hf-fence", priority: LoopPriority.fence) {
            let device = LoopThreads.adopt(inherited, path: fencing.watchdog)
            let port = LinuxWatchdogPort(
                path: fencing.watchdog,
                allowSoftdog: fencing.allowSoftdog,
                report: report,
                inherited: device
            )
            var loop = FenceLoop(
                link: link,
                clock: BootClock(),
                watchdog: port,
                trigger: trigger.take(),
                timing: timing
            )
            var poller = poller.take()
            while true {
                let next = loop.turn()
                poller.wait(until: next)
            }
        }
        grants.append(("fence", thread.realtime))
    }

    private static func adopt(_ number: Int32?, path: String) -> WatchdogDevice? {
        guard let number else { return nil }
        // Checked by the starting thread already; a descriptor that is none after all is closed and counts as
        // absent.
        return try? WatchdogDevice.adopt(Descriptor(owning: number), path: path)
    }

    /// Starts the engine loop's thread.
    mutating func startEngine(_ parts: consuming sending EngineParts, waker: Waker) throws(SystemError) {
        let poller = Handover(try Poller(waker: waker))
        let parts = Handover(parts)
        let thread = try PlatformThread.start(name: "hf-engine", priority: LoopPriority.engine) {
            var poller = poller.take()
            var loop = parts.take().makeLoop()
            // A socket that cannot be watched is still read at each tick; its failure is in the network's
            // counters.
            let transport = loop.withTransport { $0.descriptor }
            try? poller.watch(transport)
            let links = loop.withLinks { $0.descriptor }
            try? poller.watch(links)
            loop.begin()
            while true {
                let next = loop.turn()
                poller.wait(until: next)
            }
        }
        grants.append(("engine", thread.realtime))
    }

    /// Starts the storage loop's thread.
    mutating func startStorage(
        exchange: RoundExchange,
        waker: Waker,
        port: consuming sending DeviceStatefile<TransportDevice>,
        codec: StatefileCodec,
        ioDeadline: TimeSpan,
        authenticator: consuming sending HMACAuthenticator,
        statistics: Snapshot<StatefileStatistics>
    ) throws(SystemError) {
        let port = Handover(port)
        let authenticator = Handover(authenticator)
        let thread = try PlatformThread.start(name: "hf-storage", priority: LoopPriority.storage) {
            var loop = StatefileLoop(
                codec: codec,
                ioDeadline: ioDeadline,
                clock: BootClock(),
                port: port.take(),
                authenticator: authenticator.take()
            )
            while !exchange.isStopped {
                let served = exchange.serve { request, result in loop.perform(request, into: result) }
                if served {
                    statistics.publish(loop.statistics)
                } else {
                    _ = waker.wait(until: BootClock().now() + .seconds(1))
                }
            }
        }
        grants.append(("storage", thread.realtime))
    }
}

/// Everything from which the engine thread makes its loop.
struct EngineParts: ~Copyable {
    let settings: EngineSettings
    let start: EngineStart
    let codec: HeartbeatCodec
    let authenticator: HMACAuthenticator
    let transport: UDPTransport
    let links: CarrierWatch
    let exchange: RoundExchange
    let fence: FenceLink
    let engine: EngineLink
    let hasWitnesses: Bool

    /// The loop, around an engine that has done nothing yet.
    consuming func makeLoop()
        -> EngineLoop<
            BootClock, UDPTransport, CarrierWatch, EngineSideOfRounds, ThreadedOrderSink, HMACAuthenticator
        >
    {
        EngineLoop(
            engine: Engine(settings: settings, start: start, now: BootClock().now()),
            gate: HeartbeatGate(codec: codec, own: settings.own, nonce: start.nonce),
            authenticator: authenticator,
            clock: BootClock(),
            transport: transport,
            links: links,
            rounds: EngineSideOfRounds(exchange),
            sink: ThreadedOrderSink(fence: fence, engine: engine),
            link: engine,
            fenceAnswers: fence.answers,
            hasWitnesses: hasWitnesses
        )
    }
}
