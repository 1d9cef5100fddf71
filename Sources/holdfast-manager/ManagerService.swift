import AdminProtocol
import ControlPlane
import DaemonConfig
import FoundationEssentials
import HypervisorAPI
import HypervisorProcess
import LinuxPlatform
import LocalServices
import Logging
import PoolModel
import StatefileMedium
import Synchronization

/// The manager put together.
///
/// The loop runs on the main thread; beside it are the storage thread, the control socket's
/// and the log's.
final class ManagerService {
    private let settings: DaemonSettings
    private let keys: RecordKeys
    private let signals: StopSignals
    private let log: ManagerLog
    private let boot: String
    private var guestLock: FormerLives

    /// Why the control socket's thread ended, for the main thread.
    private final class SocketTrouble: Sendable {
        let text = Mutex<String?>(nil)
    }

    init(settings: DaemonSettings, keys: RecordKeys) throws(ManagerFailure) {
        self.settings = settings
        self.keys = keys
        do {
            signals = try StopSignals()
            log = try ManagerLog(host: settings.host.name)
        } catch {
            throw ManagerFailure(.system, "the manager cannot start: \(error)")
        }
        guard let id = BootID(readingFrom: settings.host.bootIDFile) else {
            throw ManagerFailure(
                .configuration,
                "host.boot-id-file = \(settings.host.bootIDFile) holds no boot id (a UUID); mend the path"
            )
        }
        boot = String(id.rawValue, radix: 16)
        for directory in [settings.paths.runDirectory, settings.manager.guestDirectory] {
            do {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            } catch {
                throw ManagerFailure(
                    .cannotCreate,
                    "the directory \(directory) cannot be made; make it, for root only"
                )
            }
        }
        guestLock = FormerLives(lockPath: ManagerService.guestLockPath(settings), lateWriteWait: .zero)
    }

    /// The lock beside the guests, that says whose they are.
    private static func guestLockPath(_ settings: DaemonSettings) -> String {
        settings.manager.guestDirectory + "/manager.lock"
    }

    /// What `--check-config` prints.
    static func summary(_ settings: DaemonSettings) -> String {
        """
        \(settings.file): correct
        driver \(settings.manager.driver.rawValue), \(memoryMiB(settings)) MiB for guests, their runtime files in \
        \(settings.manager.guestDirectory)
        guest-cgroup \(settings.fencing.guestCgroup ?? "none: a fence cannot prove that guests are stopped")
        statefile \(settings.statefile.path), daemon \(settings.paths.daemonSocket), own socket \
        \(settings.paths.managerSocket)
        """
    }

    /// As configured, else three quarters of what the host has.
    private static func memoryMiB(_ settings: DaemonSettings) -> Int {
        if let bytes = settings.manager.memoryBytes { return bytes >> 20 }
        let lines = (try? SmallFile.read("/proc/meminfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        for line in lines.split(separator: "\n") where line.hasPrefix("MemTotal:") {
            let kibibytes = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return kibibytes / 1024 / 4 * 3
        }
        return 0
    }

    /// Runs until it is asked to stop; the guests go on.
    func run() throws(ManagerFailure) {
        defer { log.close() }
        try waitForGuestLock()
        let trouble = SocketTrouble()
        let waker: Waker
        do throws(SystemError) { waker = try Waker() } catch { throw ManagerService.cannotStart(error) }
        var poller = try makePoller(waker)
        let loop = try begin(waker, trouble)
        while true {
            let next = loop.turn()
            if let text = trouble.text.withLock({ $0 }) { throw ManagerFailure(.system, text) }
            if let signal = signals.next() {
                let count = loop.guestCount
                log.logger.notice(
                    "the manager stops (\(signal)); \(count) guests of this host go on, and its next start finds them"
                )
                return
            }
            poller.wait(until: next)
        }
    }

    private static func cannotStart(_ error: any Error) -> ManagerFailure {
        ManagerFailure(.system, "the manager cannot start: \(error)")
    }

    /// Waits for signals and for the loop's waker.
    private func makePoller(_ waker: Waker) throws(ManagerFailure) -> Poller {
        do throws(SystemError) {
            let poller = try Poller(waker: waker)
            try poller.watch(signals.descriptor)
            return poller
        } catch {
            throw ManagerService.cannotStart(error)
        }
    }

    /// Finds the guests, then starts the threads.
    private func begin(_ waker: Waker, _ trouble: SocketTrouble) throws(ManagerFailure) -> ManagerLoop {
        do {
            let store = try RecordStore(loopWaker: waker)
            let board = ManagerBoard(host: settings.host.name, waker: waker)
            let loop = makeLoop(store, board)
            try loop.begin()
            try startStore(store)
            try serve(board, trouble, waker)
            return loop
        } catch let error as HypervisorError {
            throw ManagerFailure(.cannotCreate, error.description)
        } catch {
            throw ManagerService.cannotStart(error)
        }
    }

    /// Another manager's guests are not touched; a former one that is just ending is waited for.
    private func waitForGuestLock() throws(ManagerFailure) {
        let clock = BootClock()
        let deadline = clock.now() + .seconds(10)
        while !guestLock.isOver(now: clock.now()) {
            guard clock.now() < deadline else {
                throw ManagerFailure(
                    .alreadyRuns,
                    "\(ManagerService.guestLockPath(settings)) is locked: another holdfast-manager runs on this host;"
                        + " stop it first"
                )
            }
            clock.sleep(until: clock.now() + .milliseconds(100))
        }
    }

    private func makeLoop(_ store: RecordStore, _ board: ManagerBoard) -> ManagerLoop {
        let driver: any HypervisorDriver
        switch settings.manager.driver {
        case .process:
            driver = ProcessDriver(
                ProcessDriver.Settings(
                    host: settings.host.name,
                    boot: boot,
                    directory: settings.manager.guestDirectory,
                    guestCgroup: settings.fencing.guestCgroup,
                    totalMiB: ManagerService.memoryMiB(settings)
                )
            )
        }
        // Half a round: an order is read about as soon as the liveset that it follows.
        let interval = max(settings.timing.derived.roundInterval / 2, .milliseconds(100))
        return ManagerLoop(
            settings: ManagerLoop.Settings(host: settings.host.name, boot: boot, readInterval: interval),
            daemon: DaemonClient(path: settings.paths.daemonSocket),
            driver: driver,
            store: store,
            board: board,
            log: log.logger
        )
    }

    private func startStore(_ store: RecordStore) throws(SystemError) {
        try store.start(
            source: settings.statefile.source,
            hostName: settings.host.name,
            keys: keys,
            lockPath: settings.paths.runDirectory + "/manager.lock"
        )
    }

    private func serve(_ board: ManagerBoard, _ trouble: SocketTrouble, _ waker: Waker) throws(SystemError) {
        let server = AdminServer(path: settings.paths.managerSocket, router: ManagerRouter.make(board))
        _ = try PlatformThread.start(name: "hf-socket") {
            do throws(AdminServerError) {
                try server.run()
            } catch {
                trouble.text.withLock { $0 = error.description }
                waker.wake()
            }
        }
    }
}
