/// What the manager needs of the daemon: small, taken from one published state, fast to answer.
///
/// Hosts are rows of `hosts`.
public struct LivesetReport: Codable, Sendable, Equatable {
    /// The header's host table: names by row.
    public var hosts: [String] = []
    /// This host's row.
    public var own = 0
    /// What this host is doing.
    public var phase = PhaseWord.empty
    /// What the adopted view says the pool does.
    public var poolState = PoolStateWord.enabling
    /// The adopted view's position in the chain.
    public var epoch: UInt64 = 0
    /// This run's incarnation.
    public var incarnation = IncarnationReport()
    /// Members and removed hosts not certified dead.
    public var liveset: [Int] = []
    /// The members of the adopted view.
    public var members: [Int] = []
    /// Per member: the incarnation number that the view admits.
    public var memberNumbers: [Int: UInt32] = [:]
    /// Members seen storage-live: the only targets for restarts ([FAULT-4]).
    public var storageLive: [Int] = []
    /// The master of the adopted view.
    public var master: Int?
    /// The incarnation number of the master in the adopted view.
    public var masterIncarnation: UInt32?
    /// This host acts as master now ([VIEW-6]).
    public var isActingMaster = false
    /// What this host certified, with the figures.
    public var certificates: [CertificateReport] = []
    /// The end of this host's lease in nanoseconds of CLOCK_BOOTTIME; nil without one.
    public var leaseUntilNanoseconds: Int64?
    /// When this was taken, in nanoseconds of CLOCK_BOOTTIME.
    public var takenAtNanoseconds: Int64 = 0
    /// A good round within Ts.
    public var isStorageLive = false
    /// A hold of [FAULT-3] is in force.
    public var hold = false
    /// Where the statefile is.
    public var statefilePath = ""
    /// The pool generation's UUID.
    public var generation = ""
    /// This host is stopping itself: every guest here must be stopped at once, and `guests` reported.
    public var isFencing = false

    /// A report that says nothing yet.
    public init() {}
}
