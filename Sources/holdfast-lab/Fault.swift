internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Fault: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pull, cut, freeze, kill, and put right again.",
        discussion: """
            Hosts are lab1, lab2, ... or 'all'. 'heal' mends everything but the rates of clocks.
            """,
        subcommands: [
            PowerOff.self, PowerOn.self, Reset.self, CutStorage.self, SlowStorage.self, RestoreStorage.self,
            CutNetwork.self,
            RestoreNetwork.self, Loss.self, OneWay.self, Freeze.self, Thaw.self, KillDaemon.self,
            KillManager.self, ClockRate.self, Heal.self,
        ]
    )
}

/// The host or hosts of a fault.
struct HostChoice: ParsableArguments {
    @OptionGroup var choice: LabChoice
    @Argument(help: "lab1, lab2, ... or all.") var host: String
    @Flag(help: "Print the answer as JSON.") var json = false

    func apply(_ fault: ([Int]) -> LabFault) throws {
        try orExplain { () throws(LabError) in
            let session = try choice.session()
            try Answer.tell(
                session.ask(.fault(fault(HostChoice.indices(host, in: session.plan)))),
                json: json
            )
        }
    }

    static func indices(_ word: String, in plan: LabPlan) throws(LabError) -> [Int] {
        if word == "all" { return Array(1...plan.hostCount) }
        guard let index = plan.hostNames.firstIndex(of: word) else {
            throw LabError(
                "there is no host '\(word)': this lab has \(plan.hostNames.joined(separator: ", ")), or all"
            )
        }
        return [index + 1]
    }
}

enum Answer {
    static func tell(_ reply: LabReply, json: Bool) {
        Terminal.say(json ? LabJSON.pretty(reply) : reply.message)
    }
}

struct PowerOff: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Pull the plug; the host stays off.")
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .powerOff(hosts: $0) } }
}

struct PowerOn: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Put the plug in; the host boots.")
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .powerOn(hosts: $0) } }
}

struct Reset: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Press the reset button; the host boots anew.")
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .reset(hosts: $0) } }
}

struct CutStorage: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pull the storage cable: requests hang, and land when it is plugged in again.",
        discussion: "Example: holdfast-lab fault cut-storage lab1 --error; for all hosts: cut-storage all"
    )
    @OptionGroup var host: HostChoice
    @Flag(help: "Requests fail with EIO instead.") var error = false
    func run() throws { try host.apply { .cutStorage(hosts: $0, failing: error) } }
}

struct SlowStorage: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Delay every storage request.")
    @OptionGroup var host: HostChoice
    @Option(help: "Milliseconds that each takes longer.") var delay = 200
    @Option(help: "Up to so many more by chance, so that requests overtake each other.") var jitter = 0
    func run() throws {
        try host.apply { .slowStorage(hosts: $0, milliseconds: delay, jitterMilliseconds: jitter) }
    }
}

struct RestoreStorage: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Plug the storage cable in: what hung lands.")
    @OptionGroup var host: HostChoice
    @Flag(help: "What hung lands in random order.") var shuffled = false
    func run() throws { try host.apply { .restoreStorage(hosts: $0, shuffled: shuffled) } }
}

struct CutNetwork: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pull a network cable: the host sees no carrier.",
        discussion:
            "Example: holdfast-lab fault cut-network lab1 --link mgmt; the whole switch: cut-network all"
    )
    @OptionGroup var host: HostChoice
    @Option(help: "mgmt or stor.") var link: LabLink = .mgmt
    @Flag(help: "The link stays up, but nothing passes.") var silent = false
    func run() throws {
        try host.apply {
            silent ? .silenceNetwork(hosts: $0, link: link) : .cutNetwork(hosts: $0, link: link)
        }
    }
}

struct RestoreNetwork: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mend every network fault of a host.")
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .restoreNetwork(hosts: $0) } }
}

struct Loss: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lose frames by chance, each way.")
    @OptionGroup var host: HostChoice
    @Option(help: "Percent, 1 to 100.") var percent = 20
    @Option(help: "mgmt or stor.") var link: LabLink = .mgmt
    func validate() throws {
        guard (1...100).contains(percent) else { throw ValidationError("--percent \(percent): 1 to 100") }
    }
    func run() throws { try host.apply { .loseFrames(hosts: $0, link: link, percent: percent) } }
}

struct OneWay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let nothing pass from one host to another; the way back stays.",
        discussion: "Example: holdfast-lab fault one-way lab1 lab2; mended by restore-network of either"
    )
    @OptionGroup var choice: LabChoice
    @Argument(help: "The sender.") var from: String
    @Argument(help: "The receiver.") var to: String
    @Flag(help: "Print the answer as JSON.") var json = false
    func run() throws {
        try orExplain { () throws(LabError) in
            let session = try choice.session()
            for sender in try HostChoice.indices(from, in: session.plan) {
                for receiver in try HostChoice.indices(to, in: session.plan) where receiver != sender {
                    try Answer.tell(session.ask(.fault(.cutOneWay(from: sender, to: receiver))), json: json)
                }
            }
        }
    }
}

struct Freeze: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let every process of a host stand still; its watchdog counts on."
    )
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .freeze(hosts: $0) } }
}

struct Thaw: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a frozen host go on.")
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .thaw(hosts: $0) } }
}

struct KillDaemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kill holdfastd; it is started anew 200 ms later."
    )
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .kill(hosts: $0, program: "holdfastd") } }
}

struct KillManager: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kill holdfast-manager; it is started anew 200 ms later."
    )
    @OptionGroup var host: HostChoice
    func run() throws { try host.apply { .kill(hosts: $0, program: "holdfast-manager") } }
}

struct ClockRate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a host's boot clock run too fast or too slow; it does not jump.",
        discussion: """
            The daemon and the manager of the host see it from their next look at the clock on. Hardware, \
            guests' disks and the checker keep the machine's clock. The protocol assumes at most 500 ppm.

            Example: holdfast-lab fault clock-rate lab1 --ppm=-400; true again: --ppm 0
            """
    )
    @OptionGroup var host: HostChoice
    @Option(help: "Parts per million, -500 to 500; more than 0 is too fast.") var ppm: Int
    func validate() throws {
        let most = HostClock.mostPartsPerMillion
        guard (-most...most).contains(ppm) else { throw ValidationError("--ppm \(ppm): -\(most) to \(most)") }
    }
    func run() throws { try host.apply { .driftClock(hosts: $0, partsPerMillion: ppm) } }
}

struct Heal: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mend everything and switch every host on.")
    @OptionGroup var choice: LabChoice
    @Flag(help: "Print the answer as JSON.") var json = false
    func run() throws {
        try orExplain { () throws(LabError) in
            try Answer.tell(choice.session().ask(.fault(.heal)), json: json)
        }
    }
}
