import AdminProtocol
import DaemonConfig
import HeartbeatWire
import JournalLog
import LinuxPlatform
import LivesetEngine
import MessageAuthentication
import NodeRuntime
import PoolModel
import StatefileLayout
import StatefileMedium
import StatefileTransports

/// What a daemon run brings along into its engine.
struct RunStart: Sendable {
    var engine: EngineStart
    /// A watchdog descriptor that outlived the former daemon.
    var inheritedWatchdog: Int32?
}

/// Puts the running parts together once the header is there: links first, then loops, then the threads beside
/// them.
struct Assembly {
    let board: DaemonBoard
    let log: DaemonLog
    let keys: PoolKeyPair
    let bridgeWaker: Waker

    /// Builds everything and starts the threads.
    func start(_ found: HeaderFound, run: RunStart) throws(StartFailure) {
        let settings = board.settings
        let engineSettings: EngineSettings
        do throws(ConfigError) {
            engineSettings = try settings.engineSettings(
                header: HeaderFacts(hosts: found.header.hostNames, largestD: found.header.largestD)
            )
        } catch {
            throw StartFailure(.configuration, error.description)
        }
        let device: TransportDevice
        do throws(StatefileError) {
            let patience = engineSettings.timing.ioDeadline
            device = try settings.statefile.source.device(
                for: StatefileUse(.readWrite, .rounds, patience: patience)
            )
        } catch {
            throw StartFailure(.configuration, error.description)
        }
        do throws(SystemError) {
            try start(found, device, engineSettings, run)
        } catch {
            throw StartFailure(.system, "the daemon cannot start: \(error)")
        }
    }

    /// What ends each thread's sleep.
    private struct Wakers {
        let engine: Waker
        let fence: Waker
        let storage: Waker
        let persister: Waker
        let guestStopper: Waker

        init() throws(SystemError) {
            engine = try Waker()
            fence = try Waker()
            storage = try Waker()
            persister = try Waker()
            guestStopper = try Waker()
        }
    }

    private func start(
        _ found: HeaderFound,
        _ device: consuming sending TransportDevice,
        _ engineSettings: EngineSettings,
        _ run: RunStart
    ) throws(SystemError) {
        let wakers = try Wakers()
        let exchange = RoundExchange(
            hostCount: engineSettings.hostCount,
            storage: wakers.storage,
            engine: wakers.engine
        )
        let transport = try UDPTransport(endpoints(found.header))
        let parts = try makeParts(found.header, wakers, transport.counters, device.paths, run)
        var threads = LoopThreads()
        try threads.startFence(
            link: parts.fence,
            waker: wakers.fence,
            settings: board.settings,
            inherited: run.inheritedWatchdog,
            report: parts.watchdog,
            timing: fenceTiming(engineSettings, run),
            fire: makeTrigger()
        )
        try threads.startStorage(
            exchange: exchange,
            waker: wakers.storage,
            port: port(device, found, engineSettings, parts.statefile),
            codec: found.header.codec,
            ioDeadline: engineSettings.timing.ioDeadline,
            authenticator: HMACAuthenticator(current: keys.current, previous: keys.previous),
            statistics: parts.storage
        )
        let witnesses = witnesses()
        try startServices(parts, wakers, witnesses, engineSettings.timing)
        let engineParts = EngineParts(
            settings: engineSettings,
            start: run.engine,
            codec: HeartbeatCodec(generation: found.header.generation, hostCount: engineSettings.hostCount),
            authenticator: HMACAuthenticator(current: keys.current, previous: keys.previous),
            transport: transport,
            links: try CarrierWatch(ports: portNames),
            exchange: exchange,
            fence: parts.fence,
            engine: parts.engine,
            hasWitnesses: !witnesses.isEmpty
        )
        _ = parts.door.post(.guestsObserved(running: board.guests.mayRun))
        board.begin(parts)
        try threads.startEngine(engineParts, waker: wakers.engine)
        tellGrants(threads)
        tellStatefile(found)
    }

    private func makeParts(
        _ header: StatefileHeader,
        _ wakers: Wakers,
        _ counters: [NetworkCounters],
        _ paths: [PathFigures],
        _ run: RunStart
    ) throws(SystemError) -> RunningParts {
        let link = EngineLink(engine: wakers.engine, bridge: bridgeWaker, persister: wakers.persister)
        return RunningParts(
            header: header,
            engine: link,
            fence: FenceLink(
                fence: wakers.fence,
                engine: wakers.engine,
                guestStopper: wakers.guestStopper
            ),
            door: try EngineDoor(link: link),
            storage: Snapshot(),
            statefile: StatefileMedium.StatefileReport(bridge: bridgeWaker, paths: paths),
            watchdog: WatchdogReport(bridge: bridgeWaker),
            counters: counters,
            wasWatchdogInherited: run.inheritedWatchdog != nil
        )
    }

    private func startServices(
        _ parts: RunningParts,
        _ wakers: Wakers,
        _ witnesses: [(network: Int, witness: SocketAddress, source: SocketAddress)],
        _ timing: Timing
    ) throws(SystemError) {
        let file = IncarnationFile(directory: board.settings.paths.stateDirectory)
        _ = try ServiceThreads.startPersister(
            link: parts.engine,
            waker: wakers.persister,
            file: file,
            log: log
        )
        _ = try ServiceThreads.startGuestStopper(
            parts: parts,
            board: board,
            waker: wakers.guestStopper,
            log: log
        )
        try ServiceThreads.startWitnesses(
            witnesses,
            link: parts.engine,
            board: board,
            networkTimeout: timing.networkTimeout
        )
    }

    /// The times with the read-back W of an inherited device, if any.
    private func fenceTiming(_ settings: EngineSettings, _ run: RunStart) -> Timing {
        run.engine.inheritedWatchdog.map { settings.timing.withWatchdog(readBack: $0) } ?? settings.timing
    }

    private func port(
        _ device: consuming sending TransportDevice,
        _ found: HeaderFound,
        _ engineSettings: EngineSettings,
        _ report: StatefileMedium.StatefileReport
    ) -> sending DeviceStatefile<TransportDevice> {
        DeviceStatefile(
            device: device,
            own: engineSettings.own,
            codec: found.header.codec,
            ioDeadline: engineSettings.timing.ioDeadline,
            formerLives: FormerLives(
                lockPath: board.settings.paths.runDirectory + "/holdfastd.lock",
                bound: board.settings.statefile.source.formerWritesBound(found.facts.kind)
            ),
            report: report
        )
    }

    // MARK: networks

    private var portNames: [String] {
        var names: [String] = []
        for network in board.settings.heartbeat.networks {
            for name in network.interfaces where !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func endpoints(_ header: StatefileHeader) -> [LinuxPlatform.NetworkEndpoint] {
        board.settings.heartbeat.networks.compactMap { network in
            guard let bind = SocketAddress(network.bind) else { return nil }
            var peers: [HostIndex: SocketAddress] = [:]
            for (name, endpoint) in network.peers {
                guard let host = header.host(named: name), let address = SocketAddress(endpoint) else {
                    continue
                }
                peers[host] = address
            }
            return LinuxPlatform.NetworkEndpoint(name: network.name, bind: bind, peers: peers)
        }
    }

    private func witnesses() -> [(network: Int, witness: SocketAddress, source: SocketAddress)] {
        board.settings.heartbeat.networks.enumerated().compactMap { index, network in
            guard let witness = network.witness, let source = SocketAddress(network.bind) else { return nil }
            guard let address = SocketAddress(bytes: witness.bytes, port: 0) else { return nil }
            return (index, address, source)
        }
    }

    // MARK: warnings

    private func makeTrigger() -> sending SystemFire {
        let path = board.settings.fencing.sysrq
        let trigger = SystemFire(sysrqPath: path)
        if !trigger.hasSysrq { warn(SafetyWarnings.noSysrq(path)) }
        return trigger
    }

    private func tellGrants(_ threads: LoopThreads) {
        for (thread, grant) in threads.grants {
            if let warning = SafetyWarnings.notRealtime(thread, grant) { warn(warning) }
        }
    }

    private func tellStatefile(_ found: HeaderFound) {
        let header = found.header
        log.note(
            .statefileTrouble,
            .info,
            "statefile \(board.settings.statefile.path) read: hosts"
                + " \(header.hostNames.joined(separator: ", ")),"
                + " largest D = \(header.largestD)"
        )
        guard !found.facts.isDirect else { return }
        warn(
            WarningReport(
                code: "no-direct-io",
                message:
                    "statefile \(board.settings.statefile.path): its filesystem refuses O_DIRECT, so reads"
                    + " go through"
                    + " the page cache, which is dropped before each; use a block device or another"
                    + " filesystem"
            )
        )
    }

    private func warn(_ warning: WarningReport) { if board.warn(warning) { log.weakened(warning) } }
}

extension SocketAddress {
    /// The address of a configured endpoint.
    init?(_ endpoint: DaemonConfig.NetworkEndpoint) {
        self.init(bytes: endpoint.address.bytes, port: endpoint.port)
    }
}
