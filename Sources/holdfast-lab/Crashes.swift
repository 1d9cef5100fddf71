internal import AdminProtocol
internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Crashes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kill daemons at random moments: no host is reset, no view changes, nothing runs twice.",
        discussion: """
            Kills holdfastd of a random host (SIGKILL, or the hand-over of an upgrade with --upgrade) and lets it be \
            restarted, again and again. After each the view and the incarnation numbers have to be those of before, \
            and no host may have been reset. At the end the checker is asked.

            Example: sudo holdfast-lab crashes --count 100 --seed 7
            """
    )

    @OptionGroup var options: LabOptions

    @Option(help: "How many crashes.")
    var count = 100

    @Option(help: "The seed; drawn and printed where it is not given.")
    var seed: UInt64?

    @Option(help: "Milliseconds between two crashes, at most.")
    var pause = 3000

    @Flag(help: "SIGHUP instead of SIGKILL, as 'systemctl restart' sends it.")
    var upgrade = false

    func run() throws {
        let seed = seed ?? UInt64.random(in: 1...999_999)
        var failures: [String] = []
        try LabRun.guarded { interrupt throws(LabError) in
            let plan = try options.plan()
            Terminal.say(
                "seed \(seed): holdfast-lab crashes --count \(count) --seed \(seed) \(options.words)"
            )
            let session = try LabSession.up(plan, isLeashed: true)
            var keepsFolder = true
            defer { session.down(keepsFolder: keepsFolder) }
            let drill = Drill(session, interrupt: interrupt, style: .quiet)
            try drill.form(home: ["vm-db": "lab1", "vm-web": "lab2", "vm-batch": "lab\(plan.hostCount)"])
            failures = try play(drill, seed: seed)
            let report = try drill.askChecker(says: false)
            failures += drill.failures
            Terminal.say("\(report.writeCount) writes checked")
            keepsFolder = !failures.isEmpty
        }
        guard failures.isEmpty else {
            for failure in failures { Terminal.say("  ✗ \(failure)") }
            throw ExitCode(1)
        }
        let what = upgrade ? "hand-overs" : "crashes"
        Terminal.say("\(count) \(what): no reset, no view change, no double writer (seed \(seed))")
    }

    /// What must not change by a crash.
    private struct Standing: Equatable {
        var epochs: [UInt64]
        var numbers: [UInt32]
        var boots: [Int]
    }

    private func standing(_ drill: Drill) -> Standing {
        let statuses = drill.watch.hosts.map(\.status)
        return Standing(
            epochs: statuses.map { $0?.epoch ?? 0 },
            numbers: statuses.map { $0?.incarnation.number ?? 0 },
            boots: drill.watch.hardware?.hosts.map(\.bootCount) ?? []
        )
    }

    /// What 'systemctl restart' sends, to the daemon that works with this host's configuration.
    private func handOver(_ host: Int, _ plan: LabPlan) throws(LabError) {
        let configuration = LabPaths(root: plan.directory).host("lab\(host)").configuration
        let daemon = FileTree.names(in: "/proc").compactMap { Int32($0) }.first { process in
            let words =
                FileTree.text("/proc/\(process)/cmdline")?.split(separator: "\0").map(String.init) ?? []
            return words.first?.hasSuffix("/holdfastd") == true && words.contains(configuration)
        }
        guard let daemon else { throw LabError("no holdfastd of lab\(host) is seen") }
        Processes.hangUp(daemon)
    }

    private func play(_ drill: Drill, seed: UInt64) throws(LabError) -> [String] {
        var random = SeededGenerator(seed: seed)
        let before = standing(drill)
        for number in 1...max(1, count) {
            let host = Int.random(in: 1...drill.plan.hostCount, using: &random)
            let rest = Int.random(in: 0...max(1, pause), using: &random)
            try drill.watch(seconds: Double(rest) / 1000)
            if upgrade {
                try handOver(host, drill.plan)
            } else {
                try drill.session.apply(.kill(hosts: [host], program: "holdfastd"))
            }
            guard try drill.waitUntilWhole(seconds: 30, machines: drill.plan.guests) else {
                let missing = drill.watch.obstacles(machines: drill.plan.guests).joined(separator: "; ")
                return ["crash \(number) (lab\(host)): not whole after 30 s: \(missing)"]
            }
            let after = standing(drill)
            guard after == before else {
                return ["crash \(number) (lab\(host)): \(before) became \(after)"]
            }
            if number % 10 == 0 { Terminal.say("✓ \(number) of \(count)") }
        }
        return []
    }
}
