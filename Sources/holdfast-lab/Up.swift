internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Build a pool and leave it running.",
        discussion: "Example: sudo holdfast-lab up --hosts 3 --mode netns --profile fast"
    )

    @OptionGroup var options: LabOptions

    func run() throws {
        try orExplain { () throws(LabError) in
            let session = try LabSession.up(options.plan(), isLeashed: false)
            let plan = session.plan
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
