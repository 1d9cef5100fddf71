internal import AdminProtocol
internal import ControlPlane
internal import LabPlatform
internal import LabWorld

/// Everything that can be seen of a lab's pool, gathered in one place and told in the order in which it
/// happened.
final class PoolWatch {
    let session: LabSession
    let hosts: [HostWatch]
    private let writes: WriteLogTail
    private let incidents: IncidentTail
    private let consoles: [(host: String, tail: ConsoleTail)]
    private var ledgerNumber: UInt64 = 0
    private var lastRun: [String: String] = [:]
    private var told: [TimelineEntry] = []
    private var lastManagerLook: Int64 = 0
    private(set) var hardware: LabStatus?

    init(_ session: LabSession) {
        self.session = session
        hosts = session.plan.hostNames.map { HostWatch($0, paths: session.paths) }
        writes = WriteLogTail(directory: session.plan.directory)
        incidents = IncidentTail(directory: session.plan.directory)
        consoles = session.plan.hostNames.map { ($0, ConsoleTail(host: session.paths.host($0))) }
    }

    /// Looks at everything once.
    func look() throws(LabError) {
        for host in hosts {
            for event in host.lookAtDaemon() where !isBesideThePoint(event, host) {
                told.append(TimelineEntry(event, host: host.name))
            }
        }
        let now = LabClock.now
        if now - lastManagerLook > 150 * LabClock.millisecond {
            lastManagerLook = now
            for host in hosts { host.lookAtManager() }
            let status = try session.status()
            if let first = status.broken.first { throw LabError("the lab itself is broken: \(first)") }
            hardware = status
        }
        lookAtLedger(at: now)
        lookAtConsoles()
        for incident in incidents.more() { told.append(TimelineEntry(incident)) }
        lookAtWrites()
    }

    /// A host that is alone in its view has LEASE-A as well, with its storage in the best of health.
    private func isBesideThePoint(_ event: EventReport, _ host: HostWatch) -> Bool {
        event.name == "living-on-all-lost" && host.status?.statefile.isLive == true
    }

    /// A host that stops itself has no time to be asked for it: its console tells why.
    private func lookAtConsoles() {
        for (host, tail) in consoles {
            for line in tail.more() where line.text.hasPrefix("this host stops itself") {
                told.append(
                    TimelineEntry(at: line.at, host: host, kind: .fence, text: TimelineEntry.first(line.text))
                )
            }
        }
    }

    private func lookAtLedger(at now: Int64) {
        guard let report = (actingMaster ?? hosts.first { $0.machines != nil })?.ledger(since: ledgerNumber)
        else { return }
        for entry in report.entries where entry.number > ledgerNumber {
            ledgerNumber = entry.number
            let host = entry.host.flatMap { report.hosts.indices.contains($0) ? report.hosts[$0] : nil }
            told.append(TimelineEntry(entry, host: host ?? "", at: now))
        }
    }

    private func lookAtWrites() {
        for write in writes.more() {
            let record = write.record
            let key = write.path + record.boot + record.run
            guard lastRun[record.machine] != key else { continue }
            lastRun[record.machine] = key
            told.append(
                TimelineEntry(
                    at: record.issued,
                    host: write.path,
                    kind: .running,
                    text: "\(record.machine) writes to its disk, number \(record.counter)",
                    machine: record.machine
                )
            )
        }
    }

    /// What came to light since the last call, in the order of its time.
    func takeNews() -> [TimelineEntry] {
        defer { told = [] }
        return told.sorted { $0.at < $1.at }
    }

    /// The host that says of itself that it acts as master.
    var actingMaster: HostWatch? { hosts.first { $0.status?.isActingMaster == true } }

    func host(_ name: String) -> HostWatch? { hosts.first { $0.name == name } }

    /// Where a machine wrote last, and how long ago.
    func writer(of machine: String) -> (host: String, age: Int64)? {
        writes.newest[machine].map { ($0.path, LabClock.now - $0.landed) }
    }

    /// The machines that wrote within the last second, on which host.
    var running: [String: String] {
        var running: [String: String] = [:]
        for guest in session.plan.guests {
            if let writer = writer(of: guest.name), writer.age < LabClock.second {
                running[guest.name] = writer.host
            }
        }
        return running
    }

    /// D in seconds, as the daemons have it.
    var certainlyDeadSeconds: Double? {
        hosts.compactMap { $0.status?.timing.largestCertainlyDeadMilliseconds }.max().map {
            Double($0) / 1000
        }
    }

    /// What keeps the pool from being whole: all hosts members of one view, storage-live, netOK, guarded, one
    /// acting master, every machine running and writing.
    ///
    /// Empty: it is whole.
    func obstacles(machines: [GuestPlan]) -> [String] {
        var obstacles: [String] = []
        let names = session.plan.hostNames
        for host in hosts {
            guard let status = host.status else {
                obstacles.append("\(host.name): its daemon does not answer")
                continue
            }
            obstacles += hostObstacles(host.name, status, names)
        }
        let masters = hosts.filter { $0.status?.isActingMaster == true }
        if masters.count != 1 { obstacles.append("\(masters.count) hosts act as master") }
        if Set(hosts.compactMap { $0.status?.epoch }).count > 1 {
            obstacles.append("hosts show different epochs")
        }
        return obstacles + machineObstacles(machines)
    }

    private func hostObstacles(_ name: String, _ status: StatusReport, _ names: [String]) -> [String] {
        var obstacles: [String] = []
        if status.phase != .member {
            obstacles.append(
                "\(name): is \(status.phase.rawValue) (\(status.joinObstacle?.sentence ?? "no obstacle"))"
            )
        }
        if status.members.sorted() != names { obstacles.append("\(name): members are \(status.members)") }
        if status.liveset.sorted() != names { obstacles.append("\(name): liveset is \(status.liveset)") }
        if status.poolState != .active {
            obstacles.append("\(name): the pool is \(status.poolState.rawValue)")
        }
        if !status.netOK { obstacles.append("\(name): netOK is false") }
        if status.hold { obstacles.append("\(name): holds") }
        if !status.statefile.isLive { obstacles.append("\(name): is storage-lost") }
        if status.lease.ground != .storage {
            obstacles.append("\(name): lease by \(status.lease.ground.rawValue)")
        }
        if !status.fencing.isArmed { obstacles.append("\(name): its watchdog is not armed") }
        return obstacles
    }

    private func machineObstacles(_ machines: [GuestPlan]) -> [String] {
        guard let list = actingMaster?.machines else {
            return machines.isEmpty ? [] : ["the master's manager does not answer"]
        }
        return machines.compactMap { machine in
            guard let report = list.machines.first(where: { $0.name == machine.name }) else {
                return "\(machine.name): is not on record"
            }
            guard report.state == "running" else {
                return "\(machine.name): is \(report.state) (\(report.note))"
            }
            guard let host = running[machine.name] else { return "\(machine.name): does not write" }
            return host == report.host
                ? nil : "\(machine.name): writes on \(host), on record on \(report.host ?? "none")"
        }
    }
}
