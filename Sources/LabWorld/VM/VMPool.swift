public import LabPlatform

/// A pool of virtual machines with their disks and their network; everything of it ends with this
/// object's `down`.
public final class VMPool {
    /// What was decided.
    public let plan: VMPlan
    /// The hosts, the first one at 0.
    public private(set) var hosts: [VMHost] = []
    private var disks: [BenchProcess] = []

    /// Builds the pool and switches its hosts on.
    public init(_ plan: VMPlan) throws(LabError) {
        self.plan = plan
        try plan.check()
        let kernel = try VMKernel(plan.kernel)
        VMPool.sweep(plan)
        do {
            try build(kernel)
        } catch {
            down(keepsFolder: true)
            throw error
        }
    }

    private var paths: LabPaths { LabPaths(root: plan.lab.directory) }

    private func build(_ kernel: VMKernel) throws(LabError) {
        try LabFolder.make(plan.lab)
        let initrd = plan.lab.directory + "/initrd"
        try VMInitrd(plan: plan, kernel: kernel).write(to: initrd)
        try makeNetwork()
        for name in plan.lab.hostNames { disks.append(try makeDisk(name)) }
        try formatStatefile()
        // The emulators of this process and its children live in the lab's network from here on.
        try Namespaces.enterNetwork(plan.networkNamespace)
        for (index, disk) in disks.enumerated() {
            hosts.append(try VMHost(index + 1, plan: plan, kernel: kernel, initrd: initrd, disk: disk))
        }
    }

    private func makeNetwork() throws(LabError) {
        let name = plan.networkNamespace
        try Processes.run("/usr/sbin/ip", ["netns", "add", name])
        try Processes.run("/usr/sbin/ip", ["-n", name, "link", "set", "lo", "up"])
        try Processes.run("/usr/sbin/ip", ["-n", name, "route", "add", "230.0.0.0/8", "dev", "lo"])
    }

    private func makeDisk(_ name: String) throws(LabError) -> BenchProcess {
        let host = paths.host(name)
        let image = host.root + "/state.img"
        let file = try Descriptor(path: image, flags: OpenFlags.createNew)
        guard file.resize(to: 16 << 20) == 0 else { throw LabError("cannot make \(image)") }
        try Processes.run("/usr/sbin/mkfs.ext4", ["-q", "-F", image])
        return try BenchProcess(
            "disk of \(name)",
            program: plan.lab.binaries + "/holdfast-lab-host",
            arguments: ["disk", plan.lab.directory, name],
            cgroup: nil,
            log: host.logs + "/disk.log"
        )
    }

    private func formatStatefile() throws(LabError) {
        let names = plan.lab.hostNames.flatMap { ["--host", $0] }
        try Processes.run(
            plan.lab.binaries + "/holdfast",
            ["statefile", "format", paths.host("lab1").statefile] + names
                + ["--profile", plan.lab.profile, "--key-file", paths.host("lab1").key]
        )
    }

    // MARK: looking and asking

    /// Takes in what happened, and rests a moment.
    public func look(milliseconds: Int = 50) {
        for host in hosts { host.connect() }
        let ready = Set(Poller.readable(hosts.flatMap(\.numbers), milliseconds: milliseconds))
        for host in hosts {
            for number in host.numbers where ready.contains(number) { host.take(number) }
        }
    }

    /// Looks on until something is so; false when the time is over.
    public func wait(seconds: Double, until isSo: () -> Bool) -> Bool {
        let deadline = LabClock.now + Int64(seconds * 1e9)
        while true {
            look()
            if isSo() { return true }
            if LabClock.now >= deadline { return false }
        }
    }

    /// Runs a command on a host; nil when it gives no answer in time.
    public func ask(_ host: VMHost, _ command: String, seconds: Double = 20) -> (status: Int, output: String)?
    {
        guard let number = host.ask(command) else { return nil }
        var found: (status: Int, output: String)?
        _ = wait(seconds: seconds) {
            found = host.answer(number)
            return found != nil
        }
        return found
    }

    // MARK: ending

    /// Ends everything.
    public func down(keepsFolder: Bool) {
        for host in hosts { host.stop() }
        for disk in disks { disk.finish() }
        for disk in disks { _ = Processes.waitForEnd(of: disk.pid) }
        (hosts, disks) = ([], [])
        VMPool.removeNetwork(plan)
        if !keepsFolder { LabCleanup.sweep(directory: plan.lab.directory, keepsFolder: false) }
    }

    private static func sweep(_ plan: VMPlan) {
        removeNetwork(plan)
        LabCleanup.sweep(directory: plan.lab.directory, keepsFolder: false)
    }

    private static func removeNetwork(_ plan: VMPlan) {
        guard FileTree.exists("/run/netns/" + plan.networkNamespace) else { return }
        _ = try? Processes.run("/usr/sbin/ip", ["netns", "delete", plan.networkNamespace])
    }
}
