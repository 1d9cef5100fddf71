internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Build a pool and leave it running.",
        discussion: "Example: sudo holdfast-lab up --hosts 3 --mode netns --profile fast"
    )

    @OptionGroup var options: LabOptions

    @Flag(inversion: .prefixedNo, help: "Wait until the pool has formed, and let it run the three machines.")
    var guests = true

    func run() throws {
        try LabRun.guarded { interrupt throws(LabError) in
            let session = try LabSession.up(options.plan(), isLeashed: false)
            let plan = session.plan
            if guests {
                let drill = Drill(session, interrupt: interrupt, style: .quiet)
                try drill.form(home: ["vm-db": "lab1", "vm-web": "lab2", "vm-batch": "lab\(plan.hostCount)"])
                let list = drill.watch.running.sorted { $0.key < $1.key }.map { "\($0.key) on \($0.value)" }
                Terminal.say("formed and running: \(list.joined(separator: ", "))")
            }
            Terminal.say(
                "lab '\(plan.id)' is up: \(plan.hostNames.joined(separator: ", ")) in \(plan.directory)"
            )
            Terminal.say(LabWords.limits(plan))
            Terminal.say(
                "see it with 'holdfast-lab status --id \(plan.id)', end it with 'holdfast-lab down --id "
                    + "\(plan.id)'"
            )
        }
    }
}

/// Sentences that several commands print.
enum LabWords {
    static func limits(_ plan: LabPlan) -> String {
        plan.keepsLimits
            ? "The limits on flapping [FAULT-7] and boot loops [FAULT-8] are in force, as in production."
            : "In this lab the limits on flapping [FAULT-7] and boot loops [FAULT-8] are OFF (removal-limit "
                + "= 0, self-fence-limit = 0)."
    }
}
