/// One machine, for lists.
public struct VMReport: Codable, Sendable, Equatable {
    /// Its name.
    public var name = ""
    /// `running`, `starting`, `stopping`, `off`, `waiting` (ought to run and may be started), `unknown` (its
    /// host may be running it and cannot be asked).
    public var state = "off"
    /// The host that runs it, or may be running it.
    public var host: String?
    /// `restart`, `best-effort` or the empty word.
    public var haRestartPriority = ""
    /// Groups of the restart.
    public var order = 0
    /// How long the next order waits after it runs, in seconds.
    public var startDelaySeconds = 0
    /// The memory it takes, in MiB.
    public var memoryMiB = 0
    /// It ought to run.
    public var isWantedOn = false
    /// The order that it runs by: `e7-12`.
    public var intent: String?
    /// What the hypervisor calls it: `pid 4711`.
    public var detail: String?
    /// Failed starts and quick ends in a row.
    public var failures = 0
    /// Why it is where it is, or why it does not run.
    public var note = ""

    /// Nothing known.
    public init() {}
}

/// Every machine of the pool.
public struct VMListReport: Codable, Sendable, Equatable {
    /// The machines, by name.
    public var machines: [VMReport] = []
    /// The record that this was taken from.
    public var record = RecordVersion.zero
    /// The host that acts as master, as far as this host knows.
    public var master: String?
    /// What keeps the list from being fresh, or machines from being started; empty when all is well.
    public var warnings: [String] = []

    /// Nothing known.
    public init() {}
}

/// Why a machine is where it is, or why it does not run.
public struct VMWhyReport: Codable, Sendable, Equatable {
    /// The machine.
    public var machine = VMReport()
    /// The story in sentences, most important first.
    public var sentences: [String] = []
    /// The proofs behind its last start, or behind the release of its last host.
    public var proofs: [DeathProof] = []
    /// Each host with why it has or has not the machine.
    public var hosts: [String: String] = [:]
    /// The ledger's lines about it, oldest first.
    public var ledger: [LedgerEntry] = []

    /// Nothing known.
    public init() {}
}

/// The machines' part of a host's story.
public struct HostWhyReport: Codable, Sendable, Equatable {
    /// The host.
    public var host = ""
    /// What it runs or may be running, as the record says.
    public var machines: [VMReport] = []
    /// What its manager said last, in sentences.
    public var sentences: [String] = []
    /// The ledger's lines about it, oldest first.
    public var ledger: [LedgerEntry] = []

    /// Nothing known.
    public init() {}
}

/// Lines of the restart ledger.
public struct LedgerReport: Codable, Sendable, Equatable {
    /// The lines, oldest first.
    public var entries: [LedgerEntry] = []
    /// The hosts' names by row.
    public var hosts: [String] = []
    /// How many lines were ever written.
    public var count: UInt64 = 0

    /// Nothing known.
    public init() {}
}

/// How this host's manager is.
public struct ManagerStatusReport: Codable, Sendable, Equatable {
    /// This host.
    public var host = ""
    /// What it does as master: `none`, `surveying`, `taking-over`, `acting`.
    public var role = "none"
    /// The newest record that it knows.
    public var record = RecordVersion.zero
    /// The newest record that it acts on.
    public var seen = RecordVersion.zero
    /// The epoch that it has shown.
    public var epoch: UInt64 = 0
    /// What runs here.
    public var running: [RunningGuest] = []
    /// Why orders wait here, by machine.
    public var waiting: [String: String] = [:]
    /// Memory for guests on this host, and what is left, in MiB.
    public var totalMiB = 0
    /// What no guest takes, in MiB.
    public var freeMiB = 0
    /// Milliseconds since the daemon answered last; nil for never.
    public var daemonAgeMilliseconds: Int64?
    /// Milliseconds since the record areas were read last; nil for never.
    public var readAgeMilliseconds: Int64?
    /// Milliseconds since the own area was written last; nil for never.
    public var writeAgeMilliseconds: Int64?
    /// Hosts whose manager is silent.
    public var silent: [String] = []
    /// What is wrong, in sentences; empty when all is well.
    public var warnings: [String] = []

    /// Nothing known.
    public init() {}
}
