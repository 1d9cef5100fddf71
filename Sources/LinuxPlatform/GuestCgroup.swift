import CLinux
public import PoolModel

/// A cgroup v2 that holds every guest of this host, whose `cgroup.kill` stops them all, provably.
public struct GuestCgroup: Sendable {
    /// The cgroup's directory: `/sys/fs/cgroup/holdfast-guests`.
    public let path: String

    /// How the stopping of all guests ended.
    public enum Proof: Hashable, Sendable, CustomStringConvertible {
        /// The kernel says that no process is left in the cgroup or below.
        case stopped(after: TimeSpan)
        /// Processes were left at the deadline: in uninterruptible I/O, as a rule.
        case stillPopulated(after: TimeSpan)
        /// The cgroup could not be told to stop, or does not say whether it is empty.
        case unknown(SystemError)

        /// Whether every guest is proved stopped.
        public var isProven: Bool {
            switch self {
            case .stopped: true
            case .stillPopulated, .unknown: false
            }
        }

        /// The sentence for the log.
        public var description: String {
            switch self {
            case .stopped(let span): "every guest is stopped after \(span)"
            case .stillPopulated(let span): "guests were still there after \(span)"
            case .unknown(let error): "whether guests are stopped is not known: \(error)"
            }
        }
    }

    /// The cgroup at `path`.
    public init(path: String) { self.path = path }

    /// Whether any process is in the cgroup or below it.
    public func isPopulated() throws(SystemError) -> Bool {
        let text = String(decoding: try SmallFile.read(path + "/cgroup.events"), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix("populated ") {
            return line.hasSuffix("1")
        }
        throw SystemError(call: "read", subject: path + "/cgroup.events (no 'populated' line)", code: 22)
    }

    /// Kills every process in it and below, in one step of the kernel that no fork escapes.
    public func kill() throws(SystemError) {
        let file = try Descriptor.open(path + "/cgroup.kill", .write)
        try SmallFile.writeAll([UInt8(ascii: "1")], to: file.number, path: path + "/cgroup.kill")
    }

    /// Stops every guest and waits for the proof, at most until `deadline`.
    ///
    /// Blocks the calling thread.
    public func stopAll(deadline: MonotonicInstant) -> Proof {
        let clock = BootClock()
        let start = clock.now()
        do throws(SystemError) {
            try kill()
            while try isPopulated() {
                let now = clock.now()
                guard now < deadline else { return .stillPopulated(after: now - start) }
                clock.sleep(until: min(deadline, now + .milliseconds(5)))
            }
            return .stopped(after: clock.now() - start)
        } catch {
            return .unknown(error)
        }
    }
}
