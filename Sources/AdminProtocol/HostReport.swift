/// What one host knows of one row of the host table.
public struct HostReport: Codable, Sendable, Equatable {
    /// Its name.
    public var name = ""
    /// Its row.
    public var index = 0
    /// Whether it is the host that answers.
    public var isOwn = false
    /// What the adopted view says of it.
    public var standing = StandingWord.absent
    /// Why a view left it out last.
    public var removedFor: RemovalWord?
    /// In which view it was left out last.
    public var removedIn: UInt64?
    /// In the liveset: a member, or removed and not certified dead.
    public var isInLiveset = false
    /// What it says it is doing.
    public var phase = PhaseWord.empty
    /// The newest life seen.
    public var incarnation = IncarnationReport()
    /// The epoch that it shows.
    public var epoch: UInt64 = 0
    /// Age of the last heartbeat; nil for never.
    public var heartbeatAgeMilliseconds: Int?
    /// Age of the last seen change of its slot; nil for never.
    public var slotAgeMilliseconds: Int?
    /// Heartbeat within Tn.
    public var isHeard = false
    /// Slot changed within Ts + r.
    public var isStorageLive = false
    /// As it says.
    public var netOK = false
    /// As it says.
    public var hasGuests = false
    /// Who it says it hears: its row of the matrix.
    public var hears: [String] = []
    /// Whom it says it vouches for.
    public var vouches: [String] = []
    /// How its slot was read last.
    public var slotVerdict = SlotVerdictWord.torn
    /// The proof that its removed life is over, if this host has one.
    public var certificate: CertificateReport?
    /// Removals within the last hour, as its slot says.
    public var recentRemovals = 0
    /// Self-fences in a row, as its slot says.
    public var selfFences = 0
    /// Why its last life fenced itself.
    public var lastFence: SelfFenceWord?
    /// Its last words.
    public var lastWords = ""

    /// Nothing known.
    public init() {}
}

/// Proof that a life of a host is over (section 7), with its figures.
public struct CertificateReport: Codable, Sendable, Equatable {
    /// The dead host's name.
    public var host = ""
    /// The dead host's row.
    public var index = 0
    /// The dead incarnation number.
    public var number: UInt32 = 0
    /// The clause.
    public var clause = CertificateWord.leaseExpiry
    /// When it was issued, in nanoseconds of the certifier's CLOCK_BOOTTIME.
    public var issuedAtNanoseconds: Int64 = 0
    /// [DEAD-1]: the E from which D was counted, else the time of issue.
    public var evidenceFromNanoseconds: Int64 = 0
    /// [DEAD-1]: the D that had to pass; else 0.
    public var boundMilliseconds = 0
    /// The view in which the host was removed.
    public var removedIn: UInt64 = 0

    /// A certificate with nothing in it.
    public init() {}
}
