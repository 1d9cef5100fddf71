internal import FoundationEssentials
internal import LabPlatform

/// Boots, resets and power.
extension Supervisor {
    /// Boots every host whose time has come.
    func bootDue() {
        for host in hosts {
            guard case .booting(let due) = host.power, due <= LabClock.now else { continue }
            do {
                try boot(host)
            } catch {
                host.power = .off
                broken.append("\(host.name) could not boot: \(error)")
                note(host.name, "lab", "\(host.name) could not boot: \(error)")
            }
        }
    }

    private func boot(_ host: LabHost) throws(LabError) {
        host.boot = UUID().uuidString.lowercased()
        host.bootCount += 1
        try FileTree.write(host.boot + "\n", to: host.paths.bootId)
        FileTree.removeAll(host.paths.run)
        for folder in [host.paths.run, host.paths.run + "/guests", host.paths.state, host.paths.logs] {
            try FileTree.makeFolder(folder, mode: 0o700)
        }
        if let topology { try topology.connect(host.index, faults: network) }
        _ = host.disk.command(host.storage.words)
        _ = host.hardware.command(host.lastEnd == "watchdog" ? "power-cycle watchdog" : "power-cycle")
        let boot = HostBoot(
            host: host.name,
            mode: plan.mode,
            folder: host.paths.root,
            networkNamespace: topology?.plan.namespace(host.index),
            machinePidNamespace: FileTree.link("/proc/self/ns/pid") ?? "",
            services: services(of: host),
            clockLibrary: plan.binaries + "/" + HostClock.library,
            restartMilliseconds: 200
        )
        try FileTree.write(LabJSON.pretty(boot) + "\n", to: host.paths.boot)
        var start = ProgramStart(plan.binaries + "/holdfast-lab-host", ["launch", host.paths.root])
        start.cgroupProcesses = plan.cgroup.map { "\($0)/\(host.name)/cgroup.procs" }
        start.hasOwnSession = true
        let log = try Descriptor(path: paths.supervisorLog, flags: OpenFlags.appendToLog)
        host.power = .on(launcher: try Processes.start(start, output: log, errors: log))
        note(host.name, "boot", "\(host.name) boots (boot \(host.bootCount), id \(host.boot.prefix(8)))")
    }

    private func services(of host: LabHost) -> [HostService] {
        ["holdfastd", "holdfast-manager"].map { name in
            HostService(
                name: name,
                path: plan.binaries + "/" + name,
                arguments: ["--config", host.paths.configuration]
            )
        }
    }

    /// A host's life is over, whoever ended it: nothing of it may be left when this returns.
    func hostEnded(_ host: LabHost, cause: String, staysOff: Bool) {
        guard case .on = host.power else {
            if staysOff { host.power = .off }
            return
        }
        let at = LabClock.now
        host.stop.now()
        _ = host.disk.command("drop")
        var waited = 0
        while host.stop.isAnyoneLeft, waited < 1000 {
            Poller.wait(for: 5)
            waited += 1
            if waited % 20 == 0 { host.stop.now() }
        }
        if waited >= 1000 { broken.append("processes of \(host.name) survived its reset for 5 s") }
        topology?.disconnect(host.index)
        if let cgroup = plan.cgroup {
            // The cgroups that the host made for its guests go with it, as with any kernel.
            for folder in FileTree.folders(below: "\(cgroup)/\(host.name)/guests").dropLast() {
                FileTree.removeFolder(folder)
            }
        }
        if let cgroup = plan.cgroup { FileTree.poke("\(cgroup)/\(host.name)/cgroup.freeze", "0") }
        host.isFrozen = false
        _ = host.hardware.command("power-cycle")
        (host.lastEnd, host.lastEndAt) = (cause, at)
        host.power =
            staysOff ? .off : .booting(due: at + Int64(plan.bootDelayMilliseconds) * LabClock.millisecond)
        let word = staysOff ? "off" : "reset"
        note(host.name, word, "\(host.name) \(staysOff ? "is off" : "is reset"): \(cause)", at: at)
    }

    /// The product's own command makes the statefile, through the first host's path.
    func formatStatefile() throws(LabError) {
        let names = plan.hostNames.flatMap { ["--host", $0] }
        guard let first = hosts.first else { return }
        try Processes.run(
            plan.binaries + "/holdfast",
            ["statefile", "format", first.paths.statefile] + names + ["--profile", plan.profile]
                + formatExtras
        )
    }

    private var formatExtras: [String] { ["--key-file", paths.host("lab1").key] }
}
