internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Storm: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play random faults against a pool, mend each, and wait until the pool is whole again.",
        discussion: """
            The seed is printed first; the same seed draws the same faults. After each the \
            independent checker is asked. Stops at the first fault after which something ran twice or did \
            not come back, and keeps the lab's folder.

            Example: sudo holdfast-lab storm --faults 50 --seed 7 --hosts 3 --profile fast
            """
    )

    @OptionGroup var options: LabOptions

    @Option(help: "How many faults.")
    var faults = 50

    @Option(help: "The seed; drawn and printed where it is not given.")
    var seed: UInt64?

    @Option(help: "Seconds within which the pool has to be whole after each fault was mended.")
    var patience = 90.0

    @Flag(help: "The daemons alone: no machines, so nothing for the checker to judge.")
    var withoutMachines = false

    @Flag(help: "Print every event of the hosts as well.")
    var verbose = false

    @Flag(help: "Print one JSON line a fault.")
    var json = false

    @Flag(help: "Keep the lab's folder also when all went well.")
    var keep = false

    func run() throws {
        let seed = seed ?? UInt64.random(in: 1...999_999)
        var failures: [String] = []
        try LabRun.guarded { interrupt throws(LabError) in
            var plan = try options.plan()
            if withoutMachines { plan.guests = [] }
            Terminal.say("seed \(seed): \(command(seed))")
            Terminal.say(LabWords.limits(plan))
            let session = try LabSession.up(plan, isLeashed: true)
            var keepsFolder = true
            defer { session.down(keepsFolder: keepsFolder) }
            let drill = Drill(session, interrupt: interrupt, style: verbose ? .text : .quiet)
            try drill.form(home: ["vm-db": "lab1", "vm-web": "lab2", "vm-batch": "lab\(plan.hostCount)"])
            failures = try play(drill, StormFaults(seed: seed, plan: plan))
            keepsFolder = keep || !failures.isEmpty
            if !failures.isEmpty { Terminal.say("the lab's folder is kept: \(plan.directory)") }
        }
        guard failures.isEmpty else {
            for failure in failures { Terminal.say("  ✗ \(failure)") }
            Terminal.say("again with: \(command(seed))")
            throw ExitCode(1)
        }
        Terminal.say("\(faults) faults, 0 double writers, the pool whole after each (seed \(seed))")
    }

    /// The command line that does the same again.
    private func command(_ seed: UInt64) -> String {
        "holdfast-lab storm --faults \(faults) --seed \(seed) \(options.words)"
            + (withoutMachines ? " --without-machines" : "")
    }

    private struct Line: Encodable {
        var number: Int
        var fault: String
        var isWhole: Bool
        var wholeAfterSeconds: Double
        var writes: Int
        var failures: [String]
    }

    private func play(_ drill: Drill, _ drawn: StormFaults) throws(LabError) -> [String] {
        var drawn = drawn
        for fault in drawn.clockRates() {
            try drill.session.apply(fault)
            Terminal.say(fault.sentence)
        }
        for number in 1...max(1, faults) {
            let blow = drawn.next()
            drill.timeline.begin("fault \(number) of \(faults): \(blow.sentence)")
            let before = bootCounts(drill)
            for fault in blow.faults { strike(fault, drill) }
            try drill.watch(seconds: blow.seconds)
            let mended = drill.timeline.elapsed
            try drill.session.apply(.heal)
            let isWhole = try drill.waitUntilWhole(seconds: patience, machines: drill.plan.guests)
            let took = drill.timeline.elapsed - mended
            if !isWhole {
                let missing = drill.watch.obstacles(machines: drill.plan.guests).joined(separator: "; ")
                drill.fail(
                    "fault \(number) (\(blow.sentence)): not whole \(Timeline.short(patience)) after "
                        + "mending: \(missing)"
                )
            }
            judgeEnds(of: blow, number, before: before, drill)
            let report = try drill.askChecker(says: false)
            tell(
                Line(
                    number: number,
                    fault: blow.sentence,
                    isWhole: isWhole,
                    wholeAfterSeconds: took,
                    writes: report.writeCount,
                    failures: drill.failures
                )
            )
            if !drill.failures.isEmpty { return drill.failures }
        }
        return []
    }

    private func bootCounts(_ drill: Drill) -> [Int] {
        drill.watch.hardware?.hosts.map(\.bootCount) ?? []
    }

    /// A single fault ends the life of no host that it did not strike.
    private func judgeEnds(of blow: Blow, _ number: Int, before: [Int], _ drill: Drill) {
        guard let mayEnd = blow.mayEnd(hostCount: drill.plan.hostCount) else { return }
        let ended = zip(before, bootCounts(drill)).enumerated().filter { $0.element.1 > $0.element.0 }.map {
            $0.offset + 1
        }
        let isMeant = if case .powerOff? = blow.faults.first { true } else { false }
        guard !Set(ended).isSubset(of: mayEnd) || (ended.count > 1 && !isMeant) else { return }
        let names = ended.map { "lab\($0)" }.joined(separator: ", ")
        drill.fail(
            "fault \(number) (\(blow.sentence)): it ended the life of \(names), which a single fault must not"
        )
    }

    /// A fault that cannot be (the program to be killed is not there) is none.
    private func strike(_ fault: LabFault, _ drill: Drill) {
        do {
            try drill.session.apply(fault)
        } catch {
            if verbose { Terminal.say("  (\(fault.sentence): \(error))") }
        }
    }

    private func tell(_ line: Line) {
        if json { return Terminal.say(LabJSON.line(line)) }
        let mark = line.failures.isEmpty ? "✓" : "✗"
        let number = String(repeating: " ", count: line.number < 10 ? 1 : 0) + "\(line.number)"
        Terminal.say(
            "\(mark) \(number)  \(line.fault); whole after \(Timeline.short(line.wholeAfterSeconds)), "
                + "\(line.writes) writes checked"
        )
    }
}
