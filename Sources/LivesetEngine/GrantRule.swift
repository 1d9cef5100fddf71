import PoolModel

/// When a host promises another one to live on, and what it states of that afterwards ([LEASE-M], [LEASE-A],
/// [DEAD-1] (c)).
struct GrantRule {
    /// What the giver knows of itself in the step in which it composes ([TIME-4]).
    struct Giver: BitwiseCopyable {
        /// It has adopted a view, and neither leaves nor fences itself.
        var isMember: Bool
        /// Its newest good round is younger than Ts.
        var isStorageLive: Bool
        /// It knows no view newer than its own, and has decided none that is not published.
        var hasNewestView: Bool
        /// Writes of its former lives can land no more ([VIEW-3]).
        var isQuarantineOver: Bool
        /// This run itself completed a good round after the quarantine.
        var hadGoodAfterQuarantine: Bool

        /// Whether it may grant at all.
        var mayGrant: Bool { isMember && isStorageLive && hasNewestView && isQuarantineOver }

        /// Whether it may say all-lost.
        var maySayAllLost: Bool {
            isMember && !isStorageLive && hasNewestView && hadGoodAfterQuarantine
        }
    }

    /// Whether `record`'s host is to be granted now: a new sequence, an old round, a grant asked for in the
    /// same epoch, the vouch on disk and not taken back by a slot that is on its way.
    ///
    /// `vouched` is the number in the newest own slot that is on the medium for certain, `underWay` the one
    /// in a slot that is being written, nil when none is.
    static func isDeserved(
        _ record: PeerRecord,
        in epoch: Epoch,
        vouched: IncarnationNumber,
        underWay: IncarnationNumber?
    ) -> Bool {
        guard record.isRoundOld, record.wantsGrant, record.lastSequence > record.grantedSequence else {
            return false
        }
        guard record.heartbeatEpoch == epoch, record.newest.number != .none else { return false }
        guard vouched == record.newest.number else { return false }
        return underWay == nil || underWay == record.newest.number
    }

    /// The age that a slot states of the newest promise to a host that left the view.
    ///
    /// A run counts its own start as a promise to every host, for the largest D of the pool.
    static func statedAge(
        promisedAt: MonotonicInstant,
        startedAt: MonotonicInstant,
        largestD: TimeSpan,
        now: MonotonicInstant
    ) -> GrantAge {
        let age = now - max(promisedAt, startedAt)
        guard age <= largestD * Timing.clockStretch else { return .none }
        return GrantAge(milliseconds: UInt32(max(0, age.inMilliseconds)))
    }
}
