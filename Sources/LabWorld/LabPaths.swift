/// Where everything of a lab lies.
public struct LabPaths: Sendable {
    /// The lab's folder.
    public let root: String

    /// The paths of the lab in this folder.
    public init(root: String) {
        self.root = root
    }

    /// The plan.
    public var plan: String { root + "/lab.json" }
    /// Where the supervisor listens.
    public var control: String { root + "/lab.sock" }
    /// Everything that the lab did to its hosts, a line each.
    public var incidents: String { root + "/incidents.log" }
    /// The supervisor's own words.
    public var supervisorLog: String { root + "/supervisor.log" }
    /// Pids of the lab's processes with their start ticks, for cleaning up after a crash.
    public var processes: String { root + "/processes" }
    /// The disks behind all paths.
    public var disks: String { root + "/disks" }
    /// The statefile behind all paths.
    public var statefileBacking: String { disks + "/statefile" }
    /// The guests' disks behind all paths.
    public var guestDisks: String { disks + "/guests" }
    /// What each host's disk service wrote for guests.
    public var writeLogs: String { root + "/writes" }
    /// One host's write log.
    public func writeLog(_ host: String) -> String { writeLogs + "/\(host).log" }

    /// One host's folder.
    public func host(_ name: String) -> HostPaths { HostPaths(root: root + "/" + name, lab: self) }
}

/// Where everything of one host lies.
public struct HostPaths: Sendable {
    /// The host's folder.
    public let root: String
    /// The lab that it belongs to.
    public let lab: LabPaths

    /// Its boot id file, renewed by each boot.
    public var bootId: String { root + "/boot_id" }
    /// What the launcher and PID 1 read.
    public var boot: String { root + "/boot.json" }
    /// Configuration of the daemon and the manager.
    public var configuration: String { root + "/holdfast.toml" }
    /// The pool key.
    public var key: String { root + "/pool.key" }
    /// The mount with the watchdog and sysrq.
    public var devices: String { root + "/dev" }
    /// The watchdog's file.
    public var watchdog: String { devices + "/watchdog" }
    /// The file that resets the host at once.
    public var sysrq: String { devices + "/sysrq" }
    /// The mount of the shared disk.
    public var shared: String { root + "/shared" }
    /// The statefile through this host's path.
    public var statefile: String { shared + "/statefile" }
    /// How its boot clock runs (`HostClock`).
    public var clock: String { root + "/clock" }
    /// Kept over boots.
    public var state: String { root + "/state" }
    /// Emptied by each boot; holds the control sockets.
    public var run: String { root + "/run" }
    /// The daemon's control socket.
    public var daemonSocket: String { run + "/holdfastd.sock" }
    /// The manager's control socket.
    public var managerSocket: String { run + "/manager.sock" }
    /// What the programs of the host print.
    public var logs: String { root + "/log" }
}
