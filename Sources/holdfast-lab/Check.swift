internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Read the guests' disks and the disk services' logs: did any machine ever have two writers?",
        discussion: """
            Asks no daemon and no manager. Also reads the folder of a lab that is down ('down --keep').
            Exit status 0: no; 1: yes, or there was nothing to read.
            """
    )

    @OptionGroup var choice: LabChoice
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let report = Checker.report(directory: choice.folder)
        if json {
            Terminal.say(LabJSON.pretty(report))
        } else {
            for line in CheckText.lines(report) { Terminal.say(line) }
        }
        if !report.isClean { throw ExitCode(1) }
    }
}

/// The checker's verdict in words.
enum CheckText {
    static func lines(_ report: CheckReport) -> [String] {
        guard report.writeCount > 0 else {
            return ["checker: no guest ever wrote, so there is nothing to judge"]
        }
        let machines = Set(report.runs.map(\.machine)).sorted()
        var lines = machines.map { machine in
            let runs = report.runs.filter { $0.machine == machine }
            let way = runs.map { "\($0.host) (\($0.writeCount))" }.joined(separator: " -> ")
            return "checker: \(machine): \(way)"
        }
        lines += report.findings.map { "checker: \($0.kind.rawValue): \($0.sentence)" }
        if report.unreadableLineCount > 0 {
            lines.append(
                "checker: \(report.unreadableLineCount) lines of the write logs cannot be read: no verdict"
            )
        }
        if report.isClean {
            lines.append(
                "checker: \(report.writeCount) writes of \(machines.count) machines: never two writers"
            )
        }
        return lines
    }
}
