import FoundationEssentials
import Glibc
import HypervisorAPI
import LinuxPlatform
import PoolModel

/// One guest of the process driver: its leading process and everything that it started.
final class RunningProcess {
    let record: RuntimeRecord
    /// The cgroup that holds the guest's processes, and none else; nil where none is configured.
    let cgroup: GuestCgroup?
    /// The process as a child of this run of the manager; nil for one that was adopted.
    private var child: ChildHolder?
    private(set) var wasStopped = false
    private var killAt: MonotonicInstant?
    private var endText: String?
    private var clearings = 0

    /// Keeps a process that cannot be copied in a place that can be emptied.
    final class ChildHolder {
        let process: ChildProcess
        init(_ process: consuming ChildProcess) { self.process = process }
    }

    /// Without a cgroup nothing tells when the last process of a group is gone; so often it is looked for.
    private static let clearingLimit = 50

    init(_ record: RuntimeRecord, cgroup: GuestCgroup?, child: ChildHolder?) {
        self.record = record
        self.cgroup = cgroup
        self.child = child
    }

    var state: Guest.State { wasStopped || endText != nil ? .stopping : .running }

    /// Asks it to stop; at `deadline` it is stopped.
    func stop(deadline: MonotonicInstant) {
        guard !wasStopped else { return }
        wasStopped = true
        killAt = deadline
        signalGroup(SIGTERM)
    }

    /// Stops it at once.
    func kill() {
        wasStopped = true
        killAt = nil
        killAll()
    }

    /// How it ended, once nothing of it is left; to be called again and again.
    func ending(now: MonotonicInstant) -> String? {
        if let killAt, now >= killAt {
            self.killAt = nil
            killAll()
        }
        if endText == nil { endText = leaderEnding() }
        guard let endText else { return nil }
        return isCleared() ? endText : nil
    }

    private func leaderEnding() -> String? {
        guard let child else {
            return record.identity.isRunning
                ? nil : "ended; with which status is not known, a former manager started it"
        }
        switch child.process.ending(deadline: .distantPast) {
        case nil:
            // Somebody else may have reaped it.
            return record.identity.isRunning || ProcessIdentity.state(of: record.identity.pid) != nil
                ? nil : "ended; its status was lost"
        case .exited(let status): return "ended with exit status \(status)"
        case .signalled(let signal): return "was ended by signal \(signal)"
        }
    }

    /// Clears away what the leading process left behind: a machine that is started elsewhere must be gone
    /// here.
    private func isCleared() -> Bool {
        if let cgroup {
            guard (try? cgroup.isPopulated()) == true else { return true }
            try? cgroup.kill()
            return false
        }
        clearings += 1
        return Glibc.kill(-record.identity.pid, SIGKILL) != 0 || clearings > RunningProcess.clearingLimit
    }

    private func killAll() {
        if let cgroup { try? cgroup.kill() }
        signalGroup(SIGKILL)
    }

    /// Signals the session's process group, whose number is the leader's, unless that number is another's by
    /// now.
    private func signalGroup(_ signal: Int32) {
        guard record.identity.isRunning else { return }
        _ = Glibc.kill(-record.identity.pid, signal)
    }
}
