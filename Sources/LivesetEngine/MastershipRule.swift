import PoolModel

/// Whether this host acts as master ([VIEW-6]).
struct MastershipRule: BitwiseCopyable {
    /// Completion of the first good round that showed the epoch in the own slot; starts anew after a gap over
    /// Ts.
    private var publishedAt = MonotonicInstant.distantPast
    private var publishedEpoch = Epoch.zero
    private var lastGoodRound = MonotonicInstant.distantPast
    /// This host acted at the last look.
    private(set) var isActing = false
    /// The clauses that it has passed.
    private(set) var reached = ClauseSet()

    /// A good round completed whose slot showed `epoch`.
    mutating func takeRound(
        showing epoch: Epoch,
        at now: MonotonicInstant,
        timing: Timing,
        _ mutation: Mutation = Mutation()
    ) {
        let isGap = now - lastGoodRound > timing.storageTimeout && !mutation.masterThroughGaps
        if isGap && epoch == publishedEpoch { reached.insert(.view6GapAnew) }
        if epoch != publishedEpoch || isGap {
            publishedEpoch = epoch
            publishedAt = now
        }
        lastGoodRound = now
    }

    /// The own slot read back with an older epoch: publication starts anew.
    mutating func unpublish() {
        if publishedEpoch != .zero { reached.insert(.view6WentBack) }
        publishedEpoch = .zero
    }

    /// Judges anew.
    ///
    /// `mayAct` holds everything that concerns this host alone.
    mutating func judge(
        mayAct: Bool,
        view: View,
        own: HostIndex,
        peers: [PeerRecord],
        largestD: TimeSpan,
        now: MonotonicInstant,
        _ mutation: Mutation = Mutation()
    ) -> Bool {
        isActing =
            mayAct
            && othersAreBehindUs(
                view: view,
                own: own,
                peers: peers,
                largestD: largestD,
                now: now,
                mutation
            )
        if mutation.masterAtOnce { isActing = mayAct }
        if mayAct && !isActing { reached.insert(.view6Waits) }
        return isActing
    }

    /// Whether every other host that could still act under an older view cannot any more.
    private mutating func othersAreBehindUs(
        view: View,
        own: HostIndex,
        peers: [PeerRecord],
        largestD: TimeSpan,
        now: MonotonicInstant,
        _ mutation: Mutation
    ) -> Bool {
        for host in view.members.union(view.removed) where host != own {
            let record = peers[host.row]
            let number = view.entries[host].number
            if record.isCertified(number) {
                reached.insert(.view6ByCertificate)
                continue
            }
            if record.newest.number >= number && record.shownEpoch >= view.epoch {
                reached.insert(.view6ByEpoch)
                continue
            }
            var bound = CertificateRule.bound(record, number: number, largestD: largestD)
            if mutation.masterAfterGraceAndW { bound = record.slot.grace + record.slot.watchdog }
            if publishedEpoch == view.epoch && now - publishedAt >= bound {
                reached.insert(.view6ByTime)
                continue
            }
            return false
        }
        return true
    }
}
