/// How bad an event is (docs/OPERATING.md says what to do at each).
public enum EventLevel: String, Sendable, CaseIterable {
    /// This host is about to stop or is unguarded.
    case critical
    /// Protection is reduced.
    case error
    /// Protection may soon be reduced.
    case warning
    /// Liveset, master or arming changed.
    case notice
    /// Start, stop, configuration.
    case info
    /// Off in production.
    case debug

    /// The journal's PRIORITY, as syslog(3) counts.
    public var priority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug: 7
        }
    }
}

/// One thing that happened, ready to be logged: kind, level, a sentence with its figures, and structured
/// fields.
public struct EventRecord: Equatable, Sendable {
    /// What kind.
    public var kind: EventKind
    /// How bad.
    public var level: EventLevel
    /// One line for people, with the numbers behind it; no secrets.
    public var sentence: String
    /// HOST, PEER, EPOCH, LIVESET, REASON, LEASE_MS, in upper case as the journal wants them.
    public var fields: [String: String]

    /// The record with these fields.
    public init(_ kind: EventKind, _ level: EventLevel, _ sentence: String, fields: [String: String] = [:]) {
        self.kind = kind
        self.level = level
        self.sentence = sentence
        self.fields = fields
    }
}
