import AdminProtocol
import DaemonConfig
import JournalLog
import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel
import StatefileLayout
import StatefileMedium

/// The ordinary side of the daemon: puts announcements into words, watches what changed, decides when it may
/// stop.
///
/// Runs on the main thread; nothing waits for it. One turn is bounded: rings are drained up to their size.
struct Bridge {
    let board: DaemonBoard
    let parts: RunningParts
    let log: DaemonLog
    let returns: ReturnKeeper
    let notice: @Sendable (String, Int32?) -> Void
    private var context: AnnouncementContext

    private var fencePhase = FencePhase.disarmed
    private var watchdogTrouble: String?
    private var statefileTrouble: String?
    private var toldGuests: Bool?
    private var memberSince: MonotonicInstant?
    private var hasStableHour = false
    private var isHeldOut: Bool
    private var nextSlowTurn = MonotonicInstant.distantPast
    private var statusText = ""
    private var isStored = false
    private var lostAnnouncements = 0
    private var rejections = RejectionWatch()
    private var stop = StopRequest()

    /// A stop that was asked for.
    private struct StopRequest {
        var isWanted = false
        var hasAskedToLeave = false
        var lastTold: StopStep?
    }

    /// A bridge over the running parts.
    init(
        board: DaemonBoard,
        parts: RunningParts,
        log: DaemonLog,
        returns: ReturnKeeper,
        isHeldOut: Bool,
        notice: @escaping @Sendable (String, Int32?) -> Void
    ) {
        self.board = board
        self.parts = parts
        self.log = log
        self.returns = returns
        self.isHeldOut = isHeldOut
        self.notice = notice
        isStored = parts.wasWatchdogInherited
        let hosts = parts.header.hostNames
        let own = HostIndex(hosts.firstIndex(of: board.settings.host.name) ?? 0)
        context = AnnouncementContext(
            hosts: hosts,
            own: own,
            now: BootClock().now(),
            timing: board.settings.timing.derived
        )
    }

    /// One turn; true when the daemon may exit.
    mutating func turn(now: MonotonicInstant) -> Bool {
        parts.door.deliver()
        tellAnnouncements()
        watchWatchdog()
        watchStatefile()
        let status = parts.engine.status.read()
        watchDescriptorStore(status)
        if now >= nextSlowTurn {
            nextSlowTurn = now + .milliseconds(500)
            watchGuests()
            watchStability(status, now: now)
            if let sentence = rejections.news(RejectionReport.all(board.facts(now: now)), now: now) {
                log.note(.rejections, .warning, sentence)
            }
            tellService(status, now: now)
        }
        return stop.isWanted && mayExit(status)
    }

    /// SIGTERM or SIGINT came.
    mutating func askToStop(signal: String) {
        guard !stop.isWanted else { return }
        stop.isWanted = true
        log.note(.daemonStopping, .notice, "the daemon was asked to stop (\(signal))")
    }

    // MARK: announcements

    private mutating func tellAnnouncements() {
        for _ in 0..<parts.engine.announcements.capacity {
            guard let announcement = parts.engine.announcements.pop() else { break }
            let status = parts.engine.status.read()
            context.now = BootClock().now()
            context.status = status
            context.timing = status?.timing ?? context.timing
            act(on: announcement, status)
            log.record(EventRecord(announcement, in: context))
            if case .selfFence = announcement { board.noteFenceRecorded() }
        }
        let lost = parts.engine.announcements.refusedCount
        guard lost > lostAnnouncements else { return }
        log.note(
            .weakenedSafety,
            .warning,
            "\(lost - lostAnnouncements) announcements came faster than they were told"
        )
        lostAnnouncements = lost
    }

    private mutating func act(on announcement: Announcement, _ status: EngineStatus?) {
        switch announcement {
        case .selfFence:
            // Before the words: the host may be reset within the second.
            if let number = status?.incarnation.number { returns.noteSelfFence(number) }
        case .phaseChanged(_, let phase):
            memberSince = phase == .member ? BootClock().now() : nil
        case .viewAdopted(let view):
            context.members = view.members
        case .started, .proposing, .ballotLost, .certified, .peerUnheard, .peerHeard,
            .peerSlotStale,
            .peerSlotFresh, .storageLost, .storageBack, .livingOnVouches, .livingOnAllLost, .holdChanged,
            .netOKChanged, .mastershipChanged, .waitingToJoin, .readBackMismatch, .watchdogRefused:
            break
        }
    }

    // MARK: watchdog

    private mutating func watchWatchdog() {
        let report = parts.watchdog.current
        if let trouble = report.error?.description, trouble != watchdogTrouble {
            log.note(.watchdogFailed, .error, trouble, ["REASON": "watchdog"])
        }
        watchdogTrouble = report.error?.description
        let phase = parts.fence.phase
        guard phase != fencePhase else { return }
        tellFencePhase(from: fencePhase, to: phase, report.facts)
        fencePhase = phase
    }

    private func tellFencePhase(from: FencePhase, to: FencePhase, _ facts: WatchdogFacts?) {
        let path = board.settings.fencing.watchdog
        switch to {
        case .waiting, .feeding:
            guard from == .disarmed else { return }
            let device =
                facts.map { "\($0.path) (\($0.identity)), W = \($0.timeoutSeconds) s read back" } ?? path
            log.note(
                .watchdogArmed,
                .notice,
                "fencing is armed: watchdog \(device); unfed it resets this host"
            )
            if let facts, facts.isSoftdog {
                let warning = SafetyWarnings.softdog(facts)
                if board.warn(warning) { log.weakened(warning) }
            }
            if let facts, facts.causedLastReset {
                log.note(.watchdogArmed, .warning, "the watchdog \(facts.path) caused this host's last reset")
            }
        case .disarmed:
            log.note(.watchdogDisarmed, .notice, "fencing is disarmed: watchdog \(path) is closed")
        case .fencing:
            log.note(
                .selfFence,
                .critical,
                "the watchdog is not fed any more: this host is about to be reset"
            )
        case .fired:
            log.note(.selfFence, .critical, "this host resets itself now")
        case .unstoppable:
            log.note(
                .watchdogFailed,
                .error,
                "watchdog \(path) cannot be disarmed (nowayout): it is fed as long as this daemon lives; do"
                    + " not stop it"
            )
        }
    }

    /// The descriptor outlives a restart of the daemon only while this host is a member of an armed pool: a
    /// kept copy would hold the device open after a disarm, and the host would be reset.
    private mutating func watchDescriptorStore(_ status: EngineStatus?) {
        let isArmed = fencePhase == .feeding
        let isWanted = isArmed && status?.phase == .member && status?.view.state != .disabled
        guard isWanted != isStored else { return }
        if isWanted {
            guard let number = OpenDescriptors.number(of: board.settings.fencing.watchdog) else { return }
            notice("FDSTORE=1\nFDNAME=watchdog", number)
        } else if fencePhase != .waiting {
            notice("FDSTOREREMOVE=1\nFDNAME=watchdog", nil)
        } else {
            return
        }
        isStored = isWanted
    }

    // MARK: statefile

    private mutating func watchStatefile() {
        let trouble = parts.statefile.current.trouble?.description
        guard trouble != statefileTrouble else { return }
        if let trouble { log.note(.statefileTrouble, .error, trouble, ["REASON": "statefile"]) }
        statefileTrouble = trouble
    }

    // MARK: guests, returns, service manager

    private mutating func watchGuests() {
        if let path = board.settings.fencing.guestCgroup {
            let populated = try? GuestCgroup(path: path).isPopulated()
            board.withGuests { $0.isCgroupPopulated = populated }
        }
        let mayRun = board.guests.mayRun
        guard mayRun != toldGuests, parts.door.post(.guestsObserved(running: mayRun)) else { return }
        toldGuests = mayRun
    }

    private mutating func watchStability(_ status: EngineStatus?, now: MonotonicInstant) {
        if let memberSince, !hasStableHour, now - memberSince >= .seconds(3600) {
            hasStableHour = true
            returns.noteStableHour()
        }
        guard isHeldOut, returns.decide().holdOut == nil, parts.door.request(.clearHoldOut) else { return }
        isHeldOut = false
        log.note(.heldOut, .notice, "the hold-out is over: this host joins as soon as it can")
    }

    private mutating func tellService(_ status: EngineStatus?, now: MonotonicInstant) {
        let text = ServiceText.status(status, hosts: parts.header.hostNames, stop: stop.lastTold)
        guard text != statusText else { return }
        statusText = text
        notice("STATUS=\(text)", nil)
    }

    // MARK: stopping

    private mutating func mayExit(_ status: EngineStatus?) -> Bool {
        let isArmed = parts.fence.phase != .disarmed
        let step = StopRule.step(
            status: status,
            isArmed: isArmed,
            hasGuests: board.guests.mayRun,
            hasAskedToLeave: stop.hasAskedToLeave
        )
        switch step {
        case .exit: return true
        case .askToLeave: stop.hasAskedToLeave = parts.door.request(.leave)
        case .wait, .refuse: break
        }
        guard step != stop.lastTold else { return false }
        stop.lastTold = step
        if step == .refuse {
            log.note(
                .daemonStopping,
                .error,
                "the daemon does not stop: guests run on this host and it is a member of the liveset; move"
                    + " or stop them,"
                    + " or run 'holdfast pool ha-disable', and it stops by itself",
                ["REASON": "guests-run"]
            )
        }
        return false
    }
}
