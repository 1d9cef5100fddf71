import AdminProtocol
import ControlPlane

/// The story of one host, from what the daemon here knows and noticed, and what its manager knows of its
/// machines.
struct WhyHost {
    let report: StatusReport
    let host: HostReport

    /// The story for programs.
    struct Story: Encodable {
        let host: HostReport
        let joinObstacle: JoinObstacleReport?
        let shortcomings: [String]
        let events: [EventReport]
        let machines: HostWhyReport?
        let managerTrouble: String?
    }

    /// Asks for the events and prints the story.
    func show(_ connection: Connection, _ output: Output) throws(CommandFailure) {
        let all = try connection.ask(.daemon, EventsCommand(since: 0)).events
        let events = Array(all.filter(isAboutHost).suffix(20))
        var machines: HostWhyReport?
        var trouble: String?
        do throws(CommandFailure) {
            machines = try connection.ask(.manager, HostWhyCommand(host: host.name))
        } catch {
            // The daemon's part of the story is worth telling without the manager's.
            trouble = error.message
        }
        let story = Story(
            host: host,
            joinObstacle: host.isOwn ? report.joinObstacle : nil,
            shortcomings: host.isOwn ? Protection(of: report).shortcomings : [],
            events: events,
            machines: machines,
            managerTrouble: trouble
        )
        try output.show(story) { ink in text(story, ink) }
    }

    /// Of the own host all that is not about a peer; of another one what is about it or names it.
    private func isAboutHost(_ event: EventReport) -> Bool {
        if let peer = event.fields["PEER"] { return peer == host.name }
        if host.isOwn { return true }
        let words = event.sentence.split { !($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        return (EventLevel(rawValue: event.level) ?? .critical) >= .notice
            && words.contains { $0 == host.name }
    }

    /// The story as text.
    func text(_ story: Story, _ ink: Ink) -> String {
        let events = story.events
        var lines = [ink.strong(standing)] + certificate + present + history
        if host.isOwn {
            lines += Protection(of: report).shortcomings.map { "  now: " + ink.bad($0) }
        }
        lines += machines(story, ink)
        if !events.isEmpty {
            lines.append("")
            lines.append(ink.faint("What the daemon of \(report.host) noticed, oldest first:"))
            lines += events.map { "  " + EventText.line($0, ink) }
        }
        return lines.joined(separator: "\n")
    }

    private func machines(_ story: Story, _ ink: Ink) -> [String] {
        guard let found = story.machines else {
            guard let line = story.managerTrouble?.split(separator: "\n").first else { return [] }
            return ["", ink.warning("Its machines are not known: ") + line]
        }
        var lines = found.sentences.map { "  " + $0 }
        lines += found.machines.map {
            "  machine \($0.name): \($0.state)" + ($0.note.isEmpty ? "" : ", \($0.note)")
        }
        if !found.ledger.isEmpty {
            lines += ["", ink.faint("The ledger, oldest first:")]
            let names = report.hosts.map(\.name)
            lines += found.ledger.flatMap { LedgerText.lines($0, hosts: names, ink) }.map { "  " + $0 }
        }
        return lines
    }

    private var standing: String {
        switch host.standing {
        case .member:
            let role = host.name == report.master ? ", as master" : ""
            return "\(host.name) is in the liveset of view \(report.epoch)\(role)."
        case .absent where host.incarnation.number == 0:
            return "\(host.name) has never been in the liveset."
        case .absent, .removed:
            let view = host.removedIn.map { "view \($0)" } ?? "an earlier view"
            let reason = host.removedFor.map(WhyHost.sentence) ?? "for a reason that is not on record"
            return "\(host.name) was left out by \(view) \(reason)."
        }
    }

    private static func sentence(_ reason: RemovalWord) -> String {
        switch reason {
        case .silent: "because nobody heard it, its slot stood still and nobody vouched for it [FAULT-1]"
        case .partitioned: "because it was on the wrong side of a network partition [FAULT-2]"
        case .storageLost: "because it was without its storage for longer than storage-loss-limit [FAULT-4]"
        case .askedOut: "because an operator asked for it [FAULT-6]"
        case .left: "because it left cleanly [LEAVE-1]"
        case .knownDead: "because it was known to be dead [FAULT-9]"
        case .formedWithout: "because the pool formed anew without it after a full outage [JOIN-4]"
        }
    }

    private var certificate: [String] {
        guard let certificate = host.certificate else {
            guard host.standing == .removed, host.isInLiveset else { return [] }
            return [
                "  It is not certified dead yet: its machines are not restarted before it is, at the latest"
                    + " \(TimeText.span(report.timing.largestCertainlyDeadMilliseconds)) after its last sign of life."
            ]
        }
        var text =
            "  Incarnation \(certificate.number) is certified dead: " + CertificateText.sentence(certificate)
        let age = report.takenAtNanoseconds - certificate.issuedAtNanoseconds
        text += " Certified \(TimeText.span(nanoseconds: age)) ago by \(report.host)."
        return [text]
    }

    private var present: [String] {
        var lines: [String] = []
        if !host.isOwn {
            let heard = host.isHeard ? "is heard" : "is not heard"
            lines.append(
                "  \(report.host): it \(heard) (last heartbeat \(ago(host.heartbeatAgeMilliseconds))), its slot changed"
                    + " \(ago(host.slotAgeMilliseconds)) and was last read as \(host.slotVerdict.rawValue)."
            )
        }
        if host.phase != .empty {
            lines.append("  It says of itself: \(host.phase.rawValue), \(saying.joined(separator: ", ")).")
        }
        if host.isOwn, let obstacle = report.joinObstacle { lines.append("  It waits: \(obstacle.sentence)") }
        return lines
    }

    private func ago(_ milliseconds: Int?) -> String {
        milliseconds == nil ? "never" : TimeText.span(milliseconds) + " ago"
    }

    private var saying: [String] {
        [
            host.isStorageLive ? "storage live" : "storage lost",
            host.netOK ? "links well" : "a link or witness lost",
            host.hears.isEmpty ? "hears nobody" : "hears " + host.hears.joined(separator: " "),
            host.hasGuests ? "guests run there" : "no guest runs there",
        ]
    }

    private var history: [String] {
        var lines: [String] = []
        if let fence = host.lastFence {
            lines.append("  Its last self-fence: \(WhyHost.sentence(fence)).")
        }
        if host.recentRemovals > 0 {
            lines.append("  Removals within the last hour: \(host.recentRemovals).")
        }
        if host.selfFences > 0 { lines.append("  Self-fences in a row: \(host.selfFences).") }
        if !host.lastWords.isEmpty { lines.append("  Its last words: \"\(host.lastWords)\"") }
        return lines
    }

    private static func sentence(_ fence: SelfFenceWord) -> String {
        switch fence {
        case .leaseExpired: "it had no lease left, neither by storage nor by vouches"
        case .removedFromView: "it read a view that leaves it out [VIEW-5]"
        case .stalledFeed: "its fence loop stood still for too long between check and feed [TIME-1]"
        case .watchdogUnavailable: "its watchdog could not be opened or fed"
        case .operatorRequest: "an operator asked for it"
        case .crashLoop: "its daemon crashed too often in a row"
        }
    }
}
