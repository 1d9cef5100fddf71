public import PoolModel

/// Why one host cannot take one machine.
public enum HostRefusal: Hashable, Sendable {
    /// The machine is larger than what is left there.
    case notEnoughMemory(host: String, freeMiB: Int)
    /// Something else keeps it away, in words: a failed start a moment ago, no storage.
    case barred(host: String, reason: String)

    /// The host and its reason: `lab2 has 300 MiB free`.
    public var sentence: String {
        switch self {
        case .notEnoughMemory(let host, let free): "\(host) has \(max(free, 0)) MiB free"
        case .barred(let host, let reason): "\(host): \(reason)"
        }
    }
}

/// A machine for which no host was found, with the reason of each.
public struct UnplacedMachine: Hashable, Sendable {
    /// The machine.
    public var name: String
    /// What it needs, in MiB.
    public var memoryMiB: Int
    /// One reason for each host that was looked at.
    public var refusals: [HostRefusal]

    /// The machine with these refusals.
    public init(name: String, memoryMiB: Int, refusals: [HostRefusal]) {
        self.name = name
        self.memoryMiB = memoryMiB
        self.refusals = refusals
    }

    /// The whole reason: `needs 512 MiB; lab2 has 300 MiB free, lab3: its start failed there a moment ago`.
    public var sentence: String {
        guard !refusals.isEmpty else {
            return "needs \(memoryMiB) MiB; no host can take machines at the moment"
        }
        return "needs \(memoryMiB) MiB; " + refusals.map(\.sentence).joined(separator: ", ")
    }
}

/// Which machine goes where.
public struct RestartPlan: Hashable, Sendable {
    /// The host of each placed machine, by the machine's name.
    public var placements: [String: HostIndex]
    /// The machines that fit nowhere, in the order in which they were tried.
    public var unplaced: [UnplacedMachine]

    /// The plan with these parts.
    public init(placements: [String: HostIndex] = [:], unplaced: [UnplacedMachine] = []) {
        self.placements = placements
        self.unplaced = unplaced
    }
}
