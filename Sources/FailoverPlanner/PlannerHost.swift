public import PoolModel

/// A host on which machines may be placed, with the memory that is left for them.
public struct PlannerHost: Hashable, Sendable {
    /// The host's row.
    public var index: HostIndex
    /// The host's name, for reasons.
    public var name: String
    /// Memory not taken by any machine that runs or may run there, in MiB; below zero when overcommitted.
    public var freeMiB: Int

    /// The host with this much memory left.
    public init(index: HostIndex, name: String, freeMiB: Int) {
        self.index = index
        self.name = name
        self.freeMiB = freeMiB
    }
}

/// A machine that needs a host.
public struct PlannerMachine: Hashable, Sendable {
    /// Its name, unique in the pool.
    public var name: String
    /// The memory it takes where it runs, in MiB.
    public var memoryMiB: Int
    /// Its class and order: lower ranks get scarce memory first.
    public var rank: PlannerRank
    /// Where it should go if it fits there: the host it ran on before, or the operator's wish.
    public var preferred: HostIndex?
    /// Hosts it must not go to for now, each with the reason in words.
    public var barred: [HostIndex: String]

    /// The machine with these needs.
    public init(
        name: String,
        memoryMiB: Int,
        rank: PlannerRank,
        preferred: HostIndex? = nil,
        barred: [HostIndex: String] = [:]
    ) {
        self.name = name
        self.memoryMiB = memoryMiB
        self.rank = rank
        self.preferred = preferred
        self.barred = barred
    }
}

/// Which machines come first when memory is scarce: `restart` before `best-effort`, then the lower order.
public struct PlannerRank: Hashable, Comparable, Sendable {
    /// Whether the machine is only restarted with what the protected ones leave.
    public var isBestEffort: Bool
    /// The machine's `order`; 0 comes first, a negative order last.
    public var order: Int

    /// The rank of a machine of this class and order.
    public init(isBestEffort: Bool, order: Int) {
        self.isBestEffort = isBestEffort
        self.order = order
    }

    private var position: Int { order < 0 ? .max : order }

    /// Whether `left` gets scarce memory before `right`.
    public static func < (left: PlannerRank, right: PlannerRank) -> Bool {
        left.isBestEffort == right.isBestEffort ? left.position < right.position : right.isBestEffort
    }
}
