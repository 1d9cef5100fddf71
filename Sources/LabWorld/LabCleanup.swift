internal import Glibc
internal import LabPlatform

/// Removes whatever a lab left on this machine, also after a crash; doing it again is no harm.
public enum LabCleanup {
    /// Mounts, namespaces and cgroups of a plan; its folder stays.
    static func remove(_ plan: LabPlan) {
        if let cgroup = plan.cgroup { removeGroup(cgroup) }
        detachMounts(below: plan.directory)
        if plan.mode == .netns {
            Topology.removeAll(prefix: NetworkPlan(id: plan.id, hostCount: 0).namespacePrefix)
        }
        FileTree.remove(LabPaths(root: plan.directory).control)
    }

    /// Ends every process of a lab and removes all of it, the folder as well unless it is to be kept.
    public static func sweep(directory: String, keepsFolder: Bool) {
        if let plan = (try? LabPlan.load(directory: directory)) ?? usualPlan(of: directory) {
            if let cgroup = plan.cgroup {
                FileTree.poke(cgroup + "/cgroup.kill", "1")
                // Requests that hang in a disk service keep their processes: ending the service frees them.
                for _ in 0..<300 where isPopulated(cgroup) { Poller.wait(for: 10) }
            }
            endMarked(directory: directory)
            remove(plan)
        }
        if !keepsFolder { FileTree.removeAll(directory) }
    }

    /// What a lab would have left whose folder is gone; nil where the folder is not the usual one of any id.
    private static func usualPlan(of directory: String) -> LabPlan? {
        guard let id = directory.split(separator: "/").last.map(String.init), Processes.isRoot,
            directory == LabPlan.usualDirectory(id: id)
        else { return nil }
        var plan = LabPlan(id: id, binaries: "")
        plan.cgroup = try? LabCgroup.folder(id: id)
        return plan
    }

    private static func isPopulated(_ cgroup: String) -> Bool {
        FileTree.text(cgroup + "/cgroup.events")?.contains("populated 1") ?? false
    }

    /// Takes the cgroup and those below it away.
    private static func removeGroup(_ cgroup: String) {
        guard FileTree.exists(cgroup) else { return }
        for folder in FileTree.folders(below: cgroup) { FileTree.removeFolder(folder) }
    }

    private static func detachMounts(below directory: String) {
        let text = FileTree.text("/proc/self/mounts") ?? ""
        let mounts = text.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first }
            .map(String.init)
        for mount in mounts.reversed() where mount.hasPrefix(directory + "/") {
            if !Namespaces.detach(mount) {
                _ = try? Processes.run("/usr/bin/fusermount3", ["-u", "-z", mount])
            }
        }
    }

    /// In loopback mode nothing encloses a host's processes: those that carry its mark in their environment,
    /// or serve its folder, are its own.
    private static func endMarked(directory: String) {
        let own = Processes.ownPid
        for pid in FileTree.names(in: "/proc").compactMap({ Int32($0) }) where pid != own && pid > 1 {
            let isMarked =
                FileTree.text("/proc/\(pid)/environ")?.contains("HOLDFAST_LAB_SELF=\(directory)/") ?? false
            let words = FileTree.text("/proc/\(pid)/cmdline")?.split(separator: "\0").map(String.init) ?? []
            let program = words.first?.split(separator: "/").last ?? ""
            let isBench =
                (program == "holdfast-lab-host" || program == "holdfast-lab-guest")
                && words.dropFirst(2).contains { $0 == directory || $0.hasPrefix(directory + "/") }
            if isMarked || isBench { Processes.end(pid) }
        }
    }
}
