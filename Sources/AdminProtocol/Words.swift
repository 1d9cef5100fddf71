public import PoolModel

/// A host's phase as a word on the wire.
public enum PhaseWord: String, Codable, Sendable, CaseIterable {
    /// The slot as *format* wrote it.
    case empty
    /// Not a member yet, wants to be.
    case joining
    /// In the liveset.
    case member
    /// A member that asks for a view without it.
    case leaving
    /// Left cleanly.
    case left
    /// Fenced itself after every guest was stopped.
    case fenced
    /// Runs without a watchdog after an emergency disable.
    case unguarded
    /// Stays out by itself: flapping or boot loop.
    case heldOut = "held-out"
    /// The pool is disabled and this host disarmed.
    case disabled

    /// The word of `phase`.
    public init(_ phase: HostPhase) {
        switch phase {
        case .empty: self = .empty
        case .joining: self = .joining
        case .member: self = .member
        case .leaving: self = .leaving
        case .left: self = .left
        case .fenced: self = .fenced
        case .unguarded: self = .unguarded
        case .heldOut: self = .heldOut
        case .disabled: self = .disabled
        }
    }
}

/// What the pool does, as a word on the wire.
public enum PoolStateWord: String, Codable, Sendable, CaseIterable {
    /// Armed for the first time, no restarts yet.
    case enabling
    /// Hosts fence, machines are restarted.
    case active
    /// Disarmed everywhere.
    case disabled

    /// The word of `state`.
    public init(_ state: PoolState) {
        switch state {
        case .enabling: self = .enabling
        case .active: self = .active
        case .disabled: self = .disabled
        }
    }
}

/// What a view says of a host, as a word on the wire.
public enum StandingWord: String, Codable, Sendable, CaseIterable {
    /// Not in the liveset and nothing of it is open.
    case absent
    /// In the liveset.
    case member
    /// Left out and not certified dead yet by the proposer of the view.
    case removed

    /// The word of `standing`.
    public init(_ standing: HostStanding) {
        switch standing {
        case .absent: self = .absent
        case .member: self = .member
        case .removed: self = .removed
        }
    }
}

/// Why a view left a host out, as a word on the wire.
public enum RemovalWord: String, Codable, Sendable, CaseIterable {
    /// Nobody heard it and its slot stood still.
    case silent
    /// On the wrong side of a network partition.
    case partitioned
    /// Without storage for longer than the pool's limit.
    case storageLost = "storage-lost"
    /// The operator fenced it.
    case askedOut = "asked-out"
    /// It left cleanly.
    case left
    /// It was known dead already.
    case knownDead = "known-dead"
    /// The pool formed anew without it.
    case formedWithout = "formed-without"

    /// The word of `reason`.
    public init(_ reason: RemovalReason) {
        switch reason {
        case .silent: self = .silent
        case .partitioned: self = .partitioned
        case .storageLost: self = .storageLost
        case .askedOut: self = .askedOut
        case .left: self = .left
        case .knownDead: self = .knownDead
        case .formedWithout: self = .formedWithout
        }
    }
}

/// Why a host stopped itself, as a word on the wire.
public enum SelfFenceWord: String, Codable, Sendable, CaseIterable {
    /// No lease was left.
    case leaseExpired = "lease-expired"
    /// A decided view leaves it out.
    case removedFromView = "removed-from-view"
    /// Too long between the check of the lease and the feed.
    case stalledFeed = "stalled-feed"
    /// The watchdog could not be opened or fed.
    case watchdogUnavailable = "watchdog-unavailable"
    /// The operator asked for it.
    case operatorRequest = "operator-request"
    /// The daemon crashed too often in a row.
    case crashLoop = "crash-loop"

    /// The word of `reason`.
    public init(_ reason: SelfFenceReason) {
        switch reason {
        case .leaseExpired: self = .leaseExpired
        case .removedFromView: self = .removedFromView
        case .stalledFeed: self = .stalledFeed
        case .watchdogUnavailable: self = .watchdogUnavailable
        case .operatorRequest: self = .operatorRequest
        case .crashLoop: self = .crashLoop
        }
    }
}

/// Which clause certified a host dead, as a word on the wire.
public enum CertificateWord: String, Codable, Sendable, CaseIterable {
    /// [DEAD-1].
    case leaseExpiry = "lease-expiry"
    /// [DEAD-2].
    case tombstone
    /// [DEAD-3].
    case newBoot = "new-boot"
    /// [DEAD-4].
    case confirmedOff = "confirmed-off"
    /// [DEAD-5].
    case operatorConfirmed = "operator-confirmed"
    /// A later view no longer carries it.
    case carriedByView = "carried-by-view"

    /// The word of `clause`.
    public init(_ clause: CertificateClause) {
        switch clause {
        case .leaseExpiry: self = .leaseExpiry
        case .tombstone: self = .tombstone
        case .newBoot: self = .newBoot
        case .confirmedOff: self = .confirmedOff
        case .operatorConfirmed: self = .operatorConfirmed
        case .carriedByView: self = .carriedByView
        }
    }
}

/// Which rule carries a host's lease, as a word on the wire.
public enum LeaseGroundWord: String, Codable, Sendable, CaseIterable {
    /// No lease.
    case none
    /// Its own statefile rounds ([LEASE-S]).
    case storage
    /// The peers' vouches ([LEASE-M]).
    case vouched
    /// Every member lost its storage ([LEASE-A]).
    case allLost = "all-lost"
}

/// What keeps a host from joining, as a word on the wire.
public enum JoinObstacleWord: String, Codable, Sendable, CaseIterable {
    /// The statefile cannot be read or written ([JOIN-2]).
    case noStatefile = "no-statefile"
    /// Writes of former lives may still land ([VIEW-3]).
    case quarantine
    /// Not heard by, or does not hear, some storage-live members.
    case notHeard = "not-heard"
    /// The pool enables only when more hosts have joined ([JOIN-3]).
    case waitingForHosts = "waiting-for-hosts"
    /// Members of the last view are not certified dead ([JOIN-4]).
    case notCertified = "not-certified"
    /// Held out by itself ([FAULT-7], [FAULT-8]).
    case heldOut = "held-out"
    /// The pool is disabled.
    case poolDisabled = "pool-disabled"
    /// The watchdog could not be opened.
    case watchdog
}

/// How a row of the statefile was read, as a word on the wire.
public enum SlotVerdictWord: String, Codable, Sendable, CaseIterable {
    /// A valid slot of this pool.
    case valid
    /// The checksum is wrong.
    case torn
    /// Another generation, an unknown version, a wrong MAC or a wrong owner.
    case foreign

    /// The word of `verdict`.
    public init(_ verdict: SlotReading.Verdict) {
        switch verdict {
        case .valid: self = .valid
        case .torn: self = .torn
        case .foreign: self = .foreign
        }
    }
}
