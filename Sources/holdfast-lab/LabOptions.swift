internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

/// Which lab is meant.
struct LabChoice: ParsableArguments {
    @Option(help: "Tells labs on one machine apart.")
    var id = "lab"

    @Option(help: "The lab's folder (usual: /run/holdfast-lab/ID as root, else /tmp/holdfast-lab-UID/ID).")
    var directory: String?

    var folder: String { directory ?? LabPlan.usualDirectory(id: id) }

    func session() throws(LabError) -> LabSession { try LabSession(directory: folder) }
}

/// How a lab is to be built.
struct LabOptions: ParsableArguments {
    @OptionGroup var choice: LabChoice

    @Option(help: "How many hosts, 2 to 8.")
    var hosts = 3

    @Option(help: "netns (namespaces and cgroups; root) or loopback (127.0.x.y, plain processes).")
    var mode: LabMode = .netns

    @Option(help: "Timing: fast, default or conservative.")
    var profile = "fast"

    @Option(help: "Networks that carry heartbeats: 1 (mgmt) or 2 (mgmt and stor).")
    var heartbeatNetworks = 1

    @Flag(name: .customLong("ipv6"), help: "Heartbeats over IPv6.")
    var usesIPv6 = false

    @Flag(help: "The switch is each host's witness: it answers pings.")
    var witness = false

    @Option(help: "What a host does that alone lost its storage: stay or fence.")
    var onStorageLoss = "stay"

    @Option(help: "What two hosts with a broken network between them do: hold or tie-break.")
    var onEvenPartition = "hold"

    @Option(help: "Milliseconds from a reset to the next boot.")
    var bootDelay = 1000

    @Option(help: "Milliseconds within which writes that were under way at a reset still land; 0 drops them.")
    var lateWrites = 0

    @Option(help: "Weights of the hosts for the choice of the master, such as 100,200,100.")
    var weights = ""

    @Flag(help: "Keep the limits on flapping and boot loops (FAULT-7, FAULT-8), which a lab turns off.")
    var keepLimits = false

    @Option(help: "The folder with holdfastd, holdfast-manager and the others (usual: this program's own).")
    var binaries: String?

    func plan(hosts count: Int? = nil, id: String? = nil) throws(LabError) -> LabPlan {
        let id = id ?? choice.id
        let folder = if let binaries { binaries } else { try LabOptions.ownFolder() }
        var plan = LabPlan(id: id, binaries: folder, directory: choice.directory)
        plan.mode = mode
        plan.hostCount = count ?? hosts
        plan.profile = profile
        plan.heartbeatNetworkCount = heartbeatNetworks
        plan.onStorageLoss = onStorageLoss
        plan.onEvenPartition = onEvenPartition
        plan.usesIPv6 = usesIPv6
        plan.hasWitness = witness
        plan.bootDelayMilliseconds = bootDelay
        plan.lateWriteMilliseconds = lateWrites
        plan.weights = weights.split(separator: ",").compactMap { Int($0) }
        plan.keepsLimits = keepLimits
        try plan.check()
        return plan
    }

    /// The options that make such a lab, for a command line that does the same again.
    var words: String {
        var words = "--hosts \(hosts) --profile \(profile)"
        if mode != .netns { words += " --mode \(mode.rawValue)" }
        if heartbeatNetworks != 1 { words += " --heartbeat-networks \(heartbeatNetworks)" }
        if usesIPv6 { words += " --ipv6" }
        if witness { words += " --witness" }
        if onStorageLoss != "stay" { words += " --on-storage-loss \(onStorageLoss)" }
        if onEvenPartition != "hold" { words += " --on-even-partition \(onEvenPartition)" }
        if bootDelay != 1000 { words += " --boot-delay \(bootDelay)" }
        if lateWrites != 0 { words += " --late-writes \(lateWrites)" }
        if !weights.isEmpty { words += " --weights \(weights)" }
        if keepLimits { words += " --keep-limits" }
        return words
    }

    static func ownFolder() throws(LabError) -> String {
        guard let program = FileTree.link("/proc/self/exe"), let slash = program.lastIndex(of: "/") else {
            throw LabError("cannot tell where this program lies: name --binaries")
        }
        return String(program[..<slash])
    }
}

/// Carries out a command's body; a lab error is told and ends the program with status 2.
func orExplain(_ body: () throws(LabError) -> Void) throws {
    do {
        try body()
    } catch {
        Terminal.complain("holdfast-lab: \(error)")
        throw ExitCode(2)
    }
}
