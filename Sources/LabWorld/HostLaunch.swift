public import LabPlatform

/// Fences in the first process of a host and waits for its end; runs in the host's cgroup, outside of its PID
/// namespace.
public enum HostLaunch {
    /// Launches the host of this folder; the exit status of this process tells how the host ended.
    public static func run(folder: String) throws(LabError) -> Int32 {
        guard let text = FileTree.text(folder + "/boot.json") else {
            throw LabError("there is no \(folder)/boot.json: the supervisor writes it before each boot")
        }
        let boot = try LabJSON.decode(HostBoot.self, from: text)
        if let namespace = boot.networkNamespace { try Namespaces.enterNetwork(namespace) }
        if boot.mode == .netns {
            try Namespaces.separateMountsAndPids()
            try Namespaces.renewSys(stage: folder + "/sys")
        }
        guard let program = FileTree.link("/proc/self/exe") else {
            throw LabError("cannot read /proc/self/exe")
        }
        var start = ProgramStart(program, ["init", folder])
        start.losesReboot = boot.mode == .loopback
        let log = try Descriptor(path: folder + "/log/init.log", flags: OpenFlags.appendToLog)
        let pid = try Processes.start(start, output: log, errors: log)
        if boot.mode == .loopback {
            let ticks = Processes.startTicks(pid) ?? 0
            try FileTree.write("\(pid) \(ticks)\n", to: folder + "/pid")
        }
        switch Processes.waitForEnd(of: pid) {
        case .exited(let status): return status
        case .signalled(let signal): return 128 + signal
        }
    }
}
