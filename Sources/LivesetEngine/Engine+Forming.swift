import PoolModel

// Forming the first view of a pool, and the next one after a full outage ([JOIN-3], [JOIN-4]).
extension Engine {
    /// A joining host looks whether it may propose the next view itself.
    mutating func considerForming(now: MonotonicInstant, into orders: inout Orders) {
        followKnown(now: now, into: &orders)
        guard life == .joining else { return }
        guard round.isQuarantineOver, isStorageLive(at: now), !isHeldOut, known.epoch == shownEpoch else {
            return
        }
        // A view that lets this number in is waiting for its watchdog, not for another view.
        guard !known.includes(own, incarnation.number), now >= nextArmingAt else { return }
        guard proposer.stage == .idle || proposer.stage == .flagging else { return }
        certifyForForming(now: now, into: &orders)
        guard let desire = formingView(now: now) else {
            formableSince = nil
            if proposer.stage == .idle { proposer.finish() }
            return
        }
        let since = formableSince ?? now
        formableSince = since
        // Hosts that boot together come within moments of each other: give all of them time to be in the
        // first view.
        let isWhole = known.members.isSubset(of: desire.view.members) && !known.members.isEmpty
        let patience = isWhole || desire.view.state == .enabling ? TimeSpan.zero : timing.networkTimeout * 3
        let turn = since + patience + timing.roundInterval * (2 * desire.staying.rank(of: own))
        if now >= turn { propose(desire, now: now, into: &orders) }
    }

    /// The view that a joining host may propose; nil while it may not.
    func formingView(now: MonotonicInstant) -> Desire? {
        guard formObstacle(now: now) == nil else { return nil }
        let isEnabling = known.epoch == .zero || known.state == .disabled
        let candidates = isEnabling ? HostSet(first: settings.hostCount) : joiningClique(now: now)
        var view = known
        view.epoch = known.epoch.next
        view.state = isEnabling ? .enabling : known.state
        for host in HostSet(first: settings.hostCount) {
            let entry = view.entries[host]
            if candidates.contains(host) {
                let number = host == own ? incarnation.number : peers[host.row].newest.number
                view.entries[host] = ViewEntry(
                    number: number,
                    standing: .member,
                    reason: nil,
                    removedIn: entry.removedIn
                )
            } else if entry.standing == .member {
                view.entries[host] = ViewEntry(
                    number: entry.number,
                    standing: isCertifiedForForming(host) ? .absent : .removed,
                    reason: .formedWithout,
                    removedIn: view.epoch
                )
            } else if entry.standing == .removed && peers[host.row].isCertified(entry.number) {
                view.entries[host].standing = .absent
            }
        }
        if view.master == nil || !candidates.contains(view.master ?? own) {
            view.master = heaviest(candidates)
        }
        return Desire(view: view, host: candidates.first, reason: nil, staying: candidates)
    }

    private func heaviest(_ candidates: HostSet) -> HostIndex? {
        var best: HostIndex?
        var weight = -1
        for host in candidates {
            let own = host == self.own
            let candidate = Int(own ? settings.weight : peers[host.row].slot.weight)
            if candidate > weight { (best, weight) = (host, candidate) }
        }
        return best
    }

    /// What keeps this host from forming, and which hosts it is about; nil when it may.
    func formObstacle(now: MonotonicInstant) -> (obstacle: JoinObstacle, hosts: HostSet)? {
        if known.epoch == .zero || known.state == .disabled {
            if known.state == .disabled && !someoneAsksEnable(now: now) { return (.poolDisabled, HostSet()) }
            var missing = HostSet()
            for host in others where !isJoining(host, now: now) || !isMutual(own, host, now: now) {
                missing.insert(host)
            }
            for left in others {
                for right in others where right > left && !isMutual(left, right, now: now) {
                    missing.insert(right)
                }
            }
            return missing.isEmpty ? nil : (.waitingForHosts, missing)
        }
        if mayForceForm { return nil }
        let isInIt = known.entries[own].standing == .member
        var open = HostSet()
        for host in known.members where host != own {
            let record = peers[host.row]
            guard let certificate = record.certificate, record.isCertified(known.entries[host].number) else {
                if !isInIt || record.formAroundSeenAt != record.seenAt { open.insert(host) }
                continue
            }
            // A host outside the last view may form only on certificates that need no lease arithmetic
            // ([JOIN-4]).
            if !isInIt {
                switch certificate.clause {
                case .tombstone, .confirmedOff, .operatorConfirmed: break
                case .leaseExpiry, .newBoot, .carriedByView: open.insert(host)
                }
            }
        }
        return open.isEmpty ? nil : (.notCertified, open)
    }

    private func isCertifiedForForming(_ host: HostIndex) -> Bool {
        peers[host.row].isCertified(known.entries[host].number)
    }

    private func someoneAsksEnable(now: MonotonicInstant) -> Bool {
        if requests.asksEnable { return true }
        for host in others where isStorageLive(host, at: now) && peers[host.row].slot.requests.asksEnable {
            return true
        }
        return false
    }

    /// Certifies members of the last view, so that this host may form ([JOIN-4]).
    private mutating func certifyForForming(now: MonotonicInstant, into orders: inout Orders) {
        guard known.epoch != .zero, known.state != .disabled else { return }
        for host in known.members.union(known.removed) where host != own {
            let entry = known.entries[host]
            certifyAtOnce(host, entry, now: now, into: &orders)
            guard known.entries[own].standing == .member, !peers[host.row].isCertified(entry.number) else {
                continue
            }
            guard round.lastGoodCompleted == now else { continue }
            expireForForming(host, entry, now: now, into: &orders)
        }
    }

    /// [DEAD-1] for a member of a view that this host has not adopted.
    ///
    /// No view leaves the host out yet. Silence for D proves that a lease which it held is over; it does not
    /// prove that
    /// a *first* one never comes: a host that was let in and stood still before it armed can wake, read the
    /// last view
    /// as the newest, and adopt it. Such a host is formed around: the next view lists it as removed, and its
    /// certificate is counted from the adoption of that view (docs/decisions/0007-forming-around.md).
    private mutating func expireForForming(
        _ host: HostIndex,
        _ entry: ViewEntry,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        guard let proof = expiryProof(host, entry, readIssuedAt: round.lastGoodReadIssued, now: now) else {
            return
        }
        // A view on the disk that leaves it out, or a watchdog that was armed, keeps a first lease from
        // coming.
        if entry.standing == .removed || peers[host.row].armed == entry.number {
            mark(.join4Expired)
            issue(proof, into: &orders)
        } else {
            peers[host.row].formAroundSeenAt = peers[host.row].seenAt
        }
    }

    /// Whether two joining hosts hear each other, by their rows.
    private func isMutual(_ left: HostIndex, _ right: HostIndex, now: MonotonicInstant) -> Bool {
        joinerHears(left, right, now: now) && joinerHears(right, left, now: now)
    }

    private func joinerHears(_ host: HostIndex, _ other: HostIndex, now: MonotonicInstant) -> Bool {
        if host == own {
            return peers[other.row].isHeard(at: now, timing)
                && peers[other.row].slot.incarnation.number == peers[other.row].newest.number
        }
        let number = other == own ? incarnation.number : peers[other.row].newest.number
        return isStorageLive(host, at: now) && peers[host.row].slot.hears[other] == number
    }

    /// The best clique of joining hosts that this host is in.
    private func joiningClique(now: MonotonicInstant) -> HostSet {
        var hosts = PerHost<PartitionHost>(repeating: PartitionHost())
        var candidates = HostSet(own)
        for host in others {
            guard isJoining(host, now: now), isMutual(own, host, now: now) else { continue }
            guard peers[host.row].newest.number > known.entries[host].number else { continue }
            candidates.insert(host)
        }
        for left in candidates {
            for right in candidates where right != left && isMutual(left, right, now: now) {
                hosts[left].connected.insert(right)
            }
        }
        return CliqueSearch.best(among: candidates, hosts: hosts, master: known.master).members.union(
            HostSet(own)
        )
    }
}
