import JournalLog
import LinuxPlatform
import Synchronization

/// Keeps the record of the daemon's runs in the run directory, which a boot empties; ordinary threads only.
///
/// A record that cannot be written counts nothing: that is told, and keeps nobody from starting.
final class RunKeeper: Sendable {
    private let file: OwnFile
    private let log: DaemonLog
    private let limit: Int
    private let record: Mutex<RunRecord>

    /// Notes the beginning of a run in `boot`, and tells crashes of those before.
    init(directory: String, boot: String, limit: Int, log: DaemonLog) {
        file = OwnFile(directory: directory, name: "runs", kind: RunRecord.kind)
        self.log = log
        self.limit = limit
        let former = (try? file.read()).flatMap { $0 }.flatMap { RunRecord(pairs: $0) }
        let present = RunRecord(startingIn: boot, after: former)
        record = Mutex(present)
        write(present)
        tell(present.crashesInRow)
    }

    /// Whether this host has to be fenced because its daemon crashed too often in a row.
    var isCrashLoop: Bool { record.withLock { $0.isCrashLoop(limit: limit) } }

    /// This host was a member for a minute.
    func noteStableMinute() { change { $0.noteStableMinute() } }

    /// The run ends as it should.
    func noteEnd() { change { $0.noteEnd() } }

    private func change(_ body: (inout RunRecord) -> Void) {
        let changed = record.withLock { record -> RunRecord? in
            let before = record
            body(&record)
            return record == before ? nil : record
        }
        if let changed { write(changed) }
    }

    private func write(_ record: RunRecord) {
        do throws(OwnFileError) {
            try file.write(record.pairs)
        } catch {
            log.note(.configuration, .warning, "\(error); crashes of the daemon are not counted")
        }
    }

    private func tell(_ crashes: Int) {
        guard crashes > 0 else { return }
        let consequence =
            limit > 0
            ? "; with \(limit) in a row, and no minute of membership between, this host fences itself" : ""
        log.note(
            .daemonCrashed,
            crashes > 1 ? .error : .warning,
            "the daemon before this one ended without saying why, \(crashes) in a row in this boot\(consequence);"
                + " look at 'journalctl -u holdfastd' and 'coredumpctl list holdfastd'",
            ["CRASHES": "\(crashes)"]
        )
    }
}
