import PoolModel

// Views: learning, adopting, and what a view does to this host (section 4).
extension Engine {
    /// What this host's slot and heartbeats say it is doing.
    var phase: HostPhase {
        switch life {
        case .surveying, .numbering: .empty
        case .joining: isHeldOut ? .heldOut : .joining
        case .holding, .arming, .renouncing: .joining
        case .resuming: .member
        case .member: isLeaving ? .leaving : .member
        case .departing, .gone: fence.isSpent ? .left : .leaving
        case .disabled: fence.isSpent ? .left : .disabled
        case .unguarded: .unguarded
        case .fencing: fence.isSpent ? .fenced : .member
        }
    }

    /// The newest view that this host is bound by: adopted; for a host that is not a member, read.
    var shownEpoch: Epoch {
        life.isBound || life == .fencing || life == .disabled ? adopted.epoch : known.epoch
    }

    /// Takes a decided view, from disk or from a heartbeat.
    mutating func learn(_ view: View, now: MonotonicInstant, into orders: inout Orders) {
        guard view.epoch > known.epoch else { return }
        known = view
        wantsHeartbeat = true
        round.isWanted = true
        followKnown(now: now, into: &orders)
    }

    /// Brings this host in line with the newest decided view.
    mutating func followKnown(now: MonotonicInstant, into orders: inout Orders) {
        let entry = known.entries[own]
        let isIn = known.includes(own, incarnation.number)
        switch life {
        case .member:
            guard known.epoch > adopted.epoch else { return }
            if isIn {
                adopt(known, now: now, into: &orders)
            } else if isLeaving && entry.reason == .left && entry.number == incarnation.number {
                beginDeparture(into: &orders)
            } else {
                beginFence(.removedFromView, now: now, into: &orders)
            }
        case .resuming:
            if isIn {
                life = .member
                adopt(known, now: now, into: &orders)
            } else if entry.number >= incarnation.number {
                beginFence(.removedFromView, now: now, into: &orders)
            }
        case .joining:
            if isIn {
                beginAdmission(now: now, into: &orders)
            } else if entry.number >= incarnation.number && incarnation.number != .none {
                // Let in and removed before it adopted, or another life used the number: take a new one.
                take(entry.number.next, into: &orders)
            }
        case .arming:
            if !isIn && watchdog.isOpen { renounce(into: &orders) }
        case .disabled:
            if isIn && known.state == .disabled && known.epoch > adopted.epoch {
                adopt(known, now: now, into: &orders)
            }
        case .surveying, .numbering, .holding, .renouncing, .departing, .gone, .unguarded, .fencing:
            break
        }
    }

    /// Adopts `view`, in which this host is a member.
    ///
    /// The only place where the adopted view changes.
    mutating func adopt(_ view: View, now: MonotonicInstant, into orders: inout Orders) {
        precondition(
            view.includes(own, incarnation.number),
            "a host adopts only views that it is in ([VIEW-5])"
        )
        for host in others { followEntry(host, in: view, now: now) }
        adopted = view
        members = view.members
        removed = view.removed
        adoptedAt = now
        if firstAdoptedAt == .distantPast { firstAdoptedAt = now }
        if proposer.instance <= view.epoch { proposer.finish() }
        desiredSince = nil
        clearRequests()
        lease.follow(members: members, isStorageLost: !isStorageLive(at: now))
        wantsHeartbeat = true
        round.isWanted = true
        orders.append(.announce(.viewAdopted(view)))
        if view.state == .disabled && life == .member { disarmForDisabled(into: &orders) }
    }

    /// What one row of the new view changes in what is known of that host.
    private mutating func followEntry(_ host: HostIndex, in view: View, now: MonotonicInstant) {
        let old = adopted.entries[host]
        let new = view.entries[host]
        if new.standing == .removed && (old.standing != .removed || old.number != new.number) {
            departures.forget(host)
            peers[host.row].removalLearntAt = now
            for other in others where other != host {
                departures.note(other, peers[other.row], removed: host, removedIn: new.removedIn)
            }
        }
        if new.standing == .absent && old.standing != .absent && !peers[host.row].isCertified(old.number) {
            peers[host.row].certificate = DeathCertificate(
                host: host,
                number: old.number,
                clause: .carriedByView,
                issuedAt: now,
                evidenceFrom: now,
                bound: .zero,
                removedIn: new.removedIn
            )
        }
    }

    private mutating func clearRequests() {
        requests.asksOut = requests.asksOut.intersection(members)
        if let wanted = requests.asksMaster, adopted.master == wanted || !members.contains(wanted) {
            requests.asksMaster = nil
        }
        switch adopted.state {
        case .disabled: requests.asksDisable = false
        case .enabling, .active: requests.asksEnable = false
        }
    }

    /// Removed hosts that this host has not certified dead: they still count as alive ([SAFE-1]).
    var uncertified: HostSet {
        var set = HostSet()
        for host in removed where host != own && !peers[host.row].isCertified(adopted.entries[host].number) {
            set.insert(host)
        }
        return set
    }

    /// Certifies removed hosts, and members that are known dead ([FAULT-9]), on what this round showed.
    mutating func certify(_ result: RoundResult, now: MonotonicInstant, into orders: inout Orders) {
        let view = life.isBound ? adopted : known
        for host in others {
            let entry = view.entries[host]
            guard entry.standing != .absent, !peers[host.row].isCertified(entry.number) else { continue }
            certifyAtOnce(host, entry, now: now, into: &orders)
        }
        guard round.lastGoodCompleted == now, life == .member else { return }
        for host in uncertified {
            certifyByExpiry(
                host,
                adopted.entries[host],
                readIssuedAt: result.readIssuedAt,
                now: now,
                into: &orders
            )
        }
    }

    /// [DEAD-2..5], from any evidence.
    mutating func certifyAtOnce(
        _ host: HostIndex,
        _ entry: ViewEntry,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        guard !peers[host.row].isCertified(entry.number) else { return }
        guard let clause = CertificateRule.immediate(peers[host.row], number: entry.number) else { return }
        issue(
            DeathCertificate(
                host: host,
                number: entry.number,
                clause: clause,
                issuedAt: now,
                evidenceFrom: now,
                bound: .zero,
                removedIn: entry.removedIn
            ),
            into: &orders
        )
    }

    /// [DEAD-1], from a good round of this host.
    mutating func certifyByExpiry(
        _ host: HostIndex,
        _ entry: ViewEntry,
        readIssuedAt: MonotonicInstant,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        guard let proof = expiryProof(host, entry, readIssuedAt: readIssuedAt, now: now) else { return }
        issue(proof, into: &orders)
    }

    /// The certificate of [DEAD-1] that a read issued at `readIssuedAt` gives; nil while D has not passed.
    func expiryProof(
        _ host: HostIndex,
        _ entry: ViewEntry,
        readIssuedAt: MonotonicInstant,
        now: MonotonicInstant
    ) -> DeathCertificate? {
        let record = peers[host.row]
        guard record.unguarded != entry.number else { return nil }
        let certifier = CertificateRule.Certifier(
            startedAt: startedAt,
            adoptedFirstAt: firstAdoptedAt,
            gapEndedAt: round.gapEndedAt
        )
        let evidence = CertificateRule.evidence(
            against: host,
            peers: peers,
            own: own,
            departures: departures,
            certifier: certifier,
            pathMayRepeatWrites: settings.pathMayRepeatWrites,
            largestD: settings.largestD
        )
        let bound = CertificateRule.bound(record, number: entry.number, largestD: settings.largestD)
        guard CertificateRule.isProven(evidence: evidence, bound: bound, readIssuedAt: readIssuedAt) else {
            return nil
        }
        return DeathCertificate(
            host: host,
            number: entry.number,
            clause: .leaseExpiry,
            issuedAt: now,
            evidenceFrom: evidence,
            bound: bound,
            removedIn: entry.removedIn
        )
    }

    mutating func issue(_ certificate: DeathCertificate, into orders: inout Orders) {
        peers[certificate.host.row].certificate = certificate
        orders.append(.announce(.certified(certificate)))
        round.isWanted = true
    }

    func canDecide(now: MonotonicInstant) -> Bool {
        isStorageLive(at: now) && round.isQuarantineOver && known.epoch == shownEpoch
    }
}
