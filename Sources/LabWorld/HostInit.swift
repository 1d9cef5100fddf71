public import LabPlatform

/// The first process of a host: boots the daemon and the manager, starts them anew when they end, and ends
/// with the host.
///
/// In netns mode it is PID 1 of a PID namespace of its own, so reboot(2) in there ends it and nothing else.
/// It refuses to start anything where that is not so.
public struct HostInit {
    private let boot: HostBoot
    private var running: [Int32: HostService] = [:]
    private var due: [(at: Int64, service: HostService)] = []

    /// Boots the host of this folder; returns when it is asked to stop.
    public static func run(folder: String) throws(LabError) {
        guard let text = FileTree.text(folder + "/boot.json") else {
            throw LabError("no \(folder)/boot.json")
        }
        var host = HostInit(boot: try LabJSON.decode(HostBoot.self, from: text))
        try host.fenceIn()
        try host.serve()
    }

    private init(boot: HostBoot) {
        self.boot = boot
    }

    private func fenceIn() throws(LabError) {
        guard boot.mode == .netns else {
            try Namespaces.becomeSubreaper()
            return
        }
        // Read before /proc is remounted: the old /proc still tells namespaces, and a pid other than 1 tells
        // enough.
        guard Processes.ownPid == 1 else {
            throw LabError(
                "this is process \(Processes.ownPid) and not PID 1 of a host: reboot(2) could reach the "
                    + "machine"
            )
        }
        try Namespaces.mountProc()
        guard let own = FileTree.link("/proc/self/ns/pid"), own != boot.machinePidNamespace else {
            throw LabError(
                "this host would run in the machine's own PID namespace: reboot(2) could reach the machine"
            )
        }
        // A /proc/sysrq-trigger of the real kernel works in any namespace: the lab's file lies over it.
        if FileTree.exists("/proc/sysrq-trigger") {
            try Namespaces.bind(boot.folder + "/dev/sysrq", over: "/proc/sysrq-trigger")
        }
        for name in FileTree.names(in: "/dev") where name.hasPrefix("watchdog") {
            try Namespaces.bind("/dev/null", over: "/dev/" + name)
        }
    }

    private mutating func serve() throws(LabError) {
        let signals = try Signals()
        due = boot.services.map { (LabClock.now, $0) }
        while true {
            startDue()
            let next =
                due.map(\.at).min().map { max(0, ($0 - LabClock.now) / LabClock.millisecond + 1) } ?? 60_000
            _ = Poller.readable([signals.number], milliseconds: Int(next))
            while let signal = signals.next() {
                switch signal {
                case .childEnded: break
                case .stop: return
                }
            }
            while let (pid, end) = Processes.reap() { ended(pid, end) }
        }
    }

    private mutating func startDue() {
        let now = LabClock.now
        let ready = due.filter { $0.at <= now }
        due.removeAll { $0.at <= now }
        for (_, service) in ready {
            do {
                running[try start(service)] = service
                note("started \(service.name)")
            } catch {
                note("cannot start \(service.name): \(error)")
                restart(service)
            }
        }
    }

    private func start(_ service: HostService) throws(LabError) -> Int32 {
        var start = ProgramStart(service.path, service.arguments)
        start.diesWithParent = true
        start.hasOwnSession = true
        start.environment = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
            // A trap must not stand still for a backtrace while the watchdog counts.
            "SWIFT_BACKTRACE=enable=no",
            "HOLDFAST_LAB_HOST=\(boot.host)", "HOLDFAST_LAB_SELF=\(boot.folder)",
            "LD_PRELOAD=\(boot.clockLibrary)", "HOLDFAST_LAB_CLOCK=\(boot.folder)/clock",
        ]
        let log = try Descriptor(path: boot.folder + "/log/\(service.name).log", flags: OpenFlags.appendToLog)
        return try Processes.start(start, output: log, errors: log)
    }

    private mutating func ended(_ pid: Int32, _ end: ProcessEnd) {
        guard let service = running.removeValue(forKey: pid) else { return }
        note("\(service.name) ended: \(end)")
        restart(service)
    }

    private mutating func restart(_ service: HostService) {
        due.append((LabClock.now + Int64(boot.restartMilliseconds) * LabClock.millisecond, service))
    }

    private func note(_ text: String) {
        Descriptor(duplicating: 1).write(text: "\(LabClock.now) \(boot.host): \(text)\n")
    }
}
