import FlightFormat
import JournalLog
import LivesetEngine
import PoolModel

/// Puts recorded steps into words; told against what came before.
struct StepSentence {
    let own: HostIndex
    private let hostNames: [String]
    private let beginning: MonotonicInstant
    private var fingerprints: [UInt64]

    init(head: FlightHead, beginning: MonotonicInstant) {
        own = head.own
        hostNames = head.hostNames
        self.beginning = beginning
        fingerprints = Array(repeating: 0, count: head.hostNames.count)
    }

    /// A host's name.
    func name(_ host: HostIndex) -> String {
        host.row < hostNames.count ? hostNames[host.row] : host.description
    }

    func names(_ hosts: HostSet) -> String {
        hosts.isEmpty ? "none" : hosts.map { name($0) }.joined(separator: ", ")
    }

    /// An instant as an offset from the recording's beginning: `+12.345 s`.
    func at(_ instant: MonotonicInstant) -> String {
        guard instant > .distantPast + .seconds(1) else { return "never" }
        let span = instant - beginning
        return span < .zero ? "\(span)" : "+\(span)"
    }

    /// The context in which announcements are put into words.
    func context(_ status: EngineStatus, now: MonotonicInstant) -> AnnouncementContext {
        AnnouncementContext(
            hosts: hostNames,
            own: own,
            now: now,
            timing: status.timing,
            status: status,
            members: status.view.members
        )
    }

    /// What the engine was when a recording begins.
    func restored(_ status: EngineStatus) -> String {
        let lease =
            status.leaseGround == .none
            ? "no lease" : "lease until \(at(status.leaseUntil)) \(StepSentence.clause(status.leaseGround))"
        return "this host is \(ProtocolWords.of(status.phase)), incarnation \(status.incarnation.number),"
            + " view \(status.view.epoch), members \(names(status.view.members)), \(lease)"
    }

    static func clause(_ ground: LeaseGround) -> String {
        switch ground {
        case .none: ""
        case .storage: "[LEASE-S]"
        case .vouched: "[LEASE-M]"
        case .allLost: "[LEASE-A]"
        }
    }

    // MARK: steps

    /// What the engine was told.
    mutating func of(_ step: FlightStep, _ answer: RequestAnswer?, now: MonotonicInstant) -> String {
        switch step {
        case .begin: return "the daemon's run begins"
        case .tick: return "tick"
        case .heartbeat(let heartbeat): return of(heartbeat)
        case .round(let round): return of(round, now: now)
        case .links(let allUp):
            return allUp ? "links: all well" : "links: a carrier or witness is missing"
        case .guests(let running): return running ? "guests run here" : "no guest runs here"
        case .guestsStopped(let proven):
            return proven
                ? "every guest is proved stopped" : "it could not be proved that every guest stopped"
        case .persisted(let record, let succeeded):
            let outcome = succeeded ? "is on the disk" : "could not be written"
            return "own file: incarnation \(record.number) \(record.mark) \(outcome)"
        case .watchdog(.opened(let readBack)): return "watchdog opened, W = \(readBack) read back"
        case .watchdog(.failed): return "watchdog: could not be opened"
        case .request(let request):
            return "request: \(words(request)): \(answer.map { "\($0)" } ?? "no answer")"
        }
    }

    private func words(_ request: OperatorRequest) -> String {
        switch request {
        case .fence(let host): "fence \(name(host)) [FAULT-6]"
        case .confirmOff(let host): "\(name(host)) is confirmed off [DEAD-4]"
        case .confirmDead(let host): "\(name(host)) is confirmed dead [DEAD-5]"
        case .leave: "leave [LEAVE-1]"
        case .stay: "stay"
        case .moveMaster(let host): "make \(name(host)) master"
        case .disable: "disable the pool [LEAVE-2]"
        case .enable: "enable the pool [JOIN-3]"
        case .emergencyDisable: "emergency disable of this host [LEAVE-2]"
        case .clearHoldOut: "clear the hold-out"
        case .forceForm: "form by force [JOIN-4]"
        case .giveUp: "give up: the daemon crashes again and again"
        }
    }

    private func of(_ heartbeat: Heartbeat) -> String {
        var text =
            "heartbeat \(heartbeat.sequence) of \(name(heartbeat.sender)): \(ProtocolWords.of(heartbeat.phase)),"
            + " view \(heartbeat.epoch)"
        if heartbeat.isStorageLost { text += ", storage-lost" }
        if heartbeat.wantsGrant { text += ", asks for a grant" }
        if !heartbeat.netOK { text += ", netOK false" }
        if heartbeat.hold { text += ", hold" }
        if let view = heartbeat.view { text += ", brings view \(view.epoch) with \(names(view.members))" }
        let echo = heartbeat.echoes[own]
        switch echo.kind {
        case .none: text += "; does not echo this host"
        case .plain: text += "; echoes \(echo.sequence)"
        case .grant: text += "; grants on \(echo.sequence) [LEASE-M]"
        case .allLost: text += "; all-lost on \(echo.sequence) [LEASE-A]"
        }
        return text
    }

    private mutating func of(_ round: RecordedRound, now: MonotonicInstant) -> String {
        var text =
            "round \(round.id), issued \(at(round.issuedAt)), took \(round.completedAt - round.issuedAt): slot"
            + " \(StepSentence.word(round.slotWrite))"
        if round.ballotWrite != .notAsked {
            text += ", ballot record \(StepSentence.word(round.ballotWrite))"
        }
        text += round.slotsRead ? ", slots read" : ", slots not read"
        if round.ballotsRead { text += ", ballot blocks read" }
        var changed = HostSet()
        for row in round.slots.indices where row < fingerprints.count {
            if round.slots[row].fingerprint != fingerprints[row] { changed.insert(HostIndex(row)) }
            fingerprints[row] = round.slots[row].fingerprint
        }
        if round.slotsRead { text += "; changed: \(names(changed))" }
        for row in round.slots.indices where round.slots[row].verdict != .valid {
            text += "; \(name(HostIndex(row))) reads \(round.slots[row].verdict)"
        }
        return text
    }

    private static func word(_ outcome: WriteOutcome) -> String {
        switch outcome {
        case .notAsked: "not written"
        case .succeeded: "written"
        case .failed: "write failed"
        case .unknown: "write unknown: it may still land"
        }
    }
}
