import LivesetEngine
import NodeRuntime
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
    func checkHistory(_ view: borrowing View, told host: SimulatedHost) {
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
        guard let run = host.run, !run.isFencing else { return }
        if run.leaseEnd == nil { note(.firstLease, on: host) }
        let now = host.now
        let grace = host.settings.timing.grace
        if until > now + grace { broken("I7", "\(host.index) renewed its lease beyond now + G") }
        let isAlone = host.view.members == HostSet(host.index)
        let newest = max(host.lastGoodRound, host.lastSend)
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
        if let file = host.file, file.boot == host.boot, file.number == host.number, file.mark == .spent {
            broken("INC-1", "\(host.index) renews a lease under \(host.number), which is spent")
        }
        if !host.watchdog.isArmed, host.view.state != .disabled {
            broken("SAFE-4", "\(host.index) renews its lease without an armed watchdog")
        }
        if host.view.state != .disabled { host.dangerous = host.number }
    }

    /// The engine has taken the result of a round, and its orders are still to come.
    func noteRoundTaken(_ host: SimulatedHost, _ result: RoundResult) {
        let good = result.slotWrite == .succeeded && result.slotsRead
        if settings.tracesChatter { note(.roundEnded(id: result.id, good: good), on: host) }
        if result.slotWrite == .succeeded, let slot = host.run?.board.request.slot {
            host.acknowledged = AcknowledgedSlot(vouches: slot.vouches, ballotInstance: slot.ballotInstance)
        }
        guard good else { return }
        host.lastGoodRound = max(host.lastGoodRound, result.issuedAt)
        if host.isActing { checkMasters() }
    }

    /// I9: how far the watchdog reaches beyond the lease.
    func checkFeed(_ host: SimulatedHost) {
        // A device that cannot be stopped is fed for ever, without a lease.
        guard let run = host.run, run.fenceLink.phase == .feeding else { return }
        guard let end = run.leaseSeen, run.lookedAt < end else {
            return broken("LEASE-3", "\(host.index) fed its watchdog without a lease that it had looked at")
        }
        let reach = host.clock.reading(at: host.watchdog.deadline) - end
        if reach > host.watchdog.timeout * 2 + .milliseconds(1) {
            broken("I9", "\(host.index) fed its watchdog \(reach) beyond its lease")
        }
    }

    /// [JOIN-1]: *held* is in the own file before; [LEASE-2]: in a boot that has held a lease, opening feeds,
    /// so it needs a current lease in hand.
    func checkOpening(_ host: SimulatedHost) {
        let says = host.file
        let isHeld = says?.boot == host.boot && says?.number == host.number && says?.mark == .held
        if !isHeld, !host.isFileSpoilt {
            broken("JOIN-1", "\(host.index) opens the watchdog, and its file does not say held")
        }
        guard let number = host.dangerous, number == host.number else { return }
        guard host.view.members != HostSet(host.index) else { return }
        let now = host.now
        let proof = max(host.lastGoodRound, host.lastReceive)
        if now - proof > host.settings.timing.grace {
            broken("LEASE-2", "\(host.index) opened the watchdog of a held number without a lease in hand")
        }
    }

    /// The engine permits a disarm: whether the ground is true.
    func checkDisarm(_ host: SimulatedHost, _ permit: DisarmPermit) {
        host.run?.board.permits += 1
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

    /// The device is disarmed: only ever by a permit of the engine.
    func checkDisarmed(_ host: SimulatedHost, _ board: RunBoard) {
        board.permits -= 1
        if board.permits < 0 { broken("SAFE-4", "\(host.index) disarms its watchdog without a permit") }
    }

    // MARK: SAFE-2

    /// [VIEW-6]: the view stands in the own ballot block of whoever acts under it.
    func checkActing(_ host: SimulatedHost, _ epoch: Epoch) {
        if disk.newest[host.index.row].newest.decided.epoch < epoch {
            broken("VIEW-6", "\(host.index) acts in view \(epoch), which is not in its own ballot block")
        }
        checkMasters()
    }

    /// Whether the program of `host` would act as master now; a frozen one counts.
    func isActingMaster(_ host: SimulatedHost) -> Bool {
        guard host.isActing, let run = host.run, !run.isFencing else { return false }
        return host.now < host.lastGoodRound + host.settings.timing.grace
    }

    func checkMasters() {
        var first: SimulatedHost?
        for host in hosts where isActingMaster(host) {
            if let first {
                let epochs = "views \(first.view.epoch) and \(host.view.epoch)"
                return broken("SAFE-2", "\(first.index) and \(host.index) both act as master (\(epochs))")
            }
            first = host
        }
    }

    // MARK: LIVE-2

    func countFence(_ host: SimulatedHost) {
        oracle.fencesCounted += 1
        guard let allowed = oracle.fencesAllowed, oracle.fencesCounted > allowed else { return }
        broken("LIVE-2", "\(host.index) is fence \(oracle.fencesCounted), and \(allowed) were allowed")
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
        host.acknowledged = AcknowledgedSlot()
        host.lastSlotSequence = 0
        (host.lastGoodRound, host.lastSend, host.lastReceive) = (.distantPast, .distantPast, .distantPast)
        oracle.guestsProvenStopped[host.index.row] = .none
    }

    /// What a boot could do is over with it.
    func forgetBoot(_ host: SimulatedHost) {
        host.dangerous = nil
        oracle.claimedDead[host.index.row] = false
    }
}
