import AdminProtocol
import DaemonConfig
import LivesetEngine
import PoolModel
import StatefileMedium

extension AdminProtocol.StatefileReport {
    /// What is known of the shared sectors, and of the thread that uses them.
    init(_ facts: DaemonFacts) {
        self.init()
        path = facts.settings.statefile.path
        isLive = facts.engine?.isStorageLive ?? false
        lastGoodRoundAgeMilliseconds = facts.age(facts.engine?.lastGoodRound)
        transport = facts.device?.kind.rawValue
        ways = facts.ways.map { StatefileWayReport($0, facts) }
        trouble = facts.statefileTrouble
        guard let (doing, since) = facts.activity, let words = doing.words else { return }
        let age = max(facts.now - since, .zero)
        activity = words
        activityAgeMilliseconds = age.inMilliseconds
        // A round has its deadline, and half of that again for the way to be made.
        isHanging = age > facts.settings.timing.derived.ioDeadline * 2
        guard isHanging else { return }
        let hang =
            "the storage thread hangs \(words) since \(age); rounds wait for it; the fence and the engine do not"
        trouble = trouble.map { "\(hang); before that: \($0)" } ?? hang
    }
}

extension StatefileWayReport {
    fileprivate init(_ way: PathFigures, _ facts: DaemonFacts) {
        self.init()
        name = way.name
        state = way.state.word
        stateAgeMilliseconds = way.state == .untried ? nil : facts.age(way.stateSince)
        lastLatencyMicroseconds = way.lastLatency.map { Int($0.nanoseconds / 1_000) }
        longestLatencyMicroseconds = way.longestLatency.map { Int($0.nanoseconds / 1_000) }
        failureCount = way.failureCount
    }
}

extension PathFigures.State {
    fileprivate var word: String {
        switch self {
        case .untried: "untried"
        case .connecting: "connecting"
        case .active: "active"
        case .standby: "standby"
        case .failed: "failed"
        }
    }
}

extension StatefileMedium.StatefileReport.Activity {
    /// What the thread is in, after *hangs*; nil while it waits.
    fileprivate var words: String? {
        switch self {
        case .idle: nil
        case .opening: "in opening the statefile"
        case .writingSlot: "in the write of its slot"
        case .writingBallot: "in the write of a ballot record"
        case .readingSlots: "in the read of the slots"
        case .readingBallots: "in the read of the ballot records"
        }
    }
}
