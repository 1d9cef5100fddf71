internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

/// `holdfast-lab vm`: hosts that are virtual machines, with kernels that really reset.
struct VMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vm",
        abstract: "Put a pool of virtual machines through resets, hangs and panics of real kernels.",
        discussion: """
            Each host is an emulated machine (QEMU, without KVM) with one of Debian's kernels, the real programs, a \
            statefile on a block device that all share, and a watchdog: softdog with the cloud kernel, an i6300esb \
            card with the full one. After each trial the pool has to become whole again, and the guests' disks are \
            checked. scripts/install-vm-deps.sh fetches what is needed.

            Example: sudo holdfast-lab vm --trial sysrq --trial daemon-killed
            """
    )

    @OptionGroup var choice: LabChoice

    @Option(help: "The kernel, and with it the watchdog: cloud (softdog) or full (i6300esb).")
    var kernel: VMKernel.Kind = .cloud

    @Option(help: "How many hosts, 2 to 4.")
    var hosts = 3

    @Option(help: "Timing: fast, default or conservative. Emulation is too slow for fast on a busy computer.")
    var profile = "default"

    @Option(name: .customLong("trial"), help: "Only this trial (may be given more than once).")
    var trials: [String] = []

    @Option(help: "The folder with holdfastd, holdfast-manager and the others (usual: this program's own).")
    var binaries: String?

    @Flag(help: "Print one JSON line a trial.")
    var json = false

    @Flag(help: "Keep the lab's folder also when all went well.")
    var keep = false

    private func plan() throws(LabError) -> VMPlan {
        let folder = if let binaries { binaries } else { try LabOptions.ownFolder() }
        var lab = LabPlan(id: choice.id, binaries: folder, directory: choice.directory)
        lab.hostCount = hosts
        lab.profile = profile
        lab.onStorageLoss = "fence"
        var plan = VMPlan(lab: lab, kernel: kernel)
        plan.cagedHost = hosts > 2 ? hosts : nil
        return plan
    }

    func run() throws {
        var failures = 0
        try LabRun.guarded { interrupt throws(LabError) in
            let plan = try plan()
            let drill = try VMDrill(plan, interrupt: interrupt)
            var keepsFolder = true
            defer { drill.pool.down(keepsFolder: keepsFolder) }
            let known = VMTrials.all(drill)
            if let unknown = trials.first(where: { name in !known.contains { $0.name == name } }) {
                throw LabError("no trial '\(unknown)': \(known.map(\.name).joined(separator: ", "))")
            }
            let chosen = known.filter { trials.isEmpty || trials.contains($0.name) }
            let began = LabClock.now
            try drill.form()
            say("pool of \(hosts) machines (\(kernel.rawValue) kernel) formed after \(seconds(since: began))")
            for trial in chosen where try !play(trial, drill) { failures += 1 }
            keepsFolder = keep || failures > 0
            if keepsFolder { say("the lab's folder is kept: \(plan.lab.directory)") }
        }
        if failures > 0 { throw ExitCode(1) }
    }

    private struct Line: Encodable {
        var trial: String
        var kernel: String
        var expected: String
        var seen: String
        var seconds: Double
        var isAsExpected: Bool
        var writes: Int
    }

    /// One trial, and the way back to a whole pool; whether both went as they should.
    private func play(_ trial: VMTrial, _ drill: VMDrill) throws(LabError) -> Bool {
        var outcome = try trial.run(drill)
        let obstacle = try drill.obstacleAfterWaiting(seconds: 300)
        if let obstacle {
            outcome.seen += "; the pool is not whole after 300 s: \(obstacle)"
            outcome.isAsExpected = false
        }
        let report = Checker.report(directory: drill.pool.plan.lab.directory)
        if !report.isClean {
            outcome.seen += "; checker: \(report.findings.first?.sentence ?? "nothing to judge")"
            outcome.isAsExpected = false
        }
        let line = Line(
            trial: trial.name,
            kernel: kernel.rawValue,
            expected: trial.expected,
            seen: outcome.seen,
            seconds: outcome.seconds,
            isAsExpected: outcome.isAsExpected,
            writes: report.writeCount
        )
        tell(line)
        if obstacle != nil { try drill.powerCycle() }
        return outcome.isAsExpected
    }

    private func tell(_ line: Line) {
        if json { return Terminal.say(LabJSON.line(line)) }
        let name = line.trial + String(repeating: " ", count: max(1, 18 - line.trial.count))
        Terminal.say("\(line.isAsExpected ? "✓" : "✗") \(name)\(line.expected)")
        Terminal.say(
            "                    \(line.seen), \(Timeline.short(line.seconds)); \(line.writes) writes checked"
        )
    }

    private func say(_ text: String) { if !json { Terminal.say(text) } }

    private func seconds(since: Int64) -> String { Timeline.short(Double(LabClock.now - since) / 1e9) }
}
