public import PoolModel

/// How many host failures a pool can take, and what breaks it beyond.
public struct Tolerance: Hashable, Sendable {
    /// The most failures that the pool is known to take, one after the other, whichever hosts fail.
    public let failures: Int
    /// Whether every machine has a place as things are, with no failure at all; else `failures` is 0 and "not
    /// even now".
    public let holdsNow: Bool
    /// What breaks with one failure more; nil when no number of failures breaks anything.
    public let breach: Breach?
}

/// Why a pool cannot take a number of failures.
public struct Breach: Hashable, Sendable {
    /// How many failures.
    public let failures: Int
    /// Whether it was proved; if not, the search ended at its bound, and the pool counts as not able.
    public let isProven: Bool
    /// Hosts with whose failures alone it breaks; empty when it breaks with none, or nothing was proved.
    ///
    /// As many as `failures` when their machines find no place even if all of them fail at once. More when
    /// whoever fails them chooses the next one by where the machines of the former were put.
    public let witness: [HostIndex]
    /// Machines for which there is no place when the witness hosts fail at once; empty where only the order
    /// breaks it.
    public let machines: [String]
    /// How much memory is missing in total when the witness hosts fail at once; zero when there is enough,
    /// but in pieces that are too small.
    public let missing: Int
    /// What would help, the cheapest first.
    public let remedies: [Remedy]
}

/// What would let a pool take the failures that break it.
public enum Remedy: Hashable, Sendable {
    /// So much more memory on this host.
    case addMemory(Int, host: HostIndex)
    /// The machine is not protected any more.
    case unprotect(machine: String, size: Int)
}
