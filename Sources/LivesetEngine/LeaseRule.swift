import PoolModel

/// The own lease: until when this host may run, and on which proof (section 5).
///
/// Once a proof gave a lease until an instant, that stands: every promise in it was counted by its giver when
/// the giver
/// counts this host's death ([DEAD-1] (b) and (c)), so a lease never has to be taken back early.
struct LeaseRule: BitwiseCopyable {
    /// Until when this host may run.
    private(set) var until = MonotonicInstant.distantPast
    /// What the newest lease rests on.
    private(set) var ground = LeaseGround.none
    /// When LEASE-A last gave a lease.
    private(set) var allLostHeldAt = MonotonicInstant.distantPast
    /// While storage is lost without a break: the largest view, and the members that left it.
    private(set) var largestView = 0
    private(set) var seenMembers = HostSet()

    /// Whether any lease was ever given to this run.
    var hasStarted: Bool { until != .distantPast }

    /// Whether the lease is over: it is not renewed, however good the proof that comes after.
    func hasEnded(at now: MonotonicInstant) -> Bool { hasStarted && now >= until }

    /// Forgets everything: the host took a new number.
    mutating func reset() { self = LeaseRule() }

    /// Follows the view, for the majority of [LEASE-M] (a): counted on the largest view since storage was
    /// lost.
    mutating func follow(members: HostSet, isStorageLost: Bool) {
        if isStorageLost {
            seenMembers = seenMembers.union(members)
            largestView = max(largestView, members.count)
        } else {
            seenMembers = members
            largestView = members.count
        }
    }

    /// Whether [LEASE-M] (a) is waived: LEASE-A carried this host a moment ago.
    private func isWaived(at now: MonotonicInstant, _ timing: Timing) -> Bool {
        now - allLostHeldAt < max(timing.networkTimeout, .seconds(30))
    }

    /// Whether a grant could help at all; without it none is asked for, so that a certificate comes sooner.
    func couldUseGrant(
        at now: MonotonicInstant,
        members: HostSet,
        policy: StorageLossPolicy,
        _ timing: Timing
    ) -> Bool {
        guard policy == .stay else { return false }
        return isWaived(at: now, timing) || largestView > 2 || needed(members) <= 0
    }

    /// k of [LEASE-M]: how many echoing peers are still needed, after the hosts that left the view.
    private func needed(_ members: HostSet) -> Int {
        largestView / 2 + 1 - seenMembers.subtracting(members).count
    }

    /// [LEASE-S]: a good round issued at `issue`.
    mutating func takeRound(issuedAt issue: MonotonicInstant, grace: TimeSpan) {
        take(issue + grace, .storage)
    }

    /// [LEASE-M]: vouched for.
    ///
    /// `echoes` are the own issue times that peers echoed, by row; `granted` the newest grant.
    mutating func takeVouches(
        peers: [PeerRecord],
        members: HostSet,
        granted: MonotonicInstant,
        policy: StorageLossPolicy,
        timing: Timing,
        now: MonotonicInstant
    ) {
        guard policy == .stay, granted != .distantPast else { return }
        let needed = needed(members)
        if isWaived(at: now, timing) || needed <= 0 {
            take(granted + timing.grace, .vouched)
        } else if let echoed = kthNewestEcho(needed, peers: peers) {
            take(min(echoed, granted) + timing.grace, .vouched)
        }
    }

    /// The k-th newest own issue time among the peers' echoes; nil when fewer peers echoed.
    private func kthNewestEcho(_ k: Int, peers: [PeerRecord]) -> MonotonicInstant? {
        var ceiling = MonotonicInstant.distantFuture
        var found = 0
        while true {
            var best = MonotonicInstant.distantPast
            var count = 0
            for index in peers.indices where peers[index].newestEcho < ceiling {
                let echo = peers[index].newestEcho
                if echo > best { (best, count) = (echo, 1) } else if echo == best { count += 1 }
            }
            if best == .distantPast { return nil }
            found += count
            if found >= k { return best }
            ceiling = best
        }
    }

    /// [LEASE-A]: every other member of the view says all-lost in this epoch; `oldest` is the oldest of their
    /// newest echoes.
    ///
    /// Alone in the view: `now`.
    mutating func takeAllLost(oldest: MonotonicInstant, isAlone: Bool, now: MonotonicInstant, grace: TimeSpan)
    {
        guard oldest != .distantPast, oldest + grace > now else { return }
        if !isAlone { allLostHeldAt = now }
        take(oldest + grace, .allLost)
    }

    private mutating func take(_ instant: MonotonicInstant, _ ground: LeaseGround) {
        guard instant > until else { return }
        until = instant
        self.ground = ground
    }
}
