public import PoolModel

/// What a host does about the record as a whole.
public enum MasterRole: Hashable, Sendable {
    /// It is not master, as far as it knows.
    case none
    /// It acts as master in this epoch, and waits for a reading of all areas that was begun after it knew.
    case surveying(epoch: UInt64, reading: UInt64)
    /// It writes the newest record into its own area, under its own epoch ([REC-1]).
    case takingOver(epoch: UInt64)
    /// Its record stands; it decides.
    case acting(epoch: UInt64)

    /// The epoch in which it is master.
    var epoch: UInt64? {
        switch self {
        case .none: nil
        case .surveying(let epoch, _), .takingOver(let epoch), .acting(let epoch): epoch
        }
    }
}

/// One write of the own area.
public struct AreaWrite: Hashable, Sendable {
    /// What to write.
    public var payload: RecordPayload

    /// The write of this payload.
    public init(payload: RecordPayload) { self.payload = payload }
}

/// One host's manager without its surroundings: what to write, what to start and what to decide, given what
/// was read.
///
/// The shell asks the daemon, reads and writes the areas, drives the guests and tells the core about it; one
/// thread owns it. There is at most one write under way. The rules that keep a machine from running twice:
///
/// - What this host says of itself and what it decides go into its area in one write, so that neither counts
///   without the other.
/// - A record, once composed for a write, is never taken back, whether or not that write is known to have
///   landed ([ACT-2]): whoever has read it may have acted on it. Changes are made on top of it.
/// - A new master begins with a reading that it began after it acted ([ACT-3]), and decides only after its
///   own copy of the newest record is acknowledged.
public struct ManagerCore: Sendable {
    /// The part that every host has.
    public private(set) var agent: HostAgent
    /// What this host does about the record.
    public private(set) var role = MasterRole.none
    /// The newest liveset that the daemon told; nil before its first answer.
    public private(set) var liveset: LivesetSnapshot?
    /// The newest payload of each host's area.
    public private(set) var payloads: [Int: RecordPayload] = [:]
    /// Areas that could not be used at the last reading, with the reason.
    public private(set) var damaged: [Int: String] = [:]
    /// What operators asked through this host and has no answer yet.
    public private(set) var requests: [ManagerRequest] = []
    /// The decisions made since they were taken last, for the log.
    public private(set) var journal: [RecordChange] = []

    private let budgetBytes: Int
    private var decider = RestartDecider()
    private var part: MasterPart?
    private var acknowledged: RecordPayload?
    private var inFlight: RecordPayload?
    private var sequences: [Int: UInt64] = [:]
    private var changedAt: [Int: MonotonicInstant] = [:]
    private var readings: UInt64 = 0
    private var isRecordComplete = true
    private let distrustsOwnArea: Bool
    private var hasRead = false
    private var takenOver = RecordVersion.zero
    private var report: AgentReport
    private var beat: UInt64
    private var beatAt = MonotonicInstant.distantPast

    /// How often a report is written although nothing changed.
    public static let beatInterval = TimeSpan.seconds(5)
    /// Without a change of its area for so long a manager counts as silent.
    public static let silence = TimeSpan.seconds(20)
    /// The most requests that wait at once.
    public static let requestLimit = 16

    /// The core of `host`, whose own area held `content` when this run of the manager took the area over.
    public init(host: Int, boot: String, content: AreaContent, budgetBytes: Int) {
        self.budgetBytes = budgetBytes
        var previous: RecordPayload?
        var isDamaged = false
        switch content {
        case .blank: break
        case .payload(_, let payload): previous = payload
        case .damaged: isDamaged = true
        }
        distrustsOwnArea = isDamaged
        agent = HostAgent(host: host, boot: boot, previous: previous?.report, hasForgotten: isDamaged)
        // Requests of a former run have nobody left who waits for them.
        report = agent.report([], totalMiB: 0, requests: [], beat: 0)
        beat = previous?.report.beat ?? 0
        part = previous?.master
    }

    // MARK: What comes in

    /// The daemon told its liveset.
    public mutating func learn(_ snapshot: LivesetSnapshot) {
        liveset = snapshot
        agent.learn(snapshot)
        guard snapshot.isActingMaster else {
            // Another epoch has another master; in the same epoch this host stays the only one, and goes on
            // later.
            if let epoch = role.epoch, epoch < snapshot.epoch { role = .none }
            return
        }
        guard role.epoch != snapshot.epoch else { return }
        role = .surveying(epoch: snapshot.epoch, reading: readings + 1)
    }

    /// Called before a reading of all areas is begun; gives its number.
    public mutating func beginReading() -> UInt64 {
        readings += 1
        return readings
    }

    /// All areas were read.
    public mutating func learn(_ reading: AreaReading, now: MonotonicInstant) {
        damaged = [:]
        hasRead = true
        for (row, area) in reading.areas.enumerated() {
            switch area {
            case .blank: break
            case .damaged(let reason): damaged[row] = reason
            case .payload(let sequence, let payload):
                // An older copy than one seen before: the newer one is being written or cannot be read for
                // the moment.
                guard sequence >= sequences[row] ?? 0 else { continue }
                if sequence > sequences[row] ?? 0 || payloads[row] == nil { changedAt[row] = now }
                sequences[row] = sequence
                payloads[row] = payload
            }
        }
        if let newest = newestRecord { agent.learn(newest) }
        if case .surveying(let epoch, let needed) = role, reading.number >= needed { takeOver(epoch, now) }
    }

    /// The newest record that stands in any area, as far as it was read.
    public var newestRecord: MasterPart? {
        payloads.values.compactMap(\.master).max { $0.version < $1.version }
    }

    /// An operator asks for something; false when too much waits already.
    public mutating func ask(_ request: ManagerRequest) -> Bool {
        guard requests.count < ManagerCore.requestLimit else { return false }
        requests.append(request)
        return true
    }

    /// What the master made of a request; nil while it has not answered.
    public func answer(to id: String) -> RequestAnswer? { newestRecord?.answers.first { $0.id == id } }

    /// Takes a request back, because it was answered or nobody waits any more.
    ///
    /// One that the master has read already may still be carried out.
    public mutating func forget(_ id: String) { requests.removeAll { $0.id == id } }

    // MARK: Own guests

    /// What to do about the own guests now.
    public mutating func actions(_ running: [ListedGuest]) -> [AgentAction] { agent.actions(running) }

    /// A start failed for good.
    public mutating func failed(_ machine: String, _ intent: IntentID, _ text: String) {
        agent.failed(machine, intent, text)
    }

    /// The daemon did not permit a start now.
    public mutating func refused(_ machine: String, _ text: String) { agent.refused(machine, text) }

    /// A guest ended or was stopped.
    public mutating func ended(
        _ machine: String,
        _ intent: IntentID?,
        wasStopped: Bool,
        ranSeconds: Int64,
        _ text: String
    ) { agent.ended(machine, intent, wasStopped: wasStopped, ranSeconds: ranSeconds, text) }

    // MARK: Deciding and writing

    /// Reports what runs, and as acting master decides; called after the own guests were dealt with.
    public mutating func turn(
        _ running: [ListedGuest],
        totalMiB: Int,
        now: MonotonicInstant,
        wallSeconds: Int64
    ) {
        if now - beatAt >= ManagerCore.beatInterval {
            beat += 1
            beatAt = now
        }
        report = agent.report(running, totalMiB: totalMiB, requests: requests, beat: beat)
        guard case .acting(let epoch) = role, let liveset, liveset.epoch == epoch, let part else { return }
        // One change after another: the last one is acknowledged before the next is thought of.
        guard inFlight == nil, acknowledged?.master == part else { return }
        var reports: [Int: AgentReport] = [:]
        for (row, payload) in payloads { reports[row] = payload.report }
        reports[agent.host] = report
        var input = DecisionInput(
            liveset: liveset,
            record: part,
            reports: reports,
            now: now,
            wallSeconds: wallSeconds
        )
        input.silent = silentHosts(now: now)
        input.doubtedBefore = isRecordComplete ? nil : takenOver
        input.budgetBytes = budgetBytes
        let decision = decider.decide(input)
        guard !decision.changes.isEmpty else { return }
        self.part = decision.record
        journal += decision.changes
    }

    /// Hosts whose area has not changed for long.
    public func silentHosts(now: MonotonicInstant) -> Set<Int> {
        Set(changedAt.filter { $0.key != agent.host && now - $0.value > ManagerCore.silence }.map(\.key))
    }

    /// The next write of the own area, if there is anything to say and none is under way.
    public mutating func nextWrite() -> AreaWrite? {
        let payload = RecordPayload(report: report, master: newestKnown)
        guard inFlight == nil, payload != acknowledged else { return nil }
        // A lost area is not filled again before there is a record to fill it with.
        guard hasRead || !distrustsOwnArea else { return nil }
        inFlight = payload
        return AreaWrite(payload: payload)
    }

    /// The record that stands in the own area: what this host composed as master, or the newest that it
    /// adopted.
    ///
    /// Every host keeps a copy of the record that it acts on beside what it says of itself: one damaged area
    /// loses nothing, and no host ever acted on a record that is not in its own area as well.
    private var newestKnown: MasterPart? {
        guard let adopted = agent.record else { return part }
        guard let part, part.version >= adopted.version else { return adopted }
        return part
    }

    /// The write under way has ended; without success it may have landed or not, and what it said stands.
    public mutating func writeEnded(succeeded: Bool) {
        guard let written = inFlight else { return }
        inFlight = nil
        guard succeeded else {
            acknowledged = nil
            return
        }
        acknowledged = written
        guard case .takingOver(let epoch) = role, written.master?.version.epoch == epoch else { return }
        role = .acting(epoch: epoch)
    }

    /// Hands the decisions out for the log.
    public mutating func takeJournal() -> [RecordChange] {
        defer { journal = [] }
        return journal
    }

    private mutating func takeOver(_ epoch: UInt64, _ now: MonotonicInstant) {
        guard let liveset, liveset.epoch == epoch else { return }
        isRecordComplete = damaged.isEmpty && !distrustsOwnArea
        // What this run composed itself and does not know to have landed counts as well.
        let known = [newestRecord, newestKnown].compactMap { $0 }.max { $0.version < $1.version }
        var taken =
            known ?? MasterPart(version: .zero, master: agent.host, masterNumber: liveset.masterNumber)
        taken.version =
            taken.version.epoch == epoch ? taken.version.next : RecordVersion(epoch: epoch, sequence: 1)
        if distrustsOwnArea {
            // This host may have been master of this epoch before and have lost its count; an epoch lasts no
            // longer than a boot, so the boot clock is ahead of any count.
            taken.version.sequence = max(taken.version.sequence, UInt64(max(now.nanoseconds, 0) / 1000))
        }
        (taken.master, taken.masterNumber) = (agent.host, liveset.masterNumber)
        takenOver = taken.version
        part = taken
        decider = RestartDecider()
        role = .takingOver(epoch: epoch)
    }
}
