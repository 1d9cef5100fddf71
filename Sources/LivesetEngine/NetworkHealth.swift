import PoolModel

/// netOK: whether this host's own links are well (section 6, [FAULT-3]).
///
/// False at once when carrier or witness fail; true only after they have held for 2 Tn + 2h without a break,
/// so that a
/// returning cable never decides a partition before the first heartbeat crossed it.
struct NetworkHealth: BitwiseCopyable {
    private(set) var isUp = true
    private(set) var upSince: MonotonicInstant
    /// What the slot and the heartbeats say.
    private(set) var isPublishedOK = false

    /// Health of a host whose links were first looked at `now`.
    init(now: MonotonicInstant) { upSince = now }

    /// Takes the raw state of carrier and witness.
    mutating func observe(allUp: Bool, now: MonotonicInstant) {
        if allUp && !isUp { upSince = now }
        isUp = allUp
        if !allUp { isPublishedOK = false }
    }

    /// Publishes OK once the links have held long enough.
    mutating func advance(now: MonotonicInstant, timing: Timing) {
        let hold = timing.networkTimeout * 2 + timing.heartbeatInterval * 2
        if isUp && now - upSince >= hold { isPublishedOK = true }
    }
}
