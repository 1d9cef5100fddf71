internal import LabPlatform

/// The first file system of the lab's virtual machines: busybox, modules, the product, and each host's
/// configuration.
struct VMInitrd {
    let plan: VMPlan
    let kernel: VMKernel

    /// Modules by name, with parameters; those built into the kernel are passed over.
    private var modules: [String] {
        ["virtio_pci", "virtio_net", "virtio_blk", "crc32c_generic", "ext4", plan.watchdogModule]
    }

    private static let programs = ["holdfastd", "holdfast-manager", "holdfast", "holdfast-lab-guest"]

    /// What busybox does not have: real-time hogs, and a daemon that may not call reboot(2).
    private static let tools = ["chrt", "setpriv"]

    /// Writes the archive.
    func write(to path: String) throws(LabError) {
        var archive = try CpioArchive(path: path)
        try archive.addConsole()
        for folder in ["proc", "sys", "run", "tmp", "state", "lab/bin"] { try archive.add(folder: folder) }
        try archive.add(text: VMInit.text, as: "init", isProgram: true)
        try addBusybox(to: &archive)
        try addModules(to: &archive)
        try addPrograms(to: &archive)
        for host in 1...plan.lab.hostCount {
            try archive.add(
                text: VMConfiguration(plan: plan, host: host).text,
                as: "lab/hosts/lab\(host).toml"
            )
        }
        try archive.add(copyOf: LabPaths(root: plan.lab.directory).host("lab1").key, as: "lab/pool.key")
        try archive.finish()
    }

    private func addBusybox(to archive: inout CpioArchive) throws(LabError) {
        try archive.add(copyOf: "/bin/busybox", as: "bin/busybox")
        let applets = try Processes.run("/bin/busybox", ["--list"])
        for applet in applets.split(separator: "\n") where applet != "busybox" {
            try archive.add(linkTo: "busybox", as: "bin/\(applet)")
        }
    }

    private func addModules(to archive: inout CpioArchive) throws(LabError) {
        let files = try kernel.modules(modules)
        for file in files {
            try archive.add(copyOf: kernel.moduleFolder + "/" + file, as: "lab/modules/" + file)
        }
        let lines = files.map { "/lab/modules/\($0)\n" }
        try archive.add(text: lines.joined(), as: "lab/modules.list")
    }

    /// The product without its debugging symbols, and the libraries that it needs.
    private func addPrograms(to archive: inout CpioArchive) throws(LabError) {
        var libraries: Set<String> = []
        for program in VMInitrd.programs {
            let stripped = plan.lab.directory + "/" + program
            try Processes.run("/usr/bin/strip", ["-o", stripped, plan.lab.binaries + "/" + program])
            try archive.add(copyOf: stripped, as: "lab/bin/" + program)
            FileTree.remove(stripped)
            libraries.formUnion(try VMInitrd.libraries(of: plan.lab.binaries + "/" + program))
        }
        for tool in VMInitrd.tools {
            try archive.add(copyOf: "/usr/bin/" + tool, as: "lab/bin/" + tool)
            libraries.formUnion(try VMInitrd.libraries(of: "/usr/bin/" + tool))
        }
        for library in libraries.sorted() {
            try archive.add(copyOf: library, as: String(library.dropFirst()))
        }
    }

    private static func libraries(of program: String) throws(LabError) -> Set<String> {
        let listing = try Processes.run("/usr/bin/ldd", [program])
        return Set(
            listing.split(whereSeparator: { " \n\t".contains($0) }).filter { $0.hasPrefix("/") }.map(
                String.init
            )
        )
    }
}
