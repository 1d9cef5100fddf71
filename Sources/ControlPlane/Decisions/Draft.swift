import AdminProtocol
import FailoverPlanner
import PoolModel

/// The record in the making: each change is carried out on a copy at once, so that the next one sees it.
struct Draft {
    let input: DecisionInput
    let evidence: Evidence
    var part: MasterPart
    private(set) var changes: [RecordChange] = []

    init(_ input: DecisionInput) {
        self.input = input
        evidence = Evidence(liveset: input.liveset, reports: input.reports)
        part = input.record
        part.version = input.record.version.next
    }

    var isActive: Bool {
        switch input.liveset.poolState {
        case .active: true
        case .enabling, .disabled: false
        }
    }

    func name(_ row: Int) -> String { input.liveset.name(row) }

    mutating func add(_ change: RecordChange) {
        part.apply(change, wallSeconds: input.wallSeconds, name: input.liveset.name)
        changes.append(change)
    }

    func claim(host: Int, number: UInt32, intent: IntentID, cause: StartCause, proofs: [DeathProof]) -> Claim
    {
        Claim(
            host: host,
            number: number,
            intent: intent,
            masterNumber: input.liveset.masterNumber,
            issued: part.version,
            cause: cause,
            proofs: proofs,
            wallSeconds: input.wallSeconds
        )
    }

    /// Why no machine may be started because the record may be an old one; nil when there is no doubt.
    ///
    /// With an area lost a newer record may be lost, and in it an order. A host that has adopted a record of
    /// this master carries out no lost order any more, and says what it runs; every host that may be alive
    /// has to do so first.
    func doubtAboutRecord() -> String? {
        guard let since = input.doubtedBefore else { return nil }
        let mute = input.liveset.liveset.filter { host in
            guard let report = evidence.hasShownEpoch(host) else { return true }
            return report.seen < since
        }
        guard !mute.isEmpty else { return nil }
        return
            "a record area could not be read, so nothing is started until every host of the liveset has said what it"
            + " runs; waiting for \(mute.sorted().map(name).joined(separator: ", "))"
    }

    /// Why no machine can go to a host at the moment; nil for a target.
    func targetObjection(_ host: Int) -> String? {
        let liveset = input.liveset
        guard liveset.members[host] != nil else {
            return liveset.liveset.contains(host)
                ? "was removed and is not certified dead" : "is not in the liveset"
        }
        guard liveset.storageLive.contains(host) else { return "has lost its storage" }
        guard let report = evidence.hasShownEpoch(host) else {
            return "its manager has not reported in epoch \(liveset.epoch)"
        }
        guard !input.silent.contains(host) else { return "its manager is silent" }
        return report.totalMiB > 0 ? nil : "takes no machines"
    }

    /// The hosts with the memory that no claim and no guest takes.
    func plannerHosts() -> [PlannerHost] {
        input.liveset.hosts.indices.map { row in
            PlannerHost(index: HostIndex(row), name: name(row), freeMiB: freeMiB(row))
        }
    }

    private func freeMiB(_ row: Int) -> Int {
        guard let report = evidence.report(of: row) else { return 0 }
        var taken: [String: Int] = [:]
        for guest in report.running { taken[guest.name] = guest.memoryMiB }
        for machine in part.machines where taken[machine.name] == nil {
            for claim in machine.claims where claim.host == row && claim.number == report.number {
                taken[machine.name] = machine.memoryMiB
            }
        }
        return report.totalMiB - taken.values.reduce(0, +)
    }
}

extension MachineEntry {
    /// Its place when memory is scarce and in the order of the restart.
    var rank: PlannerRank { PlannerRank(isBestEffort: priority != .restart, order: order) }
}
