internal import AdminProtocol
internal import ControlPlane
internal import LabPlatform
internal import LabWorld

/// A lab that is up, watched, and told step by step: what the demonstration and the storm are made of.
final class Drill {
    let session: LabSession
    let watch: PoolWatch
    let timeline: Timeline
    private let interrupt: Interrupt
    /// What went wrong so far; not empty means exit status 1.
    private(set) var failures: [String] = []

    init(_ session: LabSession, interrupt: Interrupt, style: Timeline.Style) {
        self.session = session
        self.interrupt = interrupt
        watch = PoolWatch(session)
        timeline = Timeline(style: style)
    }

    var plan: LabPlan { session.plan }

    /// Looks, prints what is new, and rests a moment.
    func step() throws(LabError) {
        try interrupt.check()
        try watch.look()
        timeline.take(watch.takeNews())
        Poller.wait(for: 60)
    }

    /// Looks on until something is so; false when the time is over.
    func wait(seconds: Double, until isSo: () -> Bool) throws(LabError) -> Bool {
        let deadline = LabClock.now + Int64(seconds * 1e9)
        while true {
            try step()
            if isSo() { return true }
            if LabClock.now >= deadline { return false }
        }
    }

    /// Looks on for a while.
    func watch(seconds: Double) throws(LabError) {
        _ = try wait(seconds: seconds) { false }
    }

    /// Notes what has to be so.
    @discardableResult
    func expect(_ isSo: Bool, _ sentence: String, else problem: String = "") -> Bool {
        if isSo {
            timeline.note("✓", sentence)
        } else {
            let text = "NOT SO: \(sentence)" + (problem.isEmpty ? "" : " — \(problem)")
            timeline.note("✗", text)
            failures.append(text)
        }
        return isSo
    }

    /// Waits until the pool is whole again; what was missing is told when it does not get so in time.
    func waitUntilWhole(seconds: Double, machines: [GuestPlan]) throws(LabError) -> Bool {
        var calm: Int64?
        return try wait(seconds: seconds) {
            guard watch.obstacles(machines: machines).isEmpty else {
                calm = nil
                return false
            }
            // Whole twice in a row, half a second apart: not a moment between two views.
            if let since = calm { return LabClock.now - since > 500 * LabClock.millisecond }
            calm = LabClock.now
            return false
        }
    }

    /// Waits for the first view and puts the machines under the pool's care.
    func form(home: [String: String]) throws(LabError) {
        timeline.told = [.decision, .master, .running]
        let isFormed = try waitUntilWhole(seconds: 60, machines: [])
        guard isFormed else {
            throw LabError(
                "the pool did not form within 60 s: \(watch.obstacles(machines: []).joined(separator: "; "))"
            )
        }
        for guest in plan.guests { try register(guest, host: home[guest.name]) }
        let isRunning = try waitUntilWhole(seconds: 60, machines: plan.guests)
        guard isRunning else {
            throw LabError(
                "the machines did not start: "
                    + "\(watch.obstacles(machines: plan.guests).joined(separator: "; "))"
            )
        }
        timeline.flush()
    }

    private func register(_ guest: GuestPlan, host: String?) throws(LabError) {
        var command = VMRegisterCommand(vm: guest.name, memoryMiB: guest.memoryMebibytes)
        command.command = [plan.binaries + "/holdfast-lab-guest", "{guest}", plan.directory + "/{host}"]
        command.host = host
        command.haRestartPriority = guest.restartPriority
        command.order = guest.order
        command.start = true
        command.by = "holdfast-lab"
        try request(command)
    }

    /// Asks the master's manager, and again until it has taken the request.
    func request<Command: AdminCommand>(_ command: Command) throws(LabError)
    where Command.Reply == RequestStatus {
        var last = "no master acts"
        for _ in 0..<60 {
            try step()
            guard let master = watch.actingMaster else { continue }
            do {
                var status = try master.ask(command)
                for _ in 0..<60 where status.state == .pending {
                    try step()
                    status = try master.ask(VMRequestCommand(id: status.id))
                }
                if status.state == .accepted { return }
                last = status.message
            } catch {
                last = "\(error)"
            }
            try watch(seconds: 0.3)
        }
        throw LabError("\(Command.name) was not carried out: \(last)")
    }

    /// Stops a machine and starts it on another host: there is no migration in a lab of processes.
    func move(_ machine: String, to host: String) throws(LabError) {
        guard watch.running[machine] != host else { return }
        var stop = VMStopCommand(vm: machine)
        stop.by = "holdfast-lab"
        try request(stop)
        _ = try wait(seconds: 20) {
            watch.actingMaster?.machines?.machines.first { $0.name == machine }?.state == "off"
        }
        var start = VMStartCommand(vm: machine)
        start.host = host
        start.by = "holdfast-lab"
        try request(start)
        guard try wait(seconds: 20, until: { watch.running[machine] == host }) else {
            throw LabError("\(machine) did not move to \(host) for the next scenario")
        }
    }

    /// The verdict of the checker, which runs as a process of its own.
    func askChecker(says: Bool = true) throws(LabError) -> CheckReport {
        guard let program = FileTree.link("/proc/self/exe") else {
            throw LabError("cannot read /proc/self/exe")
        }
        let start = ProgramStart(program, ["check", "--json", "--directory", plan.directory])
        let (_, output) = try Processes.outcome(start)
        let report = try LabJSON.decode(CheckReport.self, from: output)
        if says {
            let runs = report.runs.count
            expect(
                report.isClean,
                "checker: \(report.writeCount) writes in \(runs) runs: never two writers",
                else: report.findings.map(\.sentence).joined(separator: "; ")
            )
        } else if !report.isClean, !plan.guests.isEmpty {
            failures += report.findings.map(\.sentence)
            if report.findings.isEmpty {
                failures.append("the checker had nothing to judge, or could not read its logs")
            }
        }
        return report
    }

    /// Something went wrong that `expect` does not tell.
    func fail(_ sentence: String) {
        timeline.note("✗", sentence)
        failures.append(sentence)
    }
}

/// Ctrl-C and SIGTERM: noticed between two steps, so that a lab is always taken down.
final class Interrupt {
    private let signals: Signals

    init() throws(LabError) {
        signals = try Signals()
    }

    func check() throws(LabError) {
        while let signal = signals.next() {
            if signal == .stop { throw LabError(Interrupt.sentence) }
        }
    }

    static let sentence = "interrupted"
}
