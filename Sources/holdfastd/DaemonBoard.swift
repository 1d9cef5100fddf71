import AdminProtocol
import DaemonConfig
import JournalLog
import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel
import StatefileLayout
import StatefileMedium
import Synchronization

/// The parts of the daemon that exist once the statefile's header was read.
struct RunningParts: Sendable {
    let header: StatefileHeader
    let engine: EngineLink
    let fence: FenceLink
    let door: EngineDoor
    let storage: Snapshot<StatefileStatistics>
    let statefile: StatefileMedium.StatefileReport
    let watchdog: WatchdogReport
    let counters: [NetworkCounters]
    let wasWatchdogInherited: Bool
}

/// Where the daemon's ordinary threads put what others show: one lock, short copies.
///
/// The engine, fence and storage threads never touch it; they publish through their own links.
final class DaemonBoard: Sendable {
    private struct State {
        var parts: RunningParts?
        var statefileTrouble: String?
        var carriers: [[String: Bool]]
        var witnessAnswers: [Bool?]
        var warnings: [WarningReport]
        var guests: GuestLedger
    }

    /// What the configuration says.
    let settings: DaemonSettings
    /// When the daemon started.
    let startedAt: MonotonicInstant
    private let state: Mutex<State>
    private let hasRecordedFence = Atomic<Bool>(false)

    /// A board of a daemon that just started.
    init(settings: DaemonSettings, startedAt: MonotonicInstant, guests: GuestLedger) {
        self.settings = settings
        self.startedAt = startedAt
        let count = settings.heartbeat.networks.count
        state = Mutex(
            State(
                parts: nil,
                statefileTrouble: nil,
                carriers: Array(repeating: [:], count: count),
                witnessAnswers: Array(repeating: nil, count: count),
                warnings: SafetyWarnings.ofConfiguration(settings),
                guests: guests
            )
        )
    }

    /// Whether the reason of a self-fence is in the log and in the return record.
    var isFenceRecorded: Bool { hasRecordedFence.load(ordering: .acquiring) }

    /// The bridge has told why this host stops itself.
    func noteFenceRecorded() { hasRecordedFence.store(true, ordering: .releasing) }

    /// The running parts, nil before the header was read.
    var parts: RunningParts? { state.withLock { $0.parts } }

    /// The engine runs from now on.
    func begin(_ parts: RunningParts) {
        state.withLock { state in
            state.parts = parts
            state.statefileTrouble = nil
        }
    }

    /// What keeps the header from being read; nil when nothing does.
    func note(statefileTrouble: String?) { state.withLock { $0.statefileTrouble = statefileTrouble } }

    /// The carrier of each physical port of a network.
    func note(carriers: [String: Bool], of network: Int) {
        state.withLock { $0.carriers[network] = carriers }
    }

    /// Whether a network's witness answers.
    func note(witnessAnswers: Bool, of network: Int) {
        state.withLock { $0.witnessAnswers[network] = witnessAnswers }
    }

    /// Adds a warning; false when the same one is there already.
    @discardableResult
    func warn(_ warning: WarningReport) -> Bool {
        state.withLock { state in
            guard !state.warnings.contains(warning) else { return false }
            state.warnings.append(warning)
            return true
        }
    }

    /// The warnings now.
    var warnings: [WarningReport] { state.withLock { $0.warnings } }

    /// The guests now.
    var guests: GuestLedger { state.withLock { $0.guests } }

    /// Changes what is known of guests.
    func withGuests<Result>(_ body: (inout GuestLedger) -> sending Result) -> sending Result {
        state.withLock { body(&$0.guests) }
    }

    /// Everything at this moment.
    func facts(now: MonotonicInstant = BootClock().now()) -> DaemonFacts {
        let copy = state.withLock { $0 }
        var facts = DaemonFacts(settings: settings, now: now, startedAt: startedAt)
        facts.statefileTrouble = copy.statefileTrouble
        facts.hasGuests = copy.guests.mayRun
        facts.warnings = copy.warnings
        facts.networks = settings.heartbeat.networks.indices.map { index in
            var network = NetworkFacts()
            network.carriers = copy.carriers[index]
            network.witnessAnswers = copy.witnessAnswers[index]
            return network
        }
        guard let parts = copy.parts else { return facts }
        facts.take(parts)
        return facts
    }
}

extension DaemonFacts {
    fileprivate mutating func take(_ parts: RunningParts) {
        header = parts.header
        engine = parts.engine.status.read()
        loop = parts.engine.statistics.read()
        storage = parts.storage.read()
        let statefile = parts.statefile.current
        device = statefile.facts
        ways = parts.statefile.paths
        activity = parts.statefile.activity
        statefileTrouble = statefile.trouble?.description ?? statefile.quarantine?.description
        for (index, counters) in parts.counters.enumerated() where index < networks.count {
            let figures = counters.figures
            networks[index].openError = figures.openError
            networks[index].lastSendError = figures.lastSendError
        }
        let report = parts.watchdog.current
        watchdog = WatchdogState(
            phase: parts.fence.phase,
            facts: report.facts,
            trouble: report.error?.description,
            wasInherited: parts.wasWatchdogInherited
        )
    }
}
