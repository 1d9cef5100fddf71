import AdminProtocol
import DaemonConfig
import LivesetEngine
import PoolModel

extension LivesetReport {
    /// The small report for the manager; nil before the engine runs.
    init?(_ facts: DaemonFacts, isFencing: Bool) {
        guard let engine = facts.engine else { return nil }
        self.init()
        let view = engine.view
        hosts = facts.hosts
        own = engine.own.row
        phase = PhaseWord(engine.phase)
        poolState = PoolStateWord(view.state)
        epoch = view.epoch.rawValue
        incarnation = IncarnationReport(engine.incarnation)
        liveset = engine.liveset.map(\.row)
        members = view.members.map(\.row)
        for host in view.members { memberNumbers[host.row] = view.entries[host].number.rawValue }
        storageLive = view.members.filter { engine.peers[$0].isStorageLive }.map(\.row)
        master = view.master?.row
        masterIncarnation = view.master.map { view.entries[$0].number.rawValue }
        isActingMaster = engine.isActingMaster
        for row in 0..<hosts.count {
            guard let certificate = engine.peers[HostIndex(row)].certificate else { continue }
            certificates.append(CertificateReport(certificate, name: hosts[row]))
        }
        if engine.leaseUntil > .distantPast + .seconds(1) {
            leaseUntilNanoseconds = engine.leaseUntil.nanoseconds
        }
        takenAtNanoseconds = engine.takenAt.nanoseconds
        isStorageLive = engine.isStorageLive
        hold = engine.hold
        statefilePath = facts.settings.statefile.path
        generation = facts.generation
        self.isFencing = isFencing
    }
}
