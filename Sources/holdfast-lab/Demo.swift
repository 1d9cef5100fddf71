internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Pull the plug, the storage cable and the network cable of a host, of three and then of two.",
        discussion: """
            Each scenario prints what happened when, in seconds since the fault, and the verdict of an \
            independent checker. Ends in under 3 minutes with the fast profile. Exit status 1 when a machine \
            ran twice or did not come back.

            Examples:
              sudo holdfast-lab demo
              sudo holdfast-lab demo --only 2 --scenario network
              holdfast-lab demo --mode loopback        without root; what needs cables is left out
            """
    )

    @OptionGroup var options: LabOptions

    @Option(help: "Only the pool of this many hosts.")
    var only: Int?

    @Option(help: "Only this scenario: power, storage, network, freeze, all-storage or all-network.")
    var scenario: Scenario.Kind?

    @Flag(help: "Freezing a host, and the loss of all storage and of the whole network, as well.")
    var more = false

    @Flag(help: "Keep the lab's folder with logs and disks.")
    var keep = false

    @Flag(help: "Print each line of the timeline, and each verdict, as one JSON line.")
    var json = false

    func run() throws {
        let started = LabClock.now
        var failures: [String] = []
        try LabRun.guarded { interrupt throws(LabError) in
            for count in only.map({ [$0] }) ?? [options.hosts, 2] {
                failures += try play(hosts: count, interrupt)
            }
        }
        let took = Double(LabClock.now - started) / 1e9
        say("")
        guard failures.isEmpty else {
            say(
                "\(failures.count) things are NOT as they have to be (\(Timeline.short(took)) in all):"
            )
            for failure in failures { say("  ✗ \(failure)") }
            throw ExitCode(1)
        }
        say(
            "All is as it has to be: nothing ran twice, everything came back. \(Timeline.short(took)) in all."
        )
    }

    /// What is no line of a timeline; beside the JSON where that is wanted.
    private func say(_ text: String) {
        if json { Terminal.complain(text) } else { Terminal.say(text) }
    }

    private func play(hosts: Int, _ interrupt: Interrupt) throws(LabError) -> [String] {
        let plan = try options.plan(hosts: hosts, id: options.choice.id + "\(hosts)")
        say(
            "\n══ A pool of \(hosts) hosts (\(plan.mode.rawValue), profile \(plan.profile)) "
                + String(repeating: "═", count: 60)
        )
        let session = try LabSession.up(plan, isLeashed: true)
        defer { session.down(keepsFolder: keep) }
        say("  " + LabWords.limits(plan))
        let drill = Drill(session, interrupt: interrupt, style: json ? .json : .text)
        do {
            try drill.form(home: ["vm-db": "lab1", "vm-web": "lab1", "vm-batch": "lab2"])
            try drill.askMachines()
            let usual = more ? Scenario.Kind.allCases : Scenario.Kind.usual
            let kinds = scenario.map { [$0] } ?? usual
            for (index, kind) in kinds.enumerated() {
                let title = "\(hosts) hosts, \(index + 1) of \(kinds.count): \(kind.words)"
                try Scenario(kind: kind, drill: drill).play(title)
            }
        } catch {
            if error.description == Interrupt.sentence { throw error }
            drill.fail("\(hosts) hosts: \(error)")
        }
        return drill.failures
    }
}

extension Drill {
    /// Tells what runs where.
    func askMachines() throws(LabError) {
        timeline.flush()
        let list = watch.running.sorted { $0.key < $1.key }.map { "\($0.key) on \($0.value)" }
        timeline.note(
            "✓",
            "formed after \(Timeline.short(timeline.elapsed)): \(list.joined(separator: ", "))"
        )
    }
}

/// Runs what uses a lab so that Ctrl-C takes the lab down and gives status 130, and a lab error status 2.
enum LabRun {
    static func guarded(_ body: (Interrupt) throws(LabError) -> Void) throws {
        do {
            try body(Interrupt())
        } catch {
            Terminal.complain("holdfast-lab: \(error)")
            throw ExitCode(error.description == Interrupt.sentence ? 130 : 2)
        }
    }
}
