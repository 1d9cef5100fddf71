internal import LabPlatform

/// The files that a lab starts from.
enum LabFolder {
    /// Makes the folder of a plan with disks, keys and configurations.
    static func make(_ plan: LabPlan) throws(LabError) {
        let paths = LabPaths(root: plan.directory)
        for folder in [paths.root, paths.guestDisks, paths.writeLogs] {
            try FileTree.makeFolder(folder)
        }
        try FileTree.write(LabJSON.pretty(plan) + "\n", to: paths.plan)
        try FileTree.write("", to: paths.incidents)
        try makeDisk(paths.statefileBacking, bytes: statefileBytes)
        for guest in plan.guests {
            try makeDisk("\(paths.guestDisks)/\(guest.name).disk", bytes: GuestRecord.diskBytes)
        }
        let key = (0..<64).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
        for index in 1...plan.hostCount {
            let host = paths.host("lab\(index)")
            for folder in [host.devices, host.shared, host.state, host.run, host.logs] {
                try FileTree.makeFolder(folder)
            }
            try FileTree.write("lab\(index)\n", to: host.root + "/name")
            try HostClock.drift(host.clock, partsPerMillion: 0)
            try FileTree.write(key + "\n", to: host.key, mode: 0o600)
            try FileTree.write(HostConfiguration(plan: plan, host: index).text, to: host.configuration)
        }
    }

    /// Room for the layout of eight hosts with their pool records.
    private static let statefileBytes: Int64 = 64 << 20

    private static func makeDisk(_ path: String, bytes: Int64) throws(LabError) {
        let file = try Descriptor(path: path, flags: OpenFlags.createNew)
        let outcome = file.resize(to: bytes)
        guard outcome == 0 else { throw LabError("make \(path) of \(bytes) bytes", errorNumber: outcome) }
    }
}
