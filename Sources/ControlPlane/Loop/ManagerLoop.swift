public import HypervisorAPI
import LinuxPlatform
public import Logging
public import PoolModel

/// The manager's loop: asks the daemon, reads and writes the record, drives the guests, decides as master.
///
/// One ordinary thread owns it, the driver and the core; so a start and a report are always one after the
/// other.
public final class ManagerLoop {
    /// What the loop is told.
    public struct Settings: Sendable {
        /// This host's name in the host table.
        public var host: String
        /// The present boot.
        public var boot: String
        /// How often the record areas are read: half a statefile round.
        public var readInterval: TimeSpan

        /// The settings with these values.
        public init(host: String, boot: String, readInterval: TimeSpan) {
            self.host = host
            self.boot = boot
            self.readInterval = readInterval
        }
    }

    let settings: Settings
    let daemon: any DaemonPort
    let driver: any HypervisorDriver
    let board: ManagerBoard
    var log: Logger
    var core: ManagerCore?
    /// What is wrong, by part: told once when it begins and once when it ends.
    var troubles: [String: String] = [:]
    private let store: RecordStore
    private let clock = BootClock()
    private var view: ManagerView
    private var earlyEnds: [GuestEnd] = []
    private var askedAt: [String: MonotonicInstant] = [:]
    private var nextPoll = MonotonicInstant.distantPast
    private var nextReading = MonotonicInstant.distantPast
    private var isReading = false
    private var toldRunning: Bool?
    private var toldRunningAt = MonotonicInstant.distantPast

    /// How often the daemon is asked.
    public static let pollInterval = TimeSpan.milliseconds(200)
    /// How often the daemon is told again whether guests run, although it did not change.
    private static let retellInterval = TimeSpan.seconds(2)
    /// How long a request waits for a master before it is taken back.
    public static let requestPatience = TimeSpan.seconds(600)

    /// A loop that has not begun.
    public init(
        settings: Settings,
        daemon: any DaemonPort,
        driver: any HypervisorDriver,
        store: RecordStore,
        board: ManagerBoard,
        log: Logger
    ) {
        self.settings = settings
        self.daemon = daemon
        self.driver = driver
        self.store = store
        self.board = board
        self.log = log
        view = ManagerView(host: settings.host)
    }

    /// Finds the guests that run already.
    ///
    /// To be called once, before the first turn.
    public func begin() throws(HypervisorError) {
        for sentence in try driver.adopt() { log.notice("\(sentence)") }
        log.info("\(driver.summary)")
    }

    /// One turn; returns when the next is due unless the waker is called before.
    public func turn() -> MonotonicInstant {
        for event in store.takeEvents() { take(event) }
        let now = clock.now()
        if now >= nextPoll {
            pollDaemon(now)
            nextPoll = now + ManagerLoop.pollInterval
        }
        takeRequests(now)
        takeEnds()
        dealWithGuests()
        tellGuests(now)
        decide(now)
        exchange(now)
        publish()
        return core == nil || isReading ? nextPoll : min(nextPoll, nextReading)
    }

    /// How many guests run here, or may.
    public var guestCount: Int { driver.guests().count }

    // MARK: Storage

    private func take(_ event: RecordEvent) {
        switch event {
        case .opened(let names, let own, let areas, let limit):
            open(names, own, areas, limit)
        case .reading(let reading):
            isReading = false
            view.readAt = clock.now()
            settle("record-reading", nil)
            core?.learn(reading, now: clock.now())
            noteDamage()
        case .readingFailed(let reason):
            isReading = false
            settle("record-reading", reason)
        case .written:
            view.writtenAt = clock.now()
            settle("record-writing", nil)
            core?.writeEnded(succeeded: true)
            // What was written is to be acted upon at once, here as well.
            nextReading = .distantPast
        case .writingFailed(let reason):
            settle("record-writing", reason)
            core?.writeEnded(succeeded: false)
        case .waiting(let reason):
            settle("record-opening", reason)
        }
    }

    private func open(_ names: [String], _ own: Int, _ areas: [AreaContent], _ limit: Int) {
        settle("record-opening", nil)
        view.hosts = names
        // A quarter is left for reports, the ledger and growth within an entry.
        var core = ManagerCore(
            host: own,
            boot: settings.boot,
            content: areas[own],
            budgetBytes: limit / 4 * 3
        )
        if let liveset = view.liveset { core.learn(liveset) }
        self.core = core
        nextReading = .distantPast
        let newest = areas.compactMap { area in
            if case .payload(_, let payload) = area { payload.master?.version } else { nil }
        }.max()
        log.info("pool record open: \(names.count) areas of \(limit) bytes, newest record \(newest ?? .zero)")
    }

    private func noteDamage() {
        guard let damaged = core?.damaged else { return }
        let words = damaged.sorted { $0.key < $1.key }.map {
            "the record area of \(name($0.key)) is damaged: \($0.value)"
        }
        settle("record-damage", words.isEmpty ? nil : words.joined(separator: "; "))
    }

    private func exchange(_ now: MonotonicInstant) {
        guard core != nil else { return }
        if let write = core?.nextWrite() { store.write(write.payload) }
        guard !isReading, now >= nextReading, let number = core?.beginReading() else { return }
        isReading = true
        nextReading = now + settings.readInterval
        store.read(number)
    }

    // MARK: Daemon

    private func pollDaemon(_ now: MonotonicInstant) {
        do throws(DaemonTrouble) {
            let liveset = try daemon.liveset()
            view.daemonAnsweredAt = now
            settle("daemon", nil)
            checkName(liveset)
            if liveset.epoch != view.liveset?.epoch || liveset.isActingMaster != view.liveset?.isActingMaster
            {
                nextReading = .distantPast
            }
            view.liveset = liveset
            core?.learn(liveset)
        } catch {
            settle("daemon", error.description)
            toldRunning = nil
        }
    }

    private func checkName(_ liveset: LivesetSnapshot) {
        let isSame = core == nil || liveset.own == core?.agent.host
        settle(
            "host-table",
            isSame
                ? nil
                : "the daemon says that this host is row \(liveset.own) of the host table, the statefile says another"
        )
    }

    private func tellGuests(_ now: MonotonicInstant) {
        let running = !driver.guests().isEmpty
        guard running != toldRunning || now - toldRunningAt > ManagerLoop.retellInterval else { return }
        tell(running: running)
    }

    private func tell(running: Bool) {
        do throws(DaemonTrouble) {
            try daemon.report(guestsRunning: running)
            (toldRunning, toldRunningAt) = (running, clock.now())
        } catch {
            toldRunning = nil
        }
    }

    // MARK: Guests

    private func takeEnds() {
        earlyEnds += driver.ended()
        guard core != nil else { return }
        for end in earlyEnds {
            log.notice("'\(end.name)' \(end.text)", metadata: ["vm": "\(end.name)", "reason": "ended"])
            core?.ended(
                end.name,
                end.intent.flatMap { IntentID($0) },
                wasStopped: end.wasStopped,
                ranSeconds: end.ran.nanoseconds / 1_000_000_000,
                end.text
            )
        }
        earlyEnds = []
    }

    private func listed() -> [ListedGuest] { driver.guests().map { ListedGuest($0) } }

    private func dealWithGuests() {
        let running = listed()
        for action in core?.actions(running) ?? earlyActions(running) {
            switch action {
            case .start(let task): start(task)
            case .stop(let machine, let grace, let why):
                log.notice("'\(machine)' is asked to stop: \(why)", metadata: ["vm": "\(machine)"])
                attempt(machine) { () throws(HypervisorError) in
                    try driver.stop(machine, grace: .milliseconds(grace * 1000))
                }
            case .kill(let machine, let why):
                log.warning("'\(machine)' is stopped at once: \(why)", metadata: ["vm": "\(machine)"])
                attempt(machine) { () throws(HypervisorError) in try driver.kill(machine) }
            }
        }
    }

    /// Before the record is open nothing is started; a host that fences or is in another life stops its
    /// guests.
    private func earlyActions(_ running: [ListedGuest]) -> [AgentAction] {
        guard let liveset = view.liveset else { return [] }
        var agent = HostAgent(host: liveset.own, boot: settings.boot, previous: nil)
        agent.learn(liveset)
        return agent.actions(running)
    }

    private func attempt(_ machine: String, _ body: () throws(HypervisorError) -> Void) {
        do throws(HypervisorError) { try body() } catch {
            log.error("'\(machine)': \(error)", metadata: ["vm": "\(machine)"])
        }
    }

    private func start(_ task: StartTask) {
        let order = GuestOrder(
            name: task.machine,
            memoryMiB: task.memoryMiB,
            definition: task.definition,
            intent: "\(task.intent)",
            incarnation: IncarnationNumber(task.number)
        )
        do throws(HypervisorError) {
            try driver.start(order) { () throws(StartRefusal) in
                // Told before the permit is asked for, so that no clean leave slips in between.
                tell(running: true)
                return try daemon.permit(epoch: task.intent.epoch, masterNumber: task.masterNumber)
            }
            let text = "'\(task.machine)' is started here by order \(task.intent)"
            log.notice("\(text)", metadata: ["vm": "\(task.machine)", "epoch": "\(task.intent.epoch)"])
        } catch {
            switch error {
            case .notPermitted(let reason):
                if core?.agent.waiting[task.machine] != reason {
                    log.info("'\(task.machine)' waits: \(reason)")
                }
                core?.refused(task.machine, reason)
            case .stillRuns(_, let detail):
                core?.refused(task.machine, "something of it is still being cleared away (\(detail))")
            case .badDefinition, .failed, .unusable:
                log.error("\(error)", metadata: ["vm": "\(task.machine)", "epoch": "\(task.intent.epoch)"])
                core?.failed(task.machine, task.intent, error.description)
            }
        }
        // A permit that was not used is given back at once: a fence need not fear that it still comes.
        tell(running: !driver.guests().isEmpty)
    }

    // MARK: Deciding

    private func takeRequests(_ now: MonotonicInstant) {
        guard core != nil else { return }
        for request in board.takeInbox() {
            guard core?.ask(request) == true else {
                let text =
                    "\(ManagerCore.requestLimit) requests wait on this host already; try again when they are answered"
                board.settle(RequestAnswer(id: request.id, isAccepted: false, text: text))
                continue
            }
            askedAt[request.id] = now
        }
        for request in core?.requests ?? [] {
            if let answer = core?.answer(to: request.id) {
                board.settle(answer)
                core?.forget(request.id)
                askedAt[request.id] = nil
            } else if now - (askedAt[request.id] ?? now) > ManagerLoop.requestPatience {
                let text =
                    "no master answered within \(ManagerLoop.requestPatience); the request was taken back"
                board.settle(RequestAnswer(id: request.id, isAccepted: false, text: text))
                core?.forget(request.id)
                askedAt[request.id] = nil
            }
        }
    }

    private func decide(_ now: MonotonicInstant) {
        core?.turn(listed(), totalMiB: driver.totalMiB, now: now, wallSeconds: WallClock.secondsSince1970)
        for change in core?.takeJournal() ?? [] { tell(change) }
        if let role = core?.role, role != view.core?.role ?? .none { tell(role) }
    }

    private func publish() {
        (view.core, view.troubles) = (core, troubles)
        (view.guests, view.totalMiB) = (driver.guests().map { RunningGuest($0) }, driver.totalMiB)
        board.publish(view)
    }

    /// Notes that something began or ceased to be wrong.
    private func settle(_ part: String, _ trouble: String?) {
        guard troubles[part] != trouble else { return }
        if let trouble {
            log.warning("\(trouble)", metadata: ["reason": "\(part)"])
        } else {
            log.info("\(part) works again", metadata: ["reason": "\(part)"])
        }
        troubles[part] = trouble
    }

    func name(_ row: Int) -> String { view.hosts.indices.contains(row) ? view.hosts[row] : "host #\(row)" }
}

extension ListedGuest {
    /// The guest as the driver lists it.
    init(_ guest: Guest) {
        let number = guest.incarnation == .none ? nil : guest.incarnation.rawValue
        self.init(guest: RunningGuest(guest), number: number)
    }
}

extension RunningGuest {
    /// The guest as the driver lists it.
    init(_ guest: Guest) {
        let state: State
        switch guest.state {
        case .starting: state = .starting
        case .running: state = .running
        case .stopping: state = .stopping
        }
        self.init(
            name: guest.name,
            intent: guest.intent.flatMap { IntentID($0) },
            state: state,
            memoryMiB: guest.memoryMiB,
            detail: guest.detail
        )
    }
}
