import LivesetEngine
import PoolModel

/// What is checked after each step: the promises of section 1 and the invariants of model-check.md (d).
extension World {
    // MARK: SAFE-1

    /// `witness` believes that every number of `host` up to `number` is dead.
    private func checkDead(
        _ host: HostIndex,
        upTo number: IncarnationNumber,
        says witness: SimulatedHost,
        _ why: String
    ) {
        guard number != .none, !oracle.claimedDead[host.row] else { return }
        if oracle.certifiedUpTo[host.row] < number { oracle.certifiedUpTo[host.row] = number }
        guard let alive = hosts[host.row].dangerous, alive <= number else { return }
        broken(
            "SAFE-1",
            "\(witness.index) \(why) \(host) number \(number), which runs as \(alive) and may run guests"
        )
    }

    func checkCertificate(_ certificate: DeathCertificate, of witness: SimulatedHost) {
        certificates.append(certificate)
        checkRead(behind: certificate, of: witness)
        if certificate.clause == .operatorConfirmed { oracle.claimedDead[certificate.host.row] = true }
        witness.certified.insert(certificate.host)
        checkDead(
            certificate.host,
            upTo: certificate.number,
            says: witness,
            "certified (\(certificate.clause)) dead"
        )
    }

    /// [SAFE-3], I4: for each epoch one view, whoever adopts it or writes it down as decided.
    private func checkHistory(_ view: borrowing View, told host: SimulatedHost) {
        let epoch = Int(view.epoch.rawValue)
        while oracle.views.count <= epoch { oracle.views.append(nil) }
        guard let known = oracle.views[epoch] else {
            oracle.views[epoch] = copy view
            return
        }
        if known != copy view { broken("SAFE-3", "\(host.index) has another view \(epoch) than others have") }
    }

    /// [SAFE-1] and [SAFE-3] for a view that `host` adopted.
    func checkAdoption(_ view: borrowing View, by host: SimulatedHost) {
        let epoch = view.epoch
        checkHistory(view, told: host)
        if view.epoch > oracle.published {
            broken("I5", "\(host.index) adopted view \(epoch), which stands on no disk")
        }
        if view.epoch < host.view.epoch { broken("SAFE-3", "\(host.index) went back to view \(epoch)") }
        for row in 0..<settings.hostCount {
            let entry = view.entries[HostIndex(row)]
            // An admitted number says that all lower ones are dead, an absent row says so of its number too.
            let dead =
                entry.standing == .absent
                ? entry.number : IncarnationNumber(max(entry.number.rawValue, 1) - 1)
            checkDead(HostIndex(row), upTo: dead, says: host, "adopted view \(epoch) that leaves out")
        }
    }

    // MARK: Leases

    func checkRenewal(_ host: SimulatedHost, until: MonotonicInstant) {
        let now = host.clock.reading(at: time)
        let grace = host.settings.timing.grace
        if until > now + grace { broken("I7", "\(host.index) renewed its lease beyond now + G") }
        let isAlone = host.view.members == HostSet(host.index)
        let newest = max(host.lastGoodRound, pendingProof(host), host.evidence.newestPromise)
        checkNewestView(host, until: until)
        if !isAlone, until > newest + grace {
            broken("I7", "\(host.index) has a lease until \(until) and no proof newer than \(newest)")
        }
        if oracle.certifiedUpTo[host.index.row] >= host.number, host.number != .none, until > now,
            !oracle.claimedDead[host.index.row]
        {
            broken("I2", "\(host.index) number \(host.number) renews its lease and is certified dead")
        }
        if host.number != .none, oracle.guestsProvenStopped[host.index.row] == host.number {
            broken("SELF-FENCE", "\(host.index) renews its lease after it stopped its guests to fence itself")
        }
        if !host.watchdog.isArmed, host.view.state != .disabled {
            broken("SAFE-4", "\(host.index) renews its lease without an armed watchdog")
        }
        if host.view.state != .disabled { host.dangerous = host.number }
    }

    /// The round that is being handed over in this very step counts as a proof as well.
    func pendingProof(_ host: SimulatedHost) -> MonotonicInstant {
        let good = host.result.slotWrite == .succeeded && host.result.slotsRead && !host.worker.isBusy
        return good ? host.result.issuedAt : .distantPast
    }

    func noteGoodRound(_ host: SimulatedHost) {
        host.lastGoodRound = max(host.lastGoodRound, host.result.issuedAt)
        if let slot = host.request.slot { host.evidence.vouches = slot.vouches }
        if host.isActing { checkMasters() }
    }

    /// I9: how far the watchdog reaches beyond the lease.
    func checkFeed(_ host: SimulatedHost) {
        let reach = host.clock.reading(at: host.watchdog.deadline) - host.fence.lease
        if reach > host.watchdog.timeout * 2 + .milliseconds(1) {
            broken("I9", "\(host.index) fed its watchdog \(reach) beyond its lease")
        }
    }

    /// [LEASE-2]: in a boot that has held a lease, opening feeds, so it needs a current lease in hand.
    func checkOpening(_ host: SimulatedHost) {
        guard let number = host.dangerous, number == host.number, !host.fence.isOpen else { return }
        guard host.view.members != HostSet(host.index) else { return }
        let now = host.clock.reading(at: time)
        let proof = max(host.lastGoodRound, pendingProof(host), host.lastReceive)
        if now - proof > host.settings.timing.grace {
            broken("LEASE-2", "\(host.index) opened the watchdog of a held number without a lease in hand")
        }
    }

    func checkDisarm(_ host: SimulatedHost, _ permit: DisarmPermit) {
        switch permit.ground {
        case .left:
            if host.guests != 0 { broken("LEAVE-1", "\(host.index) disarmed as left while guests run") }
            host.dangerous = nil
        case .poolDisabled:
            if host.view.state != .disabled {
                broken("LEAVE-2", "\(host.index) disarmed, but its view is not disabled")
            }
            host.dangerous = nil
        case .neverAdopted:
            if host.dangerous == host.number, host.number != .none {
                broken("JOIN-1", "\(host.index) disarmed as never adopted, but it held a lease")
            }
        case .unguarded:
            break
        case .enablingExpired:
            if host.view.state != .enabling { broken("JOIN-3", "\(host.index) disarmed outside of enabling") }
            host.dangerous = nil
        }
    }

    // MARK: SAFE-2

    /// Whether the program of `host` would act as master now; a frozen one counts.
    func isActingMaster(_ host: SimulatedHost) -> Bool {
        guard host.isActing, host.daemonRuns, !host.fence.isFencing else { return false }
        if host.evidence.actsInHand, host.isFrozen(.engine, at: time) { return true }
        return host.clock.reading(at: time) < host.lastGoodRound + host.settings.timing.grace
    }

    func checkMasters() {
        var first: SimulatedHost?
        for host in hosts where isActingMaster(host) {
            checkOwnBlock(host)
            if let first {
                let epochs = "views \(first.view.epoch) and \(host.view.epoch)"
                return broken("SAFE-2", "\(first.index) and \(host.index) both act as master (\(epochs))")
            }
            first = host
        }
    }

    // MARK: What is sent and written

    func checkSend(_ host: SimulatedHost) {
        let heartbeat = host.orders.heartbeat
        host.number = heartbeat.incarnation.number
        if heartbeat.phase.isTombstone { checkTombstone(host, heartbeat.incarnation.number) }
        let now = host.clock.reading(at: time)
        noteSend(heartbeat, of: host, at: now)
        checkActing(host, now)
        for row in 0..<settings.hostCount where heartbeat.echoes[HostIndex(row)].kind == .grant {
            let peer = HostIndex(row)
            let standing = host.view.entries[peer]
            if standing.standing != .member || standing.number != heartbeat.echoes[peer].number {
                broken(
                    "I8",
                    "\(host.index) grants to \(peer), which is no member of its view \(host.view.epoch)"
                )
            }
            checkVouch(host, peer)
            let proof = max(host.lastGoodRound, pendingProof(host))
            if now - proof > host.settings.timing.storageTimeout, !host.ordersAreLate {
                broken("I8", "\(host.index) grants to \(peer) without a lease by storage of its own")
            }
        }
    }

    func checkRound(_ host: SimulatedHost) {
        guard let slot = host.request.slot else { return }
        if slot.owner != host.index { broken("SLOT", "\(host.index) writes the slot of \(slot.owner)") }
        if slot.phase.isTombstone { checkTombstone(host, slot.incarnation.number) }
        guard let ballot = host.request.ballot else { return }
        if ballot.record.owner != host.index {
            broken("VIEW-1", "\(host.index) writes the ballot of another host")
        }
        for operation in operations.operations
        where operation.host == host.index.rawValue && operation.mayLand && operation.kind == .ballotWrite
            && operation.subBlock == ballot.subBlock
        {
            broken(
                "VIEW-3",
                "\(host.index) writes sub-block \(ballot.subBlock), where an older write may land"
            )
        }
    }

    /// [DEAD-2]: a tombstone is issued only when no guest runs and the own file says *spent*.
    private func checkTombstone(_ host: SimulatedHost, _ number: IncarnationNumber) {
        if host.guests != 0 { broken("DEAD-2", "\(host.index) issues a tombstone while guests run") }
        if let file = host.file, file.number == number, file.mark != .spent {
            broken("INC-1", "\(host.index) issues a tombstone of \(number), its file does not say spent")
        }
        if host.dangerous == number { host.dangerous = nil }
    }

    func noteSlotLanding(_ host: SimulatedHost, _ index: Int, isLate: Bool) {
        let old = disk.slots[host.index.row].slot
        guard isLate || settings.tracesChatter else { return }
        note(.slotLanded(sequence: old.sequence, old.phase, old.epoch), on: host)
    }

    func noteBallotLanding(_ host: SimulatedHost, _ index: Int) {
        let subBlock = Int(operations.operations[index].subBlock)
        let record = operations.ballots[index]
        note(
            .ballotLanded(
                subBlock: subBlock,
                record.instance,
                record.mbal,
                record.bal,
                decided: record.decided.epoch
            ),
            on: host
        )
        checkHistory(record.decided, told: host)
        if record.decided.epoch > oracle.published { oracle.published = record.decided.epoch }
        checkBallotOnDisk(of: host.index)
        guard record.instance > record.decided.epoch else { return }
        wakeRivals(of: host)
        for row in 0..<settings.hostCount where row != host.index.row && record.bal != .none {
            let rival = disk.newest[row].newest
            guard rival.instance == record.instance, rival.bal != .none else { continue }
            if rival.proposal != record.proposal { rivalProposals += 1 }
        }
    }

    /// I6: what a host promised, accepted and decided never goes back on the disk.
    func checkBallotOnDisk(of host: HostIndex) {
        let mark = BallotMark(disk.newest[host.row].newest)
        if mark < oracle.newestBallot[host.row] {
            broken(
                "I6",
                "the newest ballot record of \(host) went back: \(oracle.newestBallot[host.row]) to \(mark)"
            )
        }
        oracle.newestBallot[host.row] = mark
    }

    // MARK: Forgetting

    /// What a daemon run knew is gone with it.
    func forgetRun(_ host: SimulatedHost) {
        host.isActing = false
        host.view = .zero
        host.certified = HostSet()
        host.phase = .empty
        host.number = .none
        host.waitsFor = nil
        host.isStorageLost = false
        (host.lastGoodRound, host.lastSend, host.lastReceive) = (.distantPast, .distantPast, .distantPast)
        host.evidence = HostEvidence()
        oracle.guestsProvenStopped[host.index.row] = .none
    }

    /// What a boot could do is over with it.
    func forgetBoot(_ host: SimulatedHost) {
        host.dangerous = nil
        oracle.claimedDead[host.index.row] = false
    }
}
