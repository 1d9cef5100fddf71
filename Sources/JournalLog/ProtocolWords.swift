import LivesetEngine
public import PoolModel

/// The protocol's own values in words, for sentences.
public enum ProtocolWords {
    /// The word of a phase.
    public static func of(_ phase: HostPhase) -> String {
        switch phase {
        case .empty: "empty"
        case .joining: "joining"
        case .member: "member"
        case .leaving: "leaving"
        case .left: "left"
        case .fenced: "fenced"
        case .unguarded: "unguarded"
        case .heldOut: "held-out"
        case .disabled: "disabled"
        }
    }

    static func of(_ state: PoolState) -> String {
        switch state {
        case .enabling: "enabling"
        case .active: "active"
        case .disabled: "disabled"
        }
    }

    static func word(_ reason: RemovalReason) -> String {
        switch reason {
        case .silent: "silent"
        case .partitioned: "partitioned"
        case .storageLost: "storage-lost"
        case .askedOut: "asked-out"
        case .left: "left"
        case .knownDead: "known-dead"
        case .formedWithout: "formed-without"
        }
    }

    static func sentence(_ reason: RemovalReason) -> String {
        switch reason {
        case .silent: "nobody hears it, its slot stands still, nobody vouches for it [FAULT-1]"
        case .partitioned: "it is on the smaller side of a network partition [FAULT-2]"
        case .storageLost: "it is without storage for longer than storage-loss-limit [FAULT-4]"
        case .askedOut: "the operator asked for it [FAULT-6]"
        case .left: "it leaves cleanly [LEAVE-1]"
        case .knownDead: "it is known dead already [FAULT-9]"
        case .formedWithout: "the pool forms anew without it [JOIN-4]"
        }
    }

    static func word(_ reason: SelfFenceReason) -> String {
        switch reason {
        case .leaseExpired: "lease-expired"
        case .removedFromView: "removed-from-view"
        case .stalledFeed: "stalled-feed"
        case .watchdogUnavailable: "watchdog-unavailable"
        case .operatorRequest: "operator-request"
        case .crashLoop: "crash-loop"
        }
    }

    static func sentence(_ reason: SelfFenceReason) -> String {
        switch reason {
        case .leaseExpired: "its lease ended: neither storage, nor vouchers, nor an all-lost pool carries it"
        case .removedFromView: "a decided view leaves this incarnation out [VIEW-5]"
        case .stalledFeed: "too long passed between the check of the lease and the feed [TIME-1]"
        case .watchdogUnavailable: "the watchdog could not be opened or fed"
        case .operatorRequest: "the operator asked for it"
        case .crashLoop: "the daemon crashed too often in a row"
        }
    }

    static func word(_ clause: CertificateClause) -> String {
        switch clause {
        case .leaseExpiry: "DEAD-1"
        case .tombstone: "DEAD-2"
        case .newBoot: "DEAD-3"
        case .confirmedOff: "DEAD-4"
        case .operatorConfirmed: "DEAD-5"
        case .carriedByView: "carried-by-view"
        }
    }

    static func word(_ obstacle: JoinObstacle) -> String {
        switch obstacle {
        case .noStatefile: "no-statefile"
        case .quarantine: "quarantine"
        case .notHeard: "not-heard"
        case .waitingForHosts: "waiting-for-hosts"
        case .notCertified: "not-certified"
        case .heldOut: "held-out"
        case .poolDisabled: "pool-disabled"
        case .watchdog: "watchdog"
        }
    }
}
