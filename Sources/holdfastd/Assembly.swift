import AdminProtocol
import DaemonConfig
import HeartbeatWire
import JournalLog
import LinuxPlatform
import LivesetEngine
import MessageAuthentication
import NodeRuntime
import PoolModel
import StatefileBlock
import StatefileLayout

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
        do throws(SystemError) {
            try start(found, engineSettings, run)
        } catch {
            throw StartFailure(.system, "the daemon cannot start: \(error)")
        }
    }

    private func start(
        _ found: HeaderFound,
        _ engineSettings: EngineSettings,
        _ run: RunStart
    ) throws(SystemError) {
        let header = found.header
        let (engineWaker, fenceWaker) = (try Waker(), try Waker())
        let (storageWaker, persistWaker, stopWaker) = (try Waker(), try Waker(), try Waker())
        let link = EngineLink(engine: engineWaker, bridge: bridgeWaker, persister: persistWaker)
        let fence = FenceLink(fence: fenceWaker, engine: engineWaker, guestStopper: stopWaker)
        let exchange = RoundExchange(
            hostCount: engineSettings.hostCount,
            storage: storageWaker,
            engine: engineWaker
        )
        let transport = try UDPTransport(endpoints(header))
        let statefile = StatefileBlock.StatefileReport(bridge: bridgeWaker)
        let watchdog = WatchdogReport(bridge: bridgeWaker)
        let parts = RunningParts(
            header: header,
            engine: link,
            fence: fence,
            door: try EngineDoor(link: link),
            storage: Snapshot(),
            statefile: statefile,
            watchdog: watchdog,
            counters: transport.counters,
            wasWatchdogInherited: run.inheritedWatchdog != nil
        )

        var threads = LoopThreads()
        try threads.startFence(
            link: fence,
            waker: fenceWaker,
            settings: board.settings,
            inherited: run.inheritedWatchdog,
            report: watchdog,
            timing: fenceTiming(engineSettings, run),
            fire: makeTrigger()
        )
        try threads.startStorage(
            exchange: exchange,
            waker: storageWaker,
            port: port(found, engineSettings, statefile),
            codec: header.codec,
            ioDeadline: engineSettings.timing.ioDeadline,
            authenticator: HMACAuthenticator(current: keys.current, previous: keys.previous),
            statistics: parts.storage
        )
        _ = try ServiceThreads.startPersister(
            link: link,
            waker: persistWaker,
            file: IncarnationFile(directory: board.settings.paths.stateDirectory),
            log: log
        )
        _ = try ServiceThreads.startGuestStopper(parts: parts, board: board, waker: stopWaker, log: log)
        let witnesses = witnesses()
        try ServiceThreads.startWitnesses(
            witnesses,
            link: link,
            board: board,
            networkTimeout: engineSettings.timing.networkTimeout
        )
        let engineParts = EngineParts(
            settings: engineSettings,
            start: run.engine,
            codec: HeartbeatCodec(generation: header.generation, hostCount: engineSettings.hostCount),
            authenticator: HMACAuthenticator(current: keys.current, previous: keys.previous),
            transport: transport,
            links: try CarrierWatch(ports: portNames),
            exchange: exchange,
            fence: fence,
            engine: link,
            hasWitnesses: !witnesses.isEmpty
        )
        _ = parts.door.post(.guestsObserved(running: board.guests.mayRun))
        board.begin(parts)
        try threads.startEngine(engineParts, waker: engineWaker)
        tellGrants(threads)
        tellStatefile(found)
    }

    /// The times with the read-back W of an inherited device, if any.
    private func fenceTiming(_ settings: EngineSettings, _ run: RunStart) -> Timing {
        run.engine.inheritedWatchdog.map { settings.timing.withWatchdog(readBack: $0) } ?? settings.timing
    }

    private func port(
        _ found: HeaderFound,
        _ engineSettings: EngineSettings,
        _ report: StatefileBlock.StatefileReport
    ) -> BlockStatefile {
        let statefile = board.settings.statefile
        let wait = statefile.lateWriteWait ?? (found.kind == .block ? .seconds(60) : .zero)
        return BlockStatefile(
            path: statefile.path,
            own: engineSettings.own,
            codec: found.header.codec,
            formerLives: FormerLives(
                lockPath: board.settings.paths.runDirectory + "/holdfastd.lock",
                lateWriteWait: wait
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
        guard !found.isDirect else { return }
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
