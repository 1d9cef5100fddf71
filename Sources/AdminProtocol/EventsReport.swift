/// A piece of the daemon's event history.
public struct EventsReport: Codable, Sendable, Equatable {
    /// The events, oldest first.
    public var events: [EventReport]
    /// The oldest sequence that is still kept; higher than asked for means that some are gone.
    public var oldestKept: UInt64
    /// What to ask for next.
    public var next: UInt64

    /// The piece with these fields.
    public init(events: [EventReport], oldestKept: UInt64, next: UInt64) {
        self.events = events
        self.oldestKept = oldestKept
        self.next = next
    }
}

/// One thing that happened, as it was logged.
public struct EventReport: Codable, Sendable, Equatable {
    /// Its place in this daemon run's history, from 1.
    public var sequence: UInt64
    /// When, in nanoseconds of CLOCK_BOOTTIME.
    public var atNanoseconds: Int64
    /// When, in milliseconds since 1970 by the host's wall clock.
    public var wallMilliseconds: Int64
    /// `critical`, `error`, `warning`, `notice`, `info`, `debug`.
    public var level: String
    /// A stable word for the kind: `view-adopted`, `self-fence`.
    public var name: String
    /// The stable MESSAGE_ID of the journal, 32 hex digits.
    public var messageID: String
    /// The sentence with the figures.
    public var sentence: String
    /// The journal fields: HOST, EPOCH, LIVESET, REASON, LEASE_MS.
    public var fields: [String: String]

    /// The event with these fields.
    public init(
        sequence: UInt64,
        atNanoseconds: Int64,
        wallMilliseconds: Int64,
        level: String,
        name: String,
        messageID: String,
        sentence: String,
        fields: [String: String]
    ) {
        self.sequence = sequence
        self.atNanoseconds = atNanoseconds
        self.wallMilliseconds = wallMilliseconds
        self.level = level
        self.name = name
        self.messageID = messageID
        self.sentence = sentence
        self.fields = fields
    }
}
