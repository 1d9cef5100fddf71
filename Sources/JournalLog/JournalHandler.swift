public import Logging

/// swift-log's way into the queue: for code that logs through a `Logger`.
public struct JournalHandler: LogHandler {
    /// What is attached to every line.
    public var metadata: Logger.Metadata = [:]
    /// Lines below it are not queued.
    public var logLevel: Logger.Level = .info
    private let label: String
    private let queue: LogQueue
    private let wallClock: @Sendable () -> Int64

    /// A handler for the logger `label`; `wallClock` gives nanoseconds since 1970.
    public init(label: String, queue: LogQueue, wallClock: @escaping @Sendable () -> Int64) {
        self.label = label
        self.queue = queue
        self.wallClock = wallClock
    }

    /// One piece of metadata.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Queues one line; never waits.
    public func log(event: LogEvent) {
        var fields = [
            "LOGGER": label, "CODE_FILE": event.file, "CODE_LINE": "\(event.line)",
            "CODE_FUNC": event.function,
        ]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { _, new in new }) {
            fields[JournalHandler.fieldName(key)] = "\(value)"
        }
        if let error = event.error { fields["ERROR"] = "\(error)" }
        queue.push(
            LogLine(
                priority: JournalHandler.priority(event.level),
                level: event.level.rawValue,
                message: "\(event.message)",
                fields: fields,
                wallNanoseconds: wallClock()
            )
        )
    }

    /// `boot-id` becomes BOOT_ID.
    static func fieldName(_ key: String) -> String {
        String(key.uppercased().map { $0 == "-" || $0 == "." || $0 == " " ? "_" : $0 })
    }

    static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

extension LogLine {
    /// The line of an event, with its MESSAGE_ID.
    public init(_ record: EventRecord, wallNanoseconds: Int64) {
        self.init(
            priority: record.level.priority,
            level: record.level.rawValue,
            message: record.sentence,
            fields: record.fields.merging([
                "MESSAGE_ID": record.kind.messageID, "EVENT": record.kind.rawValue,
            ]) { _, id in id },
            wallNanoseconds: wallNanoseconds
        )
    }
}
