internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the hosts, their hardware and what is broken."
    )

    @OptionGroup var choice: LabChoice
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try orExplain { () throws(LabError) in
            let status = try choice.session().status()
            if json { return Terminal.say(LabJSON.pretty(status)) }
            Terminal.say(
                "lab '\(status.id)' (\(status.mode.rawValue), profile \(status.profile)) in "
                    + "\(status.directory)"
            )
            for host in status.hosts { Terminal.say(line(host)) }
            for fault in status.networkFaults { Terminal.say("network: \(fault)") }
            for trouble in status.broken { Terminal.say("LAB BROKEN: \(trouble)") }
        }
    }

    private func line(_ host: LabHostStatus) -> String {
        var words =
            "  \(host.name)  \(host.power)  storage \(host.storage)  boot \(host.bootCount) "
            + "(\(host.boot.prefix(8)))"
        if host.isFrozen { words += "  FROZEN" }
        if let end = host.lastEnd, let at = host.lastEndAt {
            words += "  last end: \(end), \((LabClock.now - at) / LabClock.second) s ago"
        }
        return words
    }
}
