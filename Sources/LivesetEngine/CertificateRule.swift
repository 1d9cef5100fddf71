import PoolModel

/// When P last had reason to believe that other hosts promised B something ([DEAD-1] (c)).
///
/// For each (Q, B): the first sight of a slot of Q in an epoch whose view leaves B out, less the age that the
/// slot
/// states. Kept from B's removal to its next admission.
struct DepartureBook: Sendable {
    private let hostCount: Int
    var terms: [MonotonicInstant]

    /// Not seen yet in an epoch that leaves B out.
    private static let unseen = MonotonicInstant.distantFuture

    init(hostCount: Int) {
        self.hostCount = hostCount
        terms = Array(repeating: DepartureBook.unseen, count: hostCount * hostCount)
    }

    /// B was removed anew: nothing is known of the others' promises.
    mutating func forget(_ removed: HostIndex) {
        for other in 0..<hostCount { terms[other * hostCount + removed.row] = DepartureBook.unseen }
    }

    /// Takes what Q's slot says of B; only the first sight counts.
    mutating func note(_ other: HostIndex, _ record: PeerRecord, removed: HostIndex, removedIn: Epoch) {
        let index = other.row * hostCount + removed.row
        guard terms[index] == DepartureBook.unseen, record.slot.epoch >= removedIn else { return }
        guard record.verdict == .valid, record.slot.incarnation.number == record.newest.number else { return }
        terms[index] = record.slot.grantAges[removed].span.map { record.seenAt - $0 } ?? .distantPast
    }

    /// The term of Q in E of B.
    func term(_ other: HostIndex, _ record: PeerRecord, removed: HostIndex, fallbackGrace: TimeSpan)
        -> MonotonicInstant
    {
        let noted = terms[other.row * hostCount + removed.row]
        if noted != DepartureBook.unseen { return noted }
        guard record.wasRead else { return .distantFuture }
        // A joining run has promised nothing and cannot before a view admits it; its host's former run ended
        // before the
        // first sight of this one (docs/decisions/0003-joining-slots.md).
        if record.verdict == .valid && record.slot.phase == .joining { return record.joiningSince }
        if record.verdict == .valid && record.slot.phase == .empty { return .distantPast }
        let grace = record.largestG > .zero ? record.largestG : fallbackGrace
        return record.seenAt + grace * Timing.clockStretch
    }
}

/// Certifies hosts dead (section 7).
struct CertificateRule {
    /// What the certifier knows of itself.
    struct Certifier: BitwiseCopyable {
        /// When this run started.
        var startedAt = MonotonicInstant.distantPast
        /// When this run adopted its first view.
        var adoptedFirstAt = MonotonicInstant.distantPast
        /// The end of the last gap over Ts between good rounds.
        var gapEndedAt = MonotonicInstant.distantPast
    }

    /// The clauses that need no waiting: [DEAD-2..5].
    static func immediate(_ record: PeerRecord, number: IncarnationNumber) -> CertificateClause? {
        if record.tombstone.number == number && record.tombstone.nonce == record.newest.nonce
            && record.newest.number == number
        {
            return .tombstone
        }
        if record.newest.number > number { return .newBoot }
        if record.confirmed == number && number != .none { return record.confirmedBy }
        return nil
    }

    /// E of [DEAD-1].
    static func evidence(
        against host: HostIndex,
        peers: [PeerRecord],
        own: HostIndex,
        departures: DepartureBook,
        certifier: Certifier,
        pathMayRepeatWrites: Bool,
        largestD: TimeSpan
    ) -> MonotonicInstant {
        let record = peers[host.row]
        var evidence = max(record.seenAt, certifier.gapEndedAt, record.promisedAt, certifier.startedAt)
        evidence = max(evidence, certifier.adoptedFirstAt)
        if pathMayRepeatWrites { evidence = max(evidence, record.removalLearntAt) }
        for row in peers.indices where row != own.row && row != host.row {
            let other = HostIndex(row)
            evidence = max(
                evidence,
                departures.term(other, peers[row], removed: host, fallbackGrace: largestD)
            )
        }
        return evidence
    }

    /// Whether a read issued at `readIssuedAt` proves the death: D after E.
    static func isProven(evidence: MonotonicInstant, bound: TimeSpan, readIssuedAt: MonotonicInstant) -> Bool {
        evidence < .distantFuture && readIssuedAt >= evidence + bound
    }

    /// D of B: the largest that its incarnation was ever seen to publish; the header's where the slot is
    /// unreadable.
    static func bound(_ record: PeerRecord, number: IncarnationNumber, largestD: TimeSpan) -> TimeSpan {
        guard record.newest.number == number, record.largestD > .zero, record.verdict == .valid else {
            return largestD
        }
        return record.largestD
    }
}
