import AdminProtocol
import JournalLog
import LinuxPlatform
import PoolModel

/// Where the daemon's events go: the log's queue and the history.
///
/// Ordinary threads only; never waits for the journal.
struct DaemonLog: Sendable {
    /// Lines that wait for the writer.
    let queue: LogQueue
    /// What `events` shows.
    let history: EventHistory
    /// This host's name, for the HOST field.
    let host: String

    /// Records one event.
    func record(_ record: EventRecord) {
        var record = record
        if record.fields["HOST"] == nil { record.fields["HOST"] = host }
        let wall = WallClock.nanosecondsSince1970
        queue.push(LogLine(record, wallNanoseconds: wall))
        history.append(
            EventReport(
                sequence: 0,
                atNanoseconds: BootClock().now().nanoseconds,
                wallMilliseconds: wall / 1_000_000,
                level: record.level.rawValue,
                name: record.kind.rawValue,
                messageID: record.kind.messageID,
                sentence: record.sentence,
                fields: record.fields
            )
        )
    }

    /// Records an event of this kind and level.
    func note(_ kind: EventKind, _ level: EventLevel, _ sentence: String, _ fields: [String: String] = [:]) {
        record(EventRecord(kind, level, sentence, fields: fields))
    }

    /// Logs a warning about weakened protection.
    func weakened(_ warning: WarningReport) {
        note(.weakenedSafety, .warning, warning.message, ["REASON": warning.code])
    }
}
