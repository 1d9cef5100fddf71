import AdminProtocol
import DaemonConfig
import FoundationEssentials
import JournalLog
import LinuxPlatform
import LivesetEngine
import LocalServices
import PoolModel

/// The daemon from its start to its end: the order in which things must happen.
///
/// Signals before threads; log before anything that can fail; control socket before the statefile, so that a
/// host without its statefile can say so; the engine once the header is there; then the bridge, on this
/// thread.
struct Daemon {
    let settings: DaemonSettings
    let keys: PoolKeyPair
    private let signals: StopSignals
    private let log: DaemonLog
    private let logWaker: Waker
    private let logThread: PlatformThread
    private let notice: @Sendable (String, Int32?) -> Void

    /// Prepares what everything else needs: signals, log.
    init(settings: DaemonSettings, keys: PoolKeyPair) throws(StartFailure) {
        self.settings = settings
        self.keys = keys
        do {
            signals = try StopSignals()
            let waker = try Waker()
            logWaker = waker
            let queue = LogQueue { waker.wake() }
            log = DaemonLog(queue: queue, history: EventHistory(), host: settings.host.name)
            let environment = ProcessInfo.processInfo.environment
            let writer = LogWriter(queue: queue, destination: Daemon.destination(environment))
            logThread = try PlatformThread.start(name: "hf-log") {
                while writer.drain() { _ = waker.wait(until: BootClock().now() + .seconds(60)) }
            }
            notice = Daemon.serviceNotice(environment)
        } catch {
            throw StartFailure(.system, "the daemon cannot start: \(error)")
        }
    }

    private static func destination(_ environment: [String: String]) -> LogWriter.Destination {
        guard environment["JOURNAL_STREAM"] != nil else { return .console { StandardError.write($0) } }
        return .journal(identifier: "holdfastd") { text in
            (try? LocalDatagram.send(text, to: LocalDatagram.journalSocket)) != nil
        }
    }

    private static func serviceNotice(_ environment: [String: String]) -> @Sendable (String, Int32?) -> Void {
        guard let socket = environment["NOTIFY_SOCKET"], !socket.isEmpty else { return { _, _ in } }
        return { text, descriptor in
            // A service manager that is away is told nothing; nothing here depends on it.
            _ = try? LocalDatagram.send(text, to: socket, descriptor: descriptor)
        }
    }

    /// Runs until the daemon may exit; every way out of here has told its reason to the log.
    func run() -> ExitStatus {
        let status: ExitStatus
        do throws(StartFailure) {
            status = try serve()
        } catch {
            log.note(.daemonStopping, .critical, error.description, ["EXIT": "\(error.status.rawValue)"])
            status = error.status
        }
        notice("STOPPING=1", nil)
        log.queue.close()
        logThread.join()
        return status
    }

    private func serve() throws(StartFailure) -> ExitStatus {
        let startedAt = BootClock().now()
        try makeDirectories()
        guard let boot = BootID(readingFrom: settings.host.bootIDFile) else {
            throw StartFailure(
                .configuration,
                "host.boot-id-file = \(settings.host.bootIDFile): holds no boot id (a UUID); without it a"
                    + " new boot cannot"
                    + " be told from a daemon restart"
            )
        }
        let returns = ReturnKeeper(
            directory: settings.paths.stateDirectory,
            policy: ReturnPolicy(
                removalLimit: settings.policy.removalLimit,
                selfFenceLimit: settings.policy.selfFenceLimit
            ),
            log: log
        )
        let former = readFormerLife()
        let resumes = former.record.map { $0.boot == boot && $0.mark == .held } ?? !former.isReadable
        let board = DaemonBoard(
            settings: settings,
            startedAt: startedAt,
            guests: GuestLedger(mayHaveInherited: resumes)
        )
        log.note(
            .daemonStarted,
            .info,
            "holdfastd \(HoldfastVersion.text) starts on \(settings.host.name), \(settings.timing.words), D ="
                + " \(settings.timing.derived.certainlyDead), configuration \(settings.file)"
        )
        if let error = MemoryLock.lockAll() { board.warn(SafetyWarnings.notLocked(error)) }
        for warning in board.warnings { log.weakened(warning) }
        if let record = former.record, record.mark == .held, record.boot != boot {
            returns.noteUncleanEnd(record.number)
        }
        let (server, serverThread) = try startServer(board, returns)
        defer {
            server.stop()
            serverThread.join()
        }
        notice("READY=1\nSTATUS=reading the statefile's header", nil)
        let bridgeWaker = try waker()
        guard let found = try waitForHeader(board, bridgeWaker) else { return .stopped }
        let run = runStart(boot, former, returns)
        try Assembly(board: board, log: log, keys: keys, bridgeWaker: bridgeWaker).start(found, run: run)
        try bridge(board, returns, bridgeWaker, isHeldOut: run.engine.holdOut != nil)
        log.note(.daemonStopping, .info, "the daemon stops: nothing here needs it")
        return .stopped
    }

    // MARK: former lives

    private struct FormerLife {
        var record: PersistedIncarnation?
        var isReadable: Bool
    }

    private func readFormerLife() -> FormerLife {
        do throws(OwnFileError) {
            let file = IncarnationFile(directory: settings.paths.stateDirectory)
            return FormerLife(record: try file.read(), isReadable: true)
        } catch {
            log.note(.configuration, .error, "\(error)", ["REASON": "state-directory"])
            return FormerLife(record: nil, isReadable: false)
        }
    }

    private func runStart(_ boot: BootID, _ former: FormerLife, _ returns: ReturnKeeper) -> RunStart {
        var engine = EngineStart(boot: boot, nonce: RunNonce(KernelRandom.bits64()), persisted: former.record)
        engine.isPersistedReadable = former.isReadable
        let decision = returns.decide()
        engine.holdOut = decision.holdOut
        engine.recentRemovals = decision.recentRemovals
        engine.selfFences = decision.selfFences
        if let reason = decision.holdOut {
            log.note(
                .heldOut,
                .error,
                "this host stays out, with fencing disarmed (\(reason)): \(decision.recentRemovals) unclean"
                    + " ends within an"
                    + " hour, \(decision.selfFences) self-fences in a row; find the cause, then run"
                    + " 'holdfast host"
                    + " clear-hold-out'",
                ["REASON": "\(reason)"]
            )
        }
        let inherited = inheritedWatchdog()
        engine.inheritedWatchdog = inherited?.timeout
        return RunStart(engine: engine, inheritedWatchdog: inherited?.number)
    }

    /// The watchdog that systemd kept over a restart; not fed before a lease is in hand ([LEASE-2]).
    private func inheritedWatchdog() -> (number: Int32, timeout: TimeSpan)? {
        let environment = ProcessInfo.processInfo.environment
        let number = InheritedDescriptors.number(
            named: "watchdog",
            in: environment,
            ownProcess: OwnProcess.number
        )
        guard let number else { return nil }
        let kept = Descriptor(owning: number)
        do {
            let device = try WatchdogDevice.adopt(try kept.duplicate(), path: settings.fencing.watchdog)
            let timeout = device.timeout
            log.note(
                .watchdogArmed,
                .notice,
                "the watchdog \(settings.fencing.watchdog) is still armed from before the restart, W ="
                    + " \(timeout); it is"
                    + " fed once a lease is in hand"
            )
            return (kept.release(), timeout)
        } catch {
            log.note(.watchdogFailed, .error, "\(error)", ["REASON": "watchdog"])
            return nil
        }
    }

    // MARK: directories, socket

    private func makeDirectories() throws(StartFailure) {
        for path in [settings.paths.stateDirectory, settings.paths.runDirectory] {
            do {
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: UInt(0o755)]
                )
            } catch {
                throw StartFailure(
                    .cannotCreate,
                    "the directory \(path) cannot be made: \(error); make it, or change [paths]"
                )
            }
        }
    }

    private func startServer(_ board: DaemonBoard, _ returns: ReturnKeeper) throws(StartFailure)
        -> (AdminServer, PlatformThread)
    {
        let requests = OperatorRequests(board: board, log: log)
        let router = DaemonRouter.make(requests: requests) { returns.clear() }
        let server = AdminServer(path: settings.paths.daemonSocket, router: router)
        do throws(AdminServerError) {
            try server.probe()
        } catch {
            throw StartFailure(.alreadyRuns, error.description)
        }
        let log = self.log
        do throws(SystemError) {
            let thread = try PlatformThread.start(name: "hf-admin") {
                do throws(AdminServerError) { try server.run() } catch {
                    log.note(.weakenedSafety, .error, "\(error): this host cannot be asked or steered")
                }
            }
            return (server, thread)
        } catch {
            throw StartFailure(.system, "the daemon cannot start: \(error)")
        }
    }

    private func waker() throws(StartFailure) -> Waker {
        do throws(SystemError) { return try Waker() } catch {
            throw StartFailure(.system, "the daemon cannot start: \(error)")
        }
    }

    // MARK: the main thread's waits

    private func poller(_ waker: Waker) throws(StartFailure) -> Poller {
        do throws(SystemError) {
            let poller = try Poller(waker: waker)
            try poller.watch(signals.descriptor)
            return poller
        } catch {
            throw StartFailure(.system, "the daemon cannot start: \(error)")
        }
    }

    /// Waits for the statefile's header; nil when the daemon was asked to stop meanwhile.
    private func waitForHeader(_ board: DaemonBoard, _ waker: Waker) throws(StartFailure) -> HeaderFound? {
        let reading = HeaderReading(waker: waker)
        do throws(SystemError) {
            try reading.start(source: settings.statefile.source, keys: keys)
        } catch {
            throw StartFailure(.system, "the daemon cannot start: \(error)")
        }
        var poller = try poller(waker)
        var told: String?
        while true {
            switch reading.current {
            case .found(let found): return found
            case .waiting(let trouble):
                board.note(statefileTrouble: trouble)
                guard told != trouble, told != nil || trouble != HeaderReading.notYet else { break }
                told = trouble
                log.note(
                    .waitingToJoin,
                    .error,
                    "\(JoinSentence.noStatefile) \(trouble)",
                    ["REASON": "no-statefile"]
                )
                notice("STATUS=cannot access the heartbeat disk: \(trouble)", nil)
            }
            if let signal = signals.next() {
                let state =
                    board.guests.mayHaveInherited
                    ? "it could not resume; a watchdog that a former daemon armed resets this host"
                    : "it was no member"
                log.note(.daemonStopping, .notice, "the daemon stops (\(signal)): \(state)")
                return nil
            }
            poller.wait(until: BootClock().now() + .seconds(5))
        }
    }

    private func bridge(
        _ board: DaemonBoard,
        _ returns: ReturnKeeper,
        _ waker: Waker,
        isHeldOut: Bool
    ) throws(StartFailure) {
        guard let parts = board.parts else {
            preconditionFailure("the assembly has put the parts on the board")
        }
        var bridge = Bridge(
            board: board,
            parts: parts,
            log: log,
            returns: returns,
            isHeldOut: isHeldOut,
            notice: notice
        )
        let carriers = CarrierDisplay(settings.heartbeat.networks)
        var poller = try poller(waker)
        while !bridge.turn(now: BootClock().now()) {
            carriers.show(on: board)
            if let signal = signals.next() {
                bridge.askToStop(signal: signal)
                continue
            }
            poller.wait(until: BootClock().now() + .milliseconds(500))
        }
    }
}
