/// What happens to a machine whose host was lost: the operator's `ha-restart-priority`.
public enum RestartPriority: String, Codable, Sendable, CaseIterable {
    /// Protected: restarted before all others, for ever, until it runs.
    case restart
    /// Restarted with what the protected machines leave.
    case bestEffort = "best-effort"
    /// Not restarted.
    case unprotected = ""

    /// How people are shown it.
    public var label: String { self == .unprotected ? "not protected" : rawValue }
}

/// Why a machine is to be started.
public enum StartCause: String, Codable, Sendable {
    /// The operator registered or started it.
    case requested
    /// The host that ran it is certified dead.
    case hostLost = "host-lost"
    /// It ended by itself on a host that lives.
    case crashed
    /// An earlier start of it failed.
    case failedStart = "failed-start"
    /// An order of an earlier epoch was never carried out and never can be.
    case orderVoid = "order-void"
    /// A host reported that it runs it although the record did not know: the record follows the fact.
    case found
}

/// One host that may be running a machine: an order to start it, until something proves that it does not run
/// there.
///
/// While a machine has a claim nobody else may start it. A claim ends in three ways only: its host's life is
/// certified dead; its host, having shown the master's epoch, reports that this start failed or ended; or its
/// host, having shown the master's epoch, does not run it and the order is of an earlier epoch, which that
/// host can no longer carry out.
public struct Claim: Codable, Hashable, Sendable {
    /// The host's row.
    public var host: Int
    /// The life of the host that the order is for.
    public var number: UInt32
    /// The order's own name.
    public var intent: IntentID
    /// The incarnation number of the master that gave it ([ACT-1]).
    public var masterNumber: UInt32
    /// The record in which it first stood.
    public var issued: RecordVersion
    /// Why.
    public var cause: StartCause
    /// What proves that the machine runs nowhere else; empty for a first start and on the host where it
    /// ended.
    public var proofs: [DeathProof]
    /// When, in seconds since 1970.
    public var wallSeconds: Int64
    /// Its host has reported it running.
    public var isRunning = false

    /// The order with these fields.
    public init(
        host: Int,
        number: UInt32,
        intent: IntentID,
        masterNumber: UInt32,
        issued: RecordVersion,
        cause: StartCause,
        proofs: [DeathProof],
        wallSeconds: Int64
    ) {
        self.host = host
        self.number = number
        self.intent = intent
        self.masterNumber = masterNumber
        self.issued = issued
        self.cause = cause
        self.proofs = proofs
        self.wallSeconds = wallSeconds
    }
}

/// What the last claim of a machine left behind: why it may be started again.
public struct Release: Codable, Hashable, Sendable {
    /// Why it has to be started again.
    public var cause: StartCause
    /// The host that it is free of; nil when it never had one.
    public var host: Int?
    /// The proof that the host's life is over, where that is the reason.
    public var proofs: [DeathProof]
    /// What happened, in words.
    public var text: String

    /// The release with these fields.
    public init(cause: StartCause, host: Int?, proofs: [DeathProof] = [], text: String) {
        self.cause = cause
        self.host = host
        self.proofs = proofs
        self.text = text
    }
}

/// One machine of the pool, as the record holds it.
public struct MachineEntry: Codable, Hashable, Sendable {
    /// Unique in the pool.
    public var name: String
    /// The memory it takes, in MiB.
    public var memoryMiB: Int
    /// The content hash of its definition.
    public var definitionHash: String
    /// What happens when its host is lost.
    public var priority = RestartPriority.unprotected
    /// Groups of the restart: 0 first; a negative order last.
    public var order = 0
    /// How long the next order waits after this machine runs, in seconds.
    public var startDelaySeconds = 0
    /// Whether it ought to run.
    public var isWantedOn = false
    /// The record that said so first: a host that has seen it acts on nothing older.
    public var wantedSince = RecordVersion.zero
    /// Stop without asking the guest.
    public var isStopForced = false
    /// The operator's wish where it runs first; nil for none.
    public var homeHost: Int?
    /// Where it may be running: none, or one; more only where the record had to follow facts.
    public var claims: [Claim] = []
    /// What the last claim left behind.
    public var release: Release?
    /// Failed starts and quick ends in a row.
    public var failures = 0
    /// Why it is where it is, or why it does not run: a sentence of the master.
    public var note = ""

    /// A machine that is off and was never started.
    public init(name: String, memoryMiB: Int, definitionHash: String) {
        self.name = name
        self.memoryMiB = memoryMiB
        self.definitionHash = definitionHash
    }

    /// It ought to run and may be started: no host may be running it.
    public var needsStart: Bool { isWantedOn && claims.isEmpty }
}
