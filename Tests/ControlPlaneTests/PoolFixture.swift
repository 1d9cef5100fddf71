import AdminProtocol
import ControlPlane
import PoolModel

/// A hand-made situation of a pool: three hosts, lab1 acts as master in epoch 7 unless changed.
struct PoolFixture {
    var liveset: LivesetSnapshot
    var record: MasterPart
    var reports: [Int: AgentReport] = [:]
    var silent: Set<Int> = []
    var doubtedBefore: RecordVersion?
    var seconds = 1000.0

    static let epoch: UInt64 = 7

    init(hostCount: Int = 3) {
        let names = (1...hostCount).map { "lab\($0)" }
        liveset = LivesetSnapshot(hosts: names, own: 0, boot: "boot-0")
        liveset.ownNumber = 1
        liveset.isMember = true
        liveset.phase = "member"
        liveset.poolState = .active
        liveset.epoch = PoolFixture.epoch
        liveset.members = Dictionary(uniqueKeysWithValues: (0..<hostCount).map { ($0, 1) })
        liveset.liveset = Set(0..<hostCount)
        liveset.storageLive = Set(0..<hostCount)
        (liveset.master, liveset.masterNumber, liveset.isActingMaster) = (0, 1, true)
        record = MasterPart(
            version: RecordVersion(epoch: PoolFixture.epoch, sequence: 1),
            master: 0,
            masterNumber: 1
        )
        for host in 0..<hostCount { reports[host] = PoolFixture.report(host) }
    }

    static func report(_ host: Int, number: UInt32 = 1, epoch: UInt64 = PoolFixture.epoch) -> AgentReport {
        var report = AgentReport(host: host, boot: "boot-\(host)")
        (report.number, report.epoch, report.totalMiB) = (number, epoch, 1000)
        report.seen = RecordVersion(epoch: epoch, sequence: 1)
        return report
    }

    /// Registers a machine through the decider itself.
    mutating func register(
        _ name: String,
        memoryMiB: Int = 100,
        priority: RestartPriority = .restart,
        order: Int = 0,
        delay: Int = 0,
        host: Int? = nil,
        with decider: inout RestartDecider
    ) {
        var wish = Registration(name: name, memoryMiB: memoryMiB, definition: "sleep \(name)")
        (wish.priority, wish.order, wish.startDelaySeconds, wish.host) = (priority, order, delay, host)
        ask(.register(wish), with: &decider)
    }

    /// Lets an operator ask something through lab1, and the decider answer.
    @discardableResult
    mutating func ask(_ kind: ManagerRequest.Kind, with decider: inout RestartDecider) -> RequestAnswer? {
        let id = "r\(record.version.sequence)-\(record.ledger.count)"
        reports[0]?.requests = [ManagerRequest(id: id, by: "test", kind: kind)]
        decide(&decider)
        let answer = record.answers.first { $0.id == id }
        reports[0]?.requests = []
        return answer
    }

    /// One decision; the new record is in force at once.
    @discardableResult
    mutating func decide(_ decider: inout RestartDecider) -> [RecordChange] {
        let instant = MonotonicInstant(nanoseconds: Int64(seconds * 1e9))
        var input = DecisionInput(
            liveset: liveset,
            record: record,
            reports: reports,
            now: instant,
            wallSeconds: Int64(seconds)
        )
        input.silent = silent
        input.doubtedBefore = doubtedBefore
        let (changes, record) = decider.decide(input)
        self.record = record
        return changes
    }

    /// The host of the machine's order, nil when it has none.
    func place(_ machine: String) -> Int? { record.machine(machine)?.claims.first?.host }

    /// The order of a machine.
    func claim(_ machine: String) -> Claim? { record.machine(machine)?.claims.first }

    /// Lets the host of each open order report that it runs the machine.
    mutating func obey() {
        for machine in record.machines {
            guard let claim = machine.claims.first, reports[claim.host]?.number == claim.number else {
                continue
            }
            guard reports[claim.host]?.runs(machine.name) == false else { continue }
            run(machine.name, on: claim.host, by: claim.intent, memoryMiB: machine.memoryMiB)
        }
    }

    mutating func run(_ machine: String, on host: Int, by intent: IntentID?, memoryMiB: Int = 100) {
        let guest = RunningGuest(
            name: machine,
            intent: intent,
            state: .running,
            memoryMiB: memoryMiB,
            detail: "pid 1"
        )
        reports[host]?.running.append(guest)
        reports[host]?.seen = record.version
    }

    /// The machine ends on its host, which reports that.
    mutating func end(_ machine: String, ranSeconds: Int64 = 1000, outcome: IntentResult.Outcome = .ended) {
        guard let claim = claim(machine) else { return }
        reports[claim.host]?.running.removeAll { $0.name == machine }
        let result = IntentResult(
            intent: claim.intent,
            machine: machine,
            outcome: outcome,
            ranSeconds: ranSeconds,
            text: "exit status 1"
        )
        reports[claim.host]?.results.append(result)
    }

    /// The next view leaves `host` out; it is not certified dead yet.
    mutating func remove(_ host: Int) {
        liveset.members[host] = nil
        liveset.storageLive.remove(host)
        nextEpoch()
    }

    /// This host certifies a removed one.
    mutating func certify(_ host: Int, number: UInt32 = 1) {
        liveset.liveset.remove(host)
        var proof = DeathProof(
            host: host,
            hostName: "lab\(host + 1)",
            number: number,
            clause: .leaseExpiry,
            by: "lab1"
        )
        (proof.issuedAtNanoseconds, proof.evidenceFromNanoseconds) = (21_500_000_000, 500_000_000)
        proof.boundMilliseconds = 21_000
        liveset.certificates = [proof]
    }

    /// A new view: every member shows it, the master has rewritten the record.
    mutating func nextEpoch() {
        liveset.epoch += 1
        record.version = RecordVersion(epoch: liveset.epoch, sequence: 1)
        for host in liveset.members.keys {
            reports[host]?.epoch = liveset.epoch
            reports[host]?.seen = record.version
        }
    }
}
