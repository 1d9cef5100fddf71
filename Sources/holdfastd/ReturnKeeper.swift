import JournalLog
import LinuxPlatform
import LivesetEngine
import PoolModel
import Synchronization

/// Keeps the return record in its file; ordinary threads only, each change is synced before it counts.
final class ReturnKeeper: Sendable {
    private let file: OwnFile
    private let policy: ReturnPolicy
    private let log: DaemonLog
    private let record: Mutex<ReturnRecord>

    /// Reads the record in `directory`; one that cannot be read counts as empty, with a warning in the log.
    init(directory: String, policy: ReturnPolicy, log: DaemonLog) {
        file = OwnFile(directory: directory, name: "returns", kind: ReturnRecord.kind)
        self.policy = policy
        self.log = log
        record = Mutex(ReturnKeeper.read(file, log))
    }

    private static func read(_ file: OwnFile, _ log: DaemonLog) -> ReturnRecord {
        do throws(OwnFileError) {
            guard let pairs = try file.read() else { return ReturnRecord() }
            if let record = ReturnRecord(pairs: pairs) { return record }
            log.note(
                .configuration,
                .warning,
                "\(file.path) has no meaning: this host counts its removals and self-fences from zero"
            )
        } catch {
            log.note(
                .configuration,
                .warning,
                "\(error); this host counts its removals and self-fences from zero"
            )
        }
        return ReturnRecord()
    }

    /// What this host may do now; notes the beginning and the end of a hold-out in the file.
    func decide() -> ReturnDecision { change { policy.decide(&$0, wallSeconds: WallClock.secondsSince1970) } }

    /// This life fences itself.
    func noteSelfFence(_ number: IncarnationNumber) {
        change { $0.noteSelfFence(number, at: WallClock.secondsSince1970) }
    }

    /// A former life ended without a tombstone.
    func noteUncleanEnd(_ number: IncarnationNumber) {
        change { $0.noteUncleanEnd(number, at: WallClock.secondsSince1970) }
    }

    /// This host was a member for an hour.
    func noteStableHour() { change { $0.noteStableHour() } }

    /// The operator found the cause.
    func clear() { change { $0.clear() } }

    private func change<Result: Sendable>(_ body: (inout ReturnRecord) -> Result) -> Result {
        record.withLock { record in
            let before = record
            let result = body(&record)
            guard record != before else { return result }
            do throws(OwnFileError) {
                try file.write(record.pairs)
            } catch {
                log.note(
                    .configuration,
                    .error,
                    "\(error); the counters of removals and self-fences may start anew"
                )
            }
            return result
        }
    }
}
