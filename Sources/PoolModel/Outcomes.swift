/// Why a host stops itself.
public enum SelfFenceReason: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// No lease was left: neither storage, nor vouchers, nor an all-lost pool (section 5).
    case leaseExpired = 1
    /// A decided view leaves this incarnation out ([VIEW-5]).
    case removedFromView = 2
    /// Too long between the check of the lease and the feed ([TIME-1]).
    case stalledFeed = 3
    /// The watchdog of a member could not be opened or fed.
    case watchdogUnavailable = 4
    /// The operator asked for it.
    case operatorRequest = 5
    /// The daemon crashed too often in a row.
    case crashLoop = 6
}

/// Which clause certified a host dead (section 7).
public enum CertificateClause: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Its lease must have run out: [DEAD-1].
    case leaseExpiry = 1
    /// Its own last record says so: [DEAD-2].
    case tombstone = 2
    /// It booted anew: [DEAD-3].
    case newBoot = 3
    /// A fence agent or the storage target confirmed it: [DEAD-4].
    case confirmedOff = 4
    /// The operator confirmed it: [DEAD-5].
    case operatorConfirmed = 5
    /// A later view, decided by a host that had certified it, no longer carries it (section 4).
    case carriedByView = 6
}

/// Proof that an incarnation can no longer write or run a guest (section 7).
public struct DeathCertificate: BitwiseCopyable, Equatable, Sendable {
    /// The dead host.
    public var host: HostIndex
    /// The dead incarnation.
    public var number: IncarnationNumber
    /// The clause.
    public var clause: CertificateClause
    /// When it was issued, on the certifier's clock.
    public var issuedAt: MonotonicInstant
    /// [DEAD-1]: the E from which D was counted, on the certifier's clock; else `issuedAt`.
    public var evidenceFrom: MonotonicInstant
    /// [DEAD-1]: the D that had to pass; else zero.
    public var bound: TimeSpan
    /// The view in which the host was removed.
    public var removedIn: Epoch

    /// The certificate with these fields.
    public init(
        host: HostIndex,
        number: IncarnationNumber,
        clause: CertificateClause,
        issuedAt: MonotonicInstant,
        evidenceFrom: MonotonicInstant,
        bound: TimeSpan,
        removedIn: Epoch
    ) {
        self.host = host
        self.number = number
        self.clause = clause
        self.issuedAt = issuedAt
        self.evidenceFrom = evidenceFrom
        self.bound = bound
        self.removedIn = removedIn
    }
}
