internal import FoundationEssentials
public import LabPlatform

/// The process that keeps a lab: boots hosts, resets what their hardware resets, does what it is asked.
///
/// One thread, one loop: requests, signals, events of the bench processes, boots that fall due. Everything
/// that it starts ends with it.
public final class Supervisor {
    let plan: LabPlan
    let paths: LabPaths
    var hosts: [LabHost] = []
    var network = NetworkFaults()
    var broken: [String] = []
    let topology: Topology?
    var relay: BenchProcess?
    private let incidents: Descriptor
    private let control: LineSocket
    private var clients: [LineConnection] = []
    private let signals: Signals
    private let leash: LineConnection?
    private var isEnding = false

    /// Runs the lab of this folder until it is told to end, or until its input ends where `isLeashed`.
    public static func run(directory: String, isLeashed: Bool) throws(LabError) {
        let plan = try LabPlan.load(directory: directory)
        let supervisor = try Supervisor(plan: plan, isLeashed: isLeashed)
        do {
            try supervisor.build()
            supervisor.loop()
        } catch {
            supervisor.note("", "lab", "the lab could not be built: \(error)")
            supervisor.tearDown()
            throw error
        }
        supervisor.tearDown()
    }

    private init(plan: LabPlan, isLeashed: Bool) throws(LabError) {
        self.plan = plan
        paths = LabPaths(root: plan.directory)
        signals = try Signals()
        topology =
            plan.mode == .netns ? try Topology(NetworkPlan(plan)) : nil
        incidents = try Descriptor(path: paths.incidents, flags: OpenFlags.appendToLog)
        control = try LineSocket(listeningAt: paths.control)
        leash = isLeashed ? LineConnection(Descriptor(owning: 0)) : nil
    }

    /// Writes down what happened.
    func note(_ host: String, _ kind: String, _ sentence: String, at: Int64? = nil) {
        let incident = LabIncident(at: at ?? LabClock.now, host: host, kind: kind, sentence: sentence)
        incidents.write(text: LabJSON.line(incident) + "\n")
    }

    private func build() throws(LabError) {
        let program = plan.binaries + "/holdfast-lab-host"
        if let cgroup = plan.cgroup { try FileTree.makeFolder(cgroup + "/bench") }
        if let topology { try topology.buildSwitch() }
        let bench = plan.cgroup.map { $0 + "/bench" }
        if plan.mode == .loopback {
            relay = try BenchProcess(
                "relay",
                program: program,
                arguments: ["relay", plan.directory],
                cgroup: nil,
                log: paths.supervisorLog
            )
        }
        for index in 1...plan.hostCount {
            let name = "lab\(index)"
            if let cgroup = plan.cgroup { try FileTree.makeFolder("\(cgroup)/\(name)/guests") }
            let hardware = try BenchProcess(
                "hardware of \(name)",
                program: program,
                arguments: ["hardware", plan.directory, name],
                cgroup: bench,
                log: paths.supervisorLog
            )
            let disk = try BenchProcess(
                "disk of \(name)",
                program: program,
                arguments: ["disk", plan.directory, name],
                cgroup: bench,
                log: paths.supervisorLog
            )
            hosts.append(LabHost(index: index, plan: plan, hardware: hardware, disk: disk))
        }
        try formatStatefile()
        for host in hosts { host.power = .booting(due: LabClock.now) }
    }

    private func loop() {
        while !isEnding {
            bootDue()
            let next = hosts.compactMap { host -> Int64? in
                if case .booting(let due) = host.power { due } else { nil }
            }.min()
            let wait = next.map { max(0, ($0 - LabClock.now) / LabClock.millisecond + 1) } ?? 1000
            let benches = hosts.flatMap { [$0.hardware, $0.disk] }
            let fixed = [signals.number, control.number] + (leash.map { [$0.number] } ?? [])
            let watched = fixed + benches.map(\.number) + clients.map(\.number)
            let ready = Set(Poller.readable(watched, milliseconds: Int(min(wait, 1000))))
            for host in hosts { heed(host) }
            if ready.contains(signals.number) { heedSignals() }
            if ready.contains(control.number), let client = control.accept() { clients.append(client) }
            for client in clients where ready.contains(client.number) { serve(client) }
            clients.removeAll { $0.isClosed }
            if let leash, ready.contains(leash.number) {
                _ = leash.receive()
                if leash.isClosed { isEnding = true }
            }
        }
    }

    private func heedSignals() {
        while let signal = signals.next() {
            if signal == .stop { isEnding = true }
        }
        while let (pid, end) = Processes.reap() {
            if let host = hosts.first(where: { $0.power == .on(launcher: pid) }) {
                firstProcessEnded(host, end)
            } else if let bench = hosts.flatMap({ [$0.hardware, $0.disk] }).first(where: { $0.pid == pid }),
                !isEnding
            {
                broken.append("\(bench.name) ended: \(end)")
                note(
                    "",
                    "lab",
                    "\(bench.name) ended: \(end); the lab is broken, end it with 'holdfast-lab down'"
                )
            }
        }
    }

    private func firstProcessEnded(_ host: LabHost, _ end: ProcessEnd) {
        // The hardware kills first and tells then: its word on the cause is waited for.
        if case .signalled = end {
            _ = Poller.readable([host.hardware.number], milliseconds: 200)
            heed(host)
        }
        guard case .on = host.power else { return }
        switch end {
        case .exited(129): hostEnded(host, cause: "reboot(2)", staysOff: false)
        case .exited(130): hostEnded(host, cause: "power off by reboot(2)", staysOff: true)
        case .exited, .signalled: hostEnded(host, cause: "its first process ended: \(end)", staysOff: false)
        }
    }

    private func heed(_ host: LabHost) {
        for event in host.hardware.takeEvents() {
            switch event {
            case "reset watchdog": hostEnded(host, cause: "watchdog", staysOff: false)
            case "reset sysrq": hostEnded(host, cause: "sysrq", staysOff: false)
            case "off sysrq": hostEnded(host, cause: "sysrq", staysOff: true)
            default: note(host.name, "watchdog", event)
            }
        }
        _ = host.disk.takeEvents()
    }

    private func serve(_ client: LineConnection) {
        for line in client.receive() {
            client.send(LabJSON.line(answer(line)))
        }
    }

    private func answer(_ line: String) -> LabReply {
        do {
            switch try LabJSON.decode(LabRequest.self, from: line) {
            case .status:
                return LabReply(ok: true, message: "", at: LabClock.now, status: status)
            case .fault(let fault):
                let at = LabClock.now
                try apply(fault)
                return LabReply(ok: true, message: fault.sentence, at: at)
            case .down:
                isEnding = true
                return LabReply(ok: true, message: "the lab ends", at: LabClock.now)
            }
        } catch {
            return LabReply(ok: false, message: "\(error)", at: LabClock.now)
        }
    }

    private var status: LabStatus {
        LabStatus(
            id: plan.id,
            mode: plan.mode,
            profile: plan.profile,
            directory: plan.directory,
            hosts: hosts.map(\.status),
            networkFaults: network.sentences,
            broken: broken
        )
    }

    /// Ends every host, then the bench, then what is left in the file system stays for `LabCleanup`.
    private func tearDown() {
        for host in hosts {
            host.stop.now()
            _ = host.disk.command("drop")
        }
        for _ in 0..<200 where hosts.contains(where: { $0.stop.isAnyoneLeft }) {
            for host in hosts { host.stop.now() }
            Poller.wait(for: 10)
        }
        for bench in hosts.flatMap({ [$0.hardware, $0.disk] }) + (relay.map { [$0] } ?? []) { bench.finish() }
        for _ in 0..<200 where hosts.contains(where: { Processes.startTicks($0.disk.pid) != nil }) {
            _ = Processes.reap()
            Poller.wait(for: 10)
        }
        LabCleanup.remove(plan)
        note("", "lab", "the lab is down")
    }
}
