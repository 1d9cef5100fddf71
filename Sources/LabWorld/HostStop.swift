internal import Glibc
internal import LabPlatform

/// Stopping every process of one host at once, as a reset does; nothing else on this machine.
///
/// With a cgroup the kernel kills all of it in one step. Without (loopback mode) the host's PID file names
/// its first process, and all its descendants are ended until none is left.
struct HostStop: Sendable {
    private let cgroup: String?
    private let bootFile: String

    init(plan: LabPlan, host: String) {
        cgroup = plan.cgroup.map { $0 + "/" + host }
        bootFile = LabPaths(root: plan.directory).host(host).root + "/pid"
    }

    /// Kills; returns at once with a cgroup, after the last process without.
    func now() {
        if let cgroup {
            FileTree.poke(cgroup + "/cgroup.kill", "1")
        } else {
            endTree()
        }
    }

    /// Whether a process of the host is left.
    var isAnyoneLeft: Bool {
        guard let cgroup else { return firstProcess != nil }
        return FileTree.text(cgroup + "/cgroup.events")?.contains("populated 1") ?? false
    }

    /// The processes of the host.
    var processes: [Int32] {
        guard let cgroup else { return firstProcess.map { descendants(of: $0) + [$0] } ?? [] }
        return FileTree.folders(below: cgroup).flatMap { folder in
            FileTree.text(folder + "/cgroup.procs")?.split(separator: "\n").compactMap { Int32($0) } ?? []
        }
    }

    /// The first process, while it is still the one that was written down.
    private var firstProcess: Int32? {
        guard let words = FileTree.text(bootFile)?.split(separator: " "), words.count >= 2,
            let pid = Int32(words[0]), let ticks = UInt64(words[1].prefix { $0.isNumber }),
            Processes.startTicks(pid) == ticks
        else { return nil }
        return pid
    }

    private func descendants(of pid: Int32) -> [Int32] {
        let children = Processes.children(of: pid)
        return children.flatMap { descendants(of: $0) } + children
    }

    private func endTree() {
        guard let first = firstProcess else { return }
        // Stopped first, so that nothing starts more; the first process is the subreaper, so orphans stay
        // below it.
        _ = Processes.signal(first, SIGSTOP)
        for _ in 0..<200 {
            let below = descendants(of: first)
            if below.isEmpty { break }
            for pid in below { _ = Processes.end(pid) }
            Poller.wait(for: 1)
            // Zombies of a stopped parent stay listed: only living ones count.
            if below.allSatisfy({ isZombie($0) }) { break }
        }
        _ = Processes.end(first)
    }

    private func isZombie(_ pid: Int32) -> Bool {
        guard let line = FileTree.text("/proc/\(pid)/stat"), let close = line.lastIndex(of: ")") else {
            return true
        }
        return line[close...].dropFirst(2).first == "Z"
    }
}
