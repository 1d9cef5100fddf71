import ControlPlane

/// The planner's answer as text.
struct PlanText {
    let answer: PoolAnswer
    let failed: [String]
    let explains: Bool
    let ink: Ink

    var text: String {
        ([verdict, tolerance] + assignments + refusals + explanation).joined(separator: "\n")
    }

    private var verdict: String {
        let gone = failed.isEmpty ? "" : " once \(failed.joined(separator: ", ")) failed"
        let words =
            switch answer.failures {
            case 0: "every protected machine has a place\(gone)"
            case 1: "the pool takes 1 more host failure\(gone)"
            default: "the pool takes \(answer.failures) more host failures\(gone)"
            }
        return ink.verdict(answer.planExists, (answer.planExists ? "yes: " : "no, not so: ") + words)
    }

    private var tolerance: String {
        let most =
            answer.holdsNow
            ? "the most failures that the pool takes: \(answer.maxFailures)"
            : "the most failures that the pool takes: 0, and not even now"
        guard let after = answer.maxFailuresAfter else { return most }
        return most + "; after \(failed.joined(separator: ", ")): \(after) more"
    }

    private var assignments: [String] {
        answer.assignments.sorted { $0.key < $1.key }.map { "  start \(ink.strong($0.key)) on \($0.value)" }
    }

    private var refusals: [String] {
        let lost = answer.notRestartable.map { machine in
            ink.bad("  ! ") + "no place for \(machine): \(answer.reasons[machine] ?? "no reason is known")"
        }
        let bound = answer.notAgile.filter { !answer.notRestartable.contains($0) }.map { machine in
            ink.warning("  ~ ") + "\(machine): \(answer.reasons[machine] ?? "it is not agile")"
        }
        return lost + bound
    }

    private var explanation: [String] {
        guard explains || !answer.planExists else { return [] }
        guard let breach = answer.breach else { return ["nothing breaks it: no machine is protected"] }
        guard breach.isProven else {
            return [
                "with \(breach.failures) failures: not proved either way within the bound of the search, so it "
                    + "counts as not possible"
            ]
        }
        var lines = ["what breaks it with \(breach.failures) failures: " + cause(breach)]
        lines += breach.remedies.map { "  what would help: \($0)" }
        return lines
    }

    private func cause(_ breach: PoolAnswer.Explanation) -> String {
        let names = breach.hosts.joined(separator: ", ")
        let hosts =
            switch breach.hosts.count {
            case 0: "nothing has to fail"
            case 1: "\(names) fails"
            default: "\(names) fail"
            }
        guard !breach.machines.isEmpty else {
            return "\(hosts), one after the other, the next one chosen by where the machines were put"
        }
        let machines = breach.machines.joined(separator: ", ")
        let missing =
            breach.missingBytes > 0
            ? "\(MemoryText.of(breach.missingBytes)) are missing in total"
            : "there is enough memory in total, but in pieces that are too small"
        return "\(hosts), then no place for \(machines): \(missing)"
    }
}
