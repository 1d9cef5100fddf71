import CLinux
public import LinuxPlatform
public import PoolModel

/// VIEW-3's quarantine on a block device or file: no write of this host's former lives can land any more.
///
/// Within a boot: a lock file in the run directory, held by the process for its life. The kernel frees it
/// only after the last thread of the former process has left its last system call, so a write that hangs
/// keeps it taken. After a boot: a stated waiting time since the boot, for the array or the server to have
/// finished what it had taken.
public struct FormerLives: ~Copyable, Sendable {
    private let lockPath: String
    private let lateWriteWait: TimeSpan
    private var lock: Descriptor?
    private var isHeld = false
    private var isSettled = false

    /// What keeps the quarantine, for status.
    public enum Obstacle: Hashable, Sendable, CustomStringConvertible {
        /// The lock file cannot be made.
        case noLockFile(SystemError)
        /// The former process is still there, or another daemon runs.
        case lockTaken(path: String)
        /// The waiting time since boot is not over.
        case waiting(until: MonotonicInstant)

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
            }
        }
    }

    /// The obstacle found last; nil once settled.
    public private(set) var obstacle: Obstacle?

    /// The quarantine with this lock file and waiting time since boot.
    public init(lockPath: String, lateWriteWait: TimeSpan) {
        self.lockPath = lockPath
        self.lateWriteWait = lateWriteWait
    }

    /// Whether no former life's write can land any more; once true it stays true.
    ///
    /// Does not block.
    public mutating func isOver(now: MonotonicInstant) -> Bool {
        if isSettled { return true }
        obstacle = findObstacle(now: now)
        isSettled = obstacle == nil
        return isSettled
    }

    private mutating func findObstacle(now: MonotonicInstant) -> Obstacle? {
        if let error = takeLock() {
            return error.code == 11 ? .lockTaken(path: lockPath) : .noLockFile(error)
        }
        // The boot clock starts at 0 with the boot.
        let end = MonotonicInstant(nanoseconds: 0) + lateWriteWait
        return now < end ? .waiting(until: end) : nil
    }

    private mutating func takeLock() -> SystemError? {
        if isHeld { return nil }
        do throws(SystemError) {
            let file = try Descriptor.open(lockPath, [.read, .write, .create], permissions: 0o600)
            let result = hf_lock(file.number, true)
            guard result == 0 else {
                return SystemError(call: "fcntl(F_OFD_SETLK)", subject: lockPath, code: -result)
            }
            // Kept open, and thereby locked, until the process ends.
            lock = consume file
            isHeld = true
            return nil
        } catch {
            return error
        }
    }
}
