internal import AdminProtocol
internal import ControlPlane
internal import LabWorld

/// One line of a timeline.
struct TimelineEntry {
    enum Kind: String {
        case fault, notice, decision, fence, certificate, master, restart, running, alive, back, lab, other

        /// Twelve letters wide, for the column.
        var column: String { rawValue + String(repeating: " ", count: max(0, 12 - rawValue.count)) }
    }

    /// CLOCK_BOOTTIME.
    var at: Int64
    var host: String
    var kind: Kind
    var text: String
    /// Entries with the same topic are told once in a scenario: several hosts see the same thing.
    var topic: String
    /// The machine or host that it is about.
    var machine: String?

    init(at: Int64, host: String, kind: Kind, text: String, topic: String? = nil, machine: String? = nil) {
        self.at = at
        self.host = host
        self.kind = kind
        self.text = text
        self.topic = topic ?? "\(kind.rawValue) \(host) \(text)"
        self.machine = machine
    }

    /// What a daemon told.
    init(_ event: EventReport, host: String) {
        let peer = event.fields["PEER"] ?? ""
        let reason = event.fields["REASON"] ?? ""
        let epoch = event.fields["EPOCH"] ?? ""
        let (kind, text, topic) = TimelineEntry.words(
            event,
            peer: peer,
            reason: reason,
            epoch: epoch,
            host: host
        )
        self.init(at: event.atNanoseconds, host: host, kind: kind, text: text, topic: topic, machine: peer)
    }

    private static func words(
        _ event: EventReport,
        peer: String,
        reason: String,
        epoch: String,
        host: String
    ) -> (Kind, String, String?) {
        let isOff = event.sentence.contains("netOK false")
        return switch event.name {
        case "peer-unheard": (.notice, "hears nothing of \(peer) any more", "unheard \(peer)")
        case "peer-slot-stale": (.notice, "sees \(peer)'s slot on the statefile stand still", "stale \(peer)")
        case "peer-heard": (.back, "hears \(peer) again", "heard \(peer)")
        case "storage-lost": (.notice, "has lost the statefile", nil)
        case "storage-back": (.back, "has the statefile again", nil)
        case "net-ok-changed":
            (
                isOff ? .notice : .back,
                isOff ? "its network link is down" : "its links are well again (netOK)", nil
            )
        case "proposing":
            (
                .decision, proposal(event, peer: peer, reason: reason, epoch: epoch),
                "proposing \(epoch) \(peer)"
            )
        case "view-adopted": (.decision, event.sentence, "view \(epoch)")
        // Told by the console, which has it also when nobody could ask any more.
        case "self-fence": (.other, event.sentence, nil)
        case "certified": (.certificate, event.sentence, "certified \(peer) \(epoch)")
        case "mastership-changed": (.master, event.sentence.replacing("this host ", with: ""), nil)
        case "living-on-vouches": (.alive, "lives on without storage: its peers vouch for it [LEASE-M]", nil)
        case "living-on-all-lost":
            (.alive, "lives on although all storage is gone: all hear each other [LEASE-A]", nil)
        case "hold-changed": (.decision, first(event.sentence), "hold \(first(event.sentence))")
        case "waiting-to-join": (.back, event.sentence, "waiting \(host) \(reason)")
        case "phase-changed": (.back, first(event.sentence).replacing("this host is", with: "is"), nil)
        default: (.other, event.sentence, nil)
        }
    }

    private static func proposal(_ event: EventReport, peer: String, reason: String, epoch: String) -> String
    {
        if peer.isEmpty { return "proposes view \(epoch)" }
        if reason.isEmpty { return "proposes view \(epoch), with \(peer)" }
        // What stands between the first colon and the end is the reason with its figures.
        let why =
            event.sentence.split(separator: ": ", maxSplits: 1).dropFirst().first.map(String.init) ?? reason
        return "proposes view \(epoch) without \(peer): \(why)"
    }

    static func first(_ sentence: String) -> String {
        sentence.split(separator: ";").first.map(String.init) ?? sentence
    }

    /// What a line of the restart ledger tells.
    init(_ entry: LedgerEntry, host: String, at: Int64) {
        let proof = entry.proofs.first.map { " [\($0.clause.rawValue)]" } ?? ""
        switch entry.kind {
        case .ordered:
            self.init(
                at: at,
                host: host,
                kind: .restart,
                text: "\(entry.machine) is ordered to start here\(proof)",
                machine: entry.machine
            )
        case .running:
            self.init(
                at: at,
                host: host,
                kind: .other,
                text: "\(entry.machine) is reported running",
                machine: entry.machine
            )
        case .failed, .lapsed, .leftOff, .ended, .stopped, .found, .hostLost, .request:
            self.init(
                at: at,
                host: host,
                kind: .other,
                text: "\(entry.machine) \(entry.kind.rawValue): \(entry.text)",
                machine: entry.machine
            )
        }
    }

    /// What was done to a host, or its hardware did.
    init(_ incident: LabIncident) {
        let kind: Kind =
            switch incident.kind {
            case "fault": .fault
            case "reset", "off": .fence
            case "boot": .back
            case "lab": .lab
            default: .other
            }
        self.init(at: incident.at, host: incident.host, kind: kind, text: incident.sentence)
    }
}
