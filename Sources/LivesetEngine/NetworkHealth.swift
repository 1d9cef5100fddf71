import PoolModel

/// netOK: whether this host's own links are well (section 6, [FAULT-3]).
///
/// False at once when carrier or witness fail; true only after they have held for 2 Tn + 2h without a break,
/// so that a
/// returning cable never decides a partition before the first heartbeat crossed it.
struct NetworkHealth: BitwiseCopyable {
    private var isUp = true
    private var upSince: MonotonicInstant
    /// What the slot and the heartbeats say.
    private(set) var isPublishedOK = false
    /// The clauses that it has passed.
    private(set) var reached = ClauseSet()

    /// Health of a host whose links were first looked at `now`.
    init(now: MonotonicInstant) { upSince = now }

    /// Takes the raw state of carrier and witness.
    mutating func observe(allUp: Bool, now: MonotonicInstant) {
        if allUp && !isUp { upSince = now }
        isUp = allUp
        guard !allUp else { return }
        reached.insert(isPublishedOK ? .fault3NetOKLost : .fault3NetOKBroken)
        isPublishedOK = false
    }

    /// Publishes OK once the links have held long enough.
    mutating func advance(now: MonotonicInstant, timing: Timing, _ mutation: Mutation = Mutation()) {
        let hold = mutation.netOKAtOnce ? .zero : timing.networkTimeout * 2 + timing.heartbeatInterval * 2
        guard isUp, !isPublishedOK, now - upSince >= hold else { return }
        reached.insert(.fault3NetOKGained)
        isPublishedOK = true
    }
}
