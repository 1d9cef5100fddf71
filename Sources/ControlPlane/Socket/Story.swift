import AdminProtocol
import FailoverPlanner
import FoundationEssentials
import PoolModel

/// Tells people what stands in the record and what it means; made from one view, on the control socket's
/// thread.
struct Story {
    let view: ManagerView
    let liveset: LivesetSnapshot
    let record: MasterPart?
    private let evidence: Evidence

    init(_ view: ManagerView) {
        self.view = view
        var liveset =
            view.liveset ?? LivesetSnapshot(hosts: view.hosts, own: view.core?.agent.host ?? 0, boot: "")
        if liveset.hosts.isEmpty { liveset.hosts = view.hosts }
        self.liveset = liveset
        record = view.core?.newestRecord
        let reports = view.core?.payloads.mapValues(\.report) ?? [:]
        evidence = Evidence(liveset: liveset, reports: reports)
    }

    func name(_ row: Int) -> String { view.hosts.indices.contains(row) ? view.hosts[row] : "host #\(row)" }

    // MARK: Machines

    func machine(_ entry: MachineEntry) -> VMReport {
        var report = VMReport()
        (report.name, report.memoryMiB, report.note) = (entry.name, entry.memoryMiB, entry.note)
        (report.haRestartPriority, report.order) = (entry.priority.rawValue, entry.order)
        (report.startDelaySeconds, report.failures) = (entry.startDelaySeconds, entry.failures)
        report.isWantedOn = entry.isWantedOn
        guard let claim = entry.claims.first else {
            report.state = entry.isWantedOn ? "waiting" : "off"
            return report
        }
        (report.host, report.intent) = (name(claim.host), "\(claim.intent)")
        switch evidence.standing(of: claim, on: entry) {
        case .running(let guest):
            report.state = entry.isWantedOn ? guest.state.rawValue : "stopping"
            report.detail = guest.detail
        case .pending: report.state = "starting"
        case .unknown(let reason):
            report.state = "unknown"
            report.note = reason
        case .hostDead, .done, .lapsed, .withdrawn: report.state = entry.isWantedOn ? "waiting" : "off"
        }
        return report
    }

    func list() -> VMListReport {
        var report = VMListReport()
        report.machines = record?.machines.map(machine) ?? []
        report.record = record?.version ?? .zero
        report.master = liveset.master.map(name)
        report.warnings = warnings()
        return report
    }

    func why(_ name: String) -> VMWhyReport? {
        guard let record, let entry = record.machine(name) else { return nil }
        var report = VMWhyReport()
        report.machine = machine(entry)
        report.sentences = sentences(entry) + warnings()
        report.proofs = entry.claims.first?.proofs ?? entry.release?.proofs ?? []
        for row in view.hosts.indices { report.hosts[self.name(row)] = place(entry, row, record) }
        report.ledger = record.ledger.entries.filter { $0.machine == name }
        return report
    }

    private func sentences(_ entry: MachineEntry) -> [String] {
        var sentences = ["\(entry.name) \(machine(entry).note)"]
        if let claim = entry.claims.first {
            let cause =
                switch claim.cause {
                case .requested: "the operator wants it on"
                case .found: "it was found running there"
                case .hostLost, .crashed, .failedStart, .orderVoid:
                    entry.release?.text ?? claim.cause.rawValue
                }
            sentences.append(
                "\(name(claim.host)) was chosen by order \(claim.intent) at \(time(claim.wallSeconds)): \(cause)"
            )
        } else if let release = entry.release {
            sentences.append("before that: \(release.text)")
        }
        if entry.failures > 0 { sentences.append("\(entry.failures) failed starts or quick ends in a row") }
        switch entry.priority {
        case .restart: break
        case .bestEffort: sentences.append("it is restarted with what protected machines leave (best-effort)")
        case .unprotected: sentences.append("it is not protected: when its host is lost it stays off")
        }
        return sentences
    }

    /// Why a host has the machine, or could or could not take it.
    private func place(_ entry: MachineEntry, _ row: Int, _ record: MasterPart) -> String {
        if let claim = entry.claims.first(where: { $0.host == row }) {
            return claim.isRunning ? "runs it" : "is to start it"
        }
        let draft = draft(record)
        if let objection = draft.targetObjection(row) { return objection }
        let free = draft.plannerHosts().first { $0.index.row == row }?.freeMiB ?? 0
        return free >= entry.memoryMiB
            ? "could take it: \(free) MiB free"
            : "cannot take it: it needs \(entry.memoryMiB) MiB, \(max(free, 0)) are free"
    }

    private func draft(_ record: MasterPart) -> Draft {
        let reports = view.core?.payloads.mapValues(\.report) ?? [:]
        return Draft(
            DecisionInput(
                liveset: liveset,
                record: record,
                reports: reports,
                now: .distantPast,
                wallSeconds: 0
            )
        )
    }

    // MARK: Hosts, ledger, status

    func host(_ row: Int) -> HostWhyReport {
        var report = HostWhyReport()
        report.host = name(row)
        report.machines = record?.machines.filter { $0.claims.contains { $0.host == row } }.map(machine) ?? []
        report.sentences = sentences(host: row)
        report.ledger =
            record?.ledger.entries.filter { entry in
                entry.host == row || entry.proofs.contains { $0.host == row }
            } ?? []
        return report
    }

    private func sentences(host row: Int) -> [String] {
        guard let core = view.core, let report = core.payloads[row]?.report else {
            return ["its manager has never written into the pool record"]
        }
        var sentences = [
            "its manager has shown epoch \(report.epoch) and acts on record \(report.seen); it has"
                + " \(report.totalMiB) MiB for guests and reports \(report.running.count) running"
        ]
        if let objection = record.flatMap({ draft($0).targetObjection(row) }) {
            sentences.append("it takes no further machines: it \(objection)")
        }
        for (machine, reason) in report.waiting.sorted(by: { $0.key < $1.key }) {
            sentences.append("the start of \(machine) waits there: \(reason)")
        }
        if let damage = core.damaged[row] { sentences.append("its record area is damaged: \(damage)") }
        return sentences
    }

    func ledger(machine: String?, since: UInt64) -> LedgerReport {
        var report = LedgerReport()
        (report.hosts, report.count) = (view.hosts, record?.ledger.count ?? 0)
        report.entries =
            record?.ledger.entries.filter { entry in
                entry.number > since && (machine == nil || entry.machine == machine)
            } ?? []
        return report
    }

    func status(now: MonotonicInstant) -> ManagerStatusReport {
        var report = ManagerStatusReport()
        report.host = view.host
        report.running = view.guests
        report.totalMiB = view.totalMiB
        report.freeMiB = view.totalMiB - view.guests.reduce(0) { $0 + $1.memoryMiB }
        func age(_ instant: MonotonicInstant?) -> Int64? {
            instant.map { (now - $0).nanoseconds / 1_000_000 }
        }
        report.daemonAgeMilliseconds = age(view.daemonAnsweredAt)
        report.readAgeMilliseconds = age(view.readAt)
        report.writeAgeMilliseconds = age(view.writtenAt)
        report.warnings = warnings()
        guard let core = view.core else { return report }
        report.record = record?.version ?? .zero
        (report.seen, report.epoch, report.waiting) = (core.agent.seen, core.agent.epoch, core.agent.waiting)
        report.silent = core.silentHosts(now: now).sorted().map(name)
        report.role =
            switch core.role {
            case .none: "none"
            case .surveying: "surveying"
            case .takingOver: "taking-over"
            case .acting: liveset.isActingMaster ? "acting" : "suspended"
            }
        return report
    }

    // MARK: What is wrong

    /// What keeps the record from being fresh, or machines from being started.
    func warnings() -> [String] {
        var warnings = view.troubles.sorted { $0.key < $1.key }.map(\.value)
        guard view.liveset != nil else { return warnings }
        switch liveset.poolState {
        case .active: break
        case .enabling: warnings.append("the pool is enabling: no machine is started or restarted yet")
        case .disabled:
            warnings.append(
                "the pool is disabled: no machine is started or restarted; 'holdfast pool enable'"
            )
        }
        if !liveset.isMember {
            warnings.append(
                "this host is \(liveset.phase), no member of the liveset: nothing is started here"
            )
        }
        if liveset.master == nil, liveset.poolState == .active {
            warnings.append("the pool has no master at the moment")
        }
        return warnings
    }

    /// What a request that is still pending waits for.
    func whatRequestsWaitFor() -> String {
        guard view.core != nil else { return "waits for the record areas to be opened" }
        guard view.liveset != nil else { return "waits for the daemon of this host, which does not answer" }
        if let trouble = view.troubles["record-writing"] {
            return "waits, for it cannot be written: \(trouble)"
        }
        guard let master = liveset.master else { return "waits for the pool to have a master" }
        guard liveset.isMember else { return "waits until this host is a member of the liveset" }
        return "waits for the master, \(name(master)), to carry it out"
    }

    private func time(_ wallSeconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(wallSeconds)).ISO8601Format()
    }
}
