/// What a line of the restart ledger tells of.
public enum LedgerKind: String, Codable, Sendable {
    /// A host was ordered to start the machine.
    case ordered
    /// Its host reported it running: only now a restart is done.
    case running
    /// The host that ran it, or was to start it, is certified dead.
    case hostLost = "host-lost"
    /// It ended by itself.
    case ended
    /// Its start failed.
    case failed
    /// An order of an earlier epoch lapsed.
    case lapsed
    /// It was stopped on request.
    case stopped
    /// A host runs it although the record did not know.
    case found
    /// It is not protected and stays off after the loss of its host.
    case leftOff = "left-off"
    /// An operator registered, changed, started, stopped or removed it.
    case request
}

/// One line of the restart ledger.
public struct LedgerEntry: Codable, Hashable, Sendable {
    /// Counts the lines ever written, so that a reader sees gaps.
    public var number: UInt64
    /// When, in seconds since 1970.
    public var wallSeconds: Int64
    /// The machine.
    public var machine: String
    /// What happened.
    public var kind: LedgerKind
    /// The host that it is about.
    public var host: Int?
    /// The order that it is about.
    public var intent: IntentID?
    /// The certificates behind it.
    public var proofs: [DeathProof]
    /// In words.
    public var text: String
}

/// The restart ledger: the newest lines of what was decided and why, carried from master to master.
public struct Ledger: Codable, Hashable, Sendable {
    /// The most lines kept; the oldest go first.
    public static let limit = 64
    /// The lines, oldest first.
    public private(set) var entries: [LedgerEntry] = []
    /// How many lines were ever written.
    public private(set) var count: UInt64 = 0

    /// An empty ledger.
    public init() {}

    /// Adds a line.
    mutating func add(
        _ kind: LedgerKind,
        machine: String,
        host: Int?,
        intent: IntentID? = nil,
        proofs: [DeathProof] = [],
        text: String,
        wallSeconds: Int64
    ) {
        count += 1
        entries.append(
            LedgerEntry(
                number: count,
                wallSeconds: wallSeconds,
                machine: machine,
                kind: kind,
                host: host,
                intent: intent,
                proofs: proofs,
                text: text
            )
        )
        shorten(to: Ledger.limit)
    }

    /// Drops the oldest lines until at most `limit` are left.
    mutating func shorten(to limit: Int) {
        if entries.count > limit { entries.removeFirst(entries.count - limit) }
    }
}
