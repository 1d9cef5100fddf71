/// What the planner says of a saved pool.
public struct PoolAnswer: Codable, Equatable, Sendable {
    /// What breaks the pool, and what would help.
    public struct Explanation: Codable, Equatable, Sendable {
        /// With how many failures it breaks.
        public var failures: Int
        /// It was proved; else the search ended at its bound and the pool counts as not able.
        public var isProven: Bool
        /// With the failures of these alone.
        public var hosts: [String]
        /// What then fits nowhere.
        public var machines: [String]
        /// How much memory is missing in total; 0 when there is enough in pieces that are too small.
        public var missingBytes: Int
        /// What would help, the cheapest first.
        public var remedies: [String]

        enum CodingKeys: String, CodingKey {
            case failures, hosts, machines, remedies
            case isProven = "is_proven"
            case missingBytes = "missing_bytes"
        }
    }

    /// The most host failures that the pool takes as it was saved.
    public var maxFailures = 0
    /// Every protected machine has a place in the pool as it was saved; else not even 0 failures hold.
    public var holdsNow = true
    /// The failures that were asked about, after those that were named.
    public var failures = 0
    /// The pool takes them.
    public var planExists = false
    /// The most further failures once the named hosts have failed.
    public var maxFailuresAfter: Int?
    /// Machines for which there is no place now.
    public var notRestartable: [String] = []
    /// Protected machines that are bound to one host; they do not spoil the plan of the others.
    public var notAgile: [String] = []
    /// Why, for each of the machines of both lists.
    public var reasons: [String: String] = [:]
    /// Hosts with whose failures alone it breaks.
    public var witness: [String] = []
    /// Where each machine without a host is to be started.
    public var assignments: [String: String] = [:]
    /// What breaks it; nil when nothing does.
    public var breach: Explanation?

    enum CodingKeys: String, CodingKey {
        case failures, reasons, witness, assignments, breach
        case maxFailures = "max_failures"
        case holdsNow = "holds_now"
        case planExists = "plan_exists"
        case maxFailuresAfter = "max_failures_after"
        case notRestartable = "not_restartable"
        case notAgile = "not_agile"
    }
}

/// Memory as people read it.
public enum MemoryText {
    /// `512 MiB`, `4 GiB`, `1.5 GiB`; sizes below a mebibyte in KiB.
    public static func of(_ bytes: Int) -> String {
        let mebibytes = bytes >> 20
        if mebibytes == 0 { return "\((bytes + 1023) >> 10) KiB" }
        guard mebibytes >= 1024 else { return "\(mebibytes) MiB" }
        let tenths = (mebibytes * 10 + 512) / 1024
        return tenths % 10 == 0 ? "\(tenths / 10) GiB" : "\(tenths / 10).\(tenths % 10) GiB"
    }
}
