internal import LabPlatform

/// Where the cgroups of labs are.
enum LabCgroup {
    /// The cgroup v2 folder of the lab with this id.
    static func folder(id: String) throws(LabError) -> String {
        try root() + "/holdfast-lab-\(id)"
    }

    /// Where cgroup v2 is mounted.
    private static func root() throws(LabError) -> String {
        let mounts = (FileTree.text("/proc/self/mounts") ?? "").split(separator: "\n").map {
            $0.split(separator: " ")
        }
        guard let mount = mounts.first(where: { $0.count > 2 && $0[2] == "cgroup2" }) else {
            throw LabError(
                "no cgroup v2 is mounted: a host is reset by its cgroup.kill; "
                    + "try 'mount -t cgroup2 none /sys/fs/cgroup'"
            )
        }
        guard FileTree.exists("\(mount[1])/cgroup.procs") else {
            throw LabError("\(mount[1]) is no cgroup v2 folder")
        }
        return String(mount[1])
    }
}
