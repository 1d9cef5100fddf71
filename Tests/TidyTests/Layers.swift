/// The layers of docs/ARCHITECTURE.md: which target lies where, and what each layer may import from outside.
enum Layers {
    /// The layer of each target.
    static let level: [String: Int] = [
        "PoolModel": 0,
        "ByteFormat": 1, "HeartbeatWire": 1, "StatefileLayout": 1, "LivesetEngine": 1, "FailoverPlanner": 1,
        "NodeRuntime": 2,
        "LinuxPlatform": 3, "MessageAuthentication": 3, "StatefileBlock": 3, "StatefileISCSI": 3,
        "StatefileNFS": 3,
        "Simulator": 3, "Explorer": 3, "RuntimeFakes": 3, "LabPlatform": 3, "LocalServices": 3,
        "DaemonConfig": 4, "JournalLog": 4, "AdminProtocol": 4, "HypervisorAPI": 4, "HypervisorProcess": 4,
        "HypervisorLibvirt": 4, "HypervisorXAPI": 4, "ControlPlane": 4, "LabWorld": 4, "ClusterStack": 4,
        "holdfastd": 5, "holdfast-manager": 5, "holdfast": 5, "holdfast-lab": 5, "holdfast-sim": 5,
        "holdfast-cluster-stack": 5, "holdfast-alloc-check": 5,
        "holdfast-lab-host": 5, "holdfast-lab-guest": 5,
    ]

    /// Folders below `Sources` that hold C or module maps.
    static let cModules: Set<String> = [
        "CLinux", "CLab", "CLocalServices", "CAllocationCount", "CCrypto", "CSystemd", "CFuse", "CISCSI",
        "CNFS", "CLibvirt",
    ]

    /// The one Swift target that may import each C library.
    static let owner: [String: String] = [
        "CCrypto": "MessageAuthentication", "CSystemd": "JournalLog", "CFuse": "LabPlatform",
        "CLab": "LabPlatform", "CLocalServices": "LocalServices", "CAllocationCount": "holdfast-alloc-check",
        "CISCSI": "StatefileISCSI", "CNFS": "StatefileNFS", "CLibvirt": "HypervisorLibvirt",
    ]

    /// Who may import the thin C layer over the kernel, which is ours and no library.
    static let kernelImporters: Set<String> = ["LinuxPlatform", "StatefileBlock"]

    /// The modules of the toolchain that a target of `level` may import.
    static func toolchainModules(for level: Int) -> Set<String> {
        level < 3
            ? ["Synchronization"]
            : ["Synchronization", "Glibc", "FoundationEssentials", "Foundation", "Dispatch"]
    }

    /// Packages by others, from the control plane up.
    static let packages: Set<String> = ["ArgumentParser", "Logging", "TOMLKit"]

    /// Why `target` may not import `module`; nil when it may.
    static func objection(to module: String, in target: String) -> String? {
        guard let level = level[target] else {
            return "\(target) is in no layer; add it to Tests/TidyTests/Layers.swift"
        }
        if let owner = owner[module] {
            return owner == target ? nil : "only \(owner) imports \(module)"
        }
        if module == "CLinux" {
            return kernelImporters.contains(target) ? nil : "CLinux is reached through LinuxPlatform"
        }
        if packages.contains(module) {
            return level >= 4
                ? nil : "packages by others are for layer 4 and above, \(target) is in layer \(level)"
        }
        if let imported = self.level[module] {
            return imported <= level && imported < 5
                ? nil : "\(module) is in layer \(imported), above layer \(level) of \(target)"
        }
        return toolchainModules(for: level).contains(module)
            ? nil : "\(module) is nothing that layer \(level) may import"
    }
}
