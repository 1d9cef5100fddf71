import PoolModel

/// Whether this host acts as master ([VIEW-6]).
struct MastershipRule: BitwiseCopyable {
    /// Completion of the first good round that showed the epoch in the own slot; starts anew after a gap over
    /// Ts.
    private(set) var publishedAt = MonotonicInstant.distantPast
    private(set) var publishedEpoch = Epoch.zero
    private(set) var lastGoodRound = MonotonicInstant.distantPast
    /// This host acted at the last look.
    private(set) var isActing = false

    /// A good round completed whose slot showed `epoch`.
    mutating func takeRound(showing epoch: Epoch, at now: MonotonicInstant, timing: Timing) {
        if epoch != publishedEpoch || now - lastGoodRound > timing.storageTimeout {
            publishedEpoch = epoch
            publishedAt = now
        }
        lastGoodRound = now
    }

    /// The own slot read back with an older epoch: publication starts anew.
    mutating func unpublish() { publishedEpoch = .zero }

    /// Judges anew.
    ///
    /// `mayAct` holds everything that concerns this host alone.
    mutating func judge(
        mayAct: Bool,
        view: View,
        own: HostIndex,
        peers: [PeerRecord],
        largestD: TimeSpan,
        now: MonotonicInstant
    ) -> Bool {
        isActing =
            mayAct && othersAreBehindUs(view: view, own: own, peers: peers, largestD: largestD, now: now)
        return isActing
    }

    /// Whether every other host that could still act under an older view cannot any more.
    private func othersAreBehindUs(
        view: View,
        own: HostIndex,
        peers: [PeerRecord],
        largestD: TimeSpan,
        now: MonotonicInstant
    ) -> Bool {
        for host in view.members.union(view.removed) where host != own {
            let record = peers[host.row]
            let number = view.entries[host].number
            if record.isCertified(number) { continue }
            if record.newest.number >= number && record.shownEpoch >= view.epoch { continue }
            let bound = CertificateRule.bound(record, number: number, largestD: largestD)
            if publishedEpoch == view.epoch && now - publishedAt >= bound { continue }
            return false
        }
        return true
    }
}
