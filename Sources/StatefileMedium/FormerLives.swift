public import LinuxPlatform
public import PoolModel

/// VIEW-3's quarantine: no write of this host's former lives can land any more.
///
/// Within a boot: a lock file in the run directory, held by the process for its life. The kernel frees it
/// only after the last thread of the former process has left its last system call, so a write that hangs
/// keeps it taken. Then, as the transport wants it: after a boot a stated waiting time, for the array or the
/// server to have finished what it had taken; or until the device has ended every former session.
public struct FormerLives: ~Copyable, Sendable {
    private let lockPath: String
    private let bound: FormerWritesBound
    private var lock: Descriptor?
    private var lockedAt: MonotonicInstant?
    private var isSettled = false

    /// What keeps the quarantine, for status.
    public enum Obstacle: Hashable, Sendable, CustomStringConvertible {
        /// The lock file cannot be made.
        case noLockFile(SystemError)
        /// The former process is still there, or another daemon runs.
        case lockTaken(path: String)
        /// The waiting time since boot is not over.
        case waiting(until: MonotonicInstant)
        /// A way over which a former life may have written was not taken over by this one yet.
        case way(String, until: MonotonicInstant?)

        /// The sentence for status.
        public var description: String {
            switch self {
            case .noLockFile(let error):
                "\(error): the lock that tells this daemon from a former one cannot be made; the host does not join"
            case .lockTaken(let path):
                "\(path) is locked: the former daemon process still hangs in an I/O, or another daemon runs; "
                    + "the host joins when it is gone"
            case .waiting(let until):
                "writes from before the last boot may still land until \(until) of this boot's clock "
                    + "(statefile.late-write-wait)"
            case .way(let way, let until):
                "writes of this host's former lives may still land by way of \(way), which was not reached since this "
                    + "daemon started; the host joins when it is reached"
                    + (until.map { ", or at \($0) of this boot's clock (statefile.late-write-wait)" }
                        ?? "; where that way is gone for good, set statefile.late-write-wait to the longest time for "
                        + "which the storage may hold a write back")
            }
        }
    }

    /// The obstacle found last; nil once settled.
    public private(set) var obstacle: Obstacle?

    /// The quarantine with this lock file and bound.
    public init(lockPath: String, bound: FormerWritesBound) {
        self.lockPath = lockPath
        self.bound = bound
    }

    /// The quarantine with this lock file and waiting time since boot.
    public init(lockPath: String, lateWriteWait: TimeSpan) {
        self.init(lockPath: lockPath, bound: .sinceBoot(lateWriteWait))
    }

    /// Whether no former process of this host is there any more; once true it stays true.
    ///
    /// Does not block.
    public mutating func isAlone(now: MonotonicInstant) -> Bool {
        guard lockedAt == nil else { return true }
        if let error = takeLock() {
            obstacle = error.code == 11 ? .lockTaken(path: lockPath) : .noLockFile(error)
            return false
        }
        lockedAt = now
        return true
    }

    /// Whether no former life's write can land any more; once true it stays true.
    ///
    /// `openWay` is the device's `wayOfFormerWrites`. Does not block.
    public mutating func isOver(now: MonotonicInstant, openWay: String? = nil) -> Bool {
        if isSettled { return true }
        guard isAlone(now: now) else { return false }
        obstacle = findObstacle(now: now, openWay)
        isSettled = obstacle == nil
        return isSettled
    }

    private func findObstacle(now: MonotonicInstant, _ openWay: String?) -> Obstacle? {
        switch bound {
        case .sinceBoot(let wait):
            // The boot clock starts at 0 with the boot.
            let end = MonotonicInstant(nanoseconds: 0) + wait
            return now < end ? .waiting(until: end) : nil
        case .untilTakenOver(let wait):
            guard let openWay, let lockedAt else { return nil }
            guard let wait else { return .way(openWay, until: nil) }
            // Counted from when the last former process was surely gone.
            return now < lockedAt + wait ? .way(openWay, until: lockedAt + wait) : nil
        }
    }

    private mutating func takeLock() -> SystemError? {
        do throws(SystemError) {
            let file = try Descriptor.open(lockPath, [.read, .write, .create], permissions: 0o600)
            try file.lock(path: lockPath)
            // Kept open, and thereby locked, until the process ends.
            lock = consume file
            return nil
        } catch {
            return error
        }
    }
}

/// What bounds the writes of a host's former lives on a transport, once their processes are gone.
public enum FormerWritesBound: Sendable, Equatable {
    /// File and block device: a stated time since the boot.
    case sinceBoot(TimeSpan)
    /// iSCSI and NFS: until the device has ended every former session (`wayOfFormerWrites` is nil); or for
    /// the ways that cannot be reached a stated time since the former process was gone.
    case untilTakenOver(orAfter: TimeSpan?)
}
