import LivesetEngine
import PoolModel

// What is checked in each step: the promises of section 1, and the invariants of model-check.md (d).
extension Situation {
    // MARK: SAFE-1

    /// `witness` believes that every number of `host` up to `number` is dead.
    func checkDead(_ host: HostIndex, upTo number: IncarnationNumber, says witness: PoolHost) {
        guard number != .none, let alive = hosts[host.row].dangerous, alive <= number else { return }
        broken("SAFE-1", "\(witness.row) takes \(host) number \(number) for dead, which has power and may run guests")
    }

    func checkAdoption(_ view: View, by host: PoolHost) {
        checkHistory(view, told: host.row)
        if view.epoch > published { broken("I5", "\(host.row) adopted view \(view.epoch), which stands on no disk") }
        if view.epoch < host.adoptedEpoch { broken("SAFE-3", "\(host.row) went back to view \(view.epoch)") }
        host.adoptedEpoch = view.epoch
        host.adoptedState = view.state
        for row in hosts.indices where row != host.row.row {
            let entry = view.entries[HostIndex(row)]
            // An admitted number says that all lower ones are dead, an absent row says so of its number too.
            let isAbsent = entry.standing == .absent
            let dead = isAbsent ? entry.number : IncarnationNumber(max(entry.number.rawValue, 1) - 1)
            checkDead(HostIndex(row), upTo: dead, says: host)
        }
    }

    // MARK: SAFE-2

    /// Two hosts whose programs would act as master in this instant; one that stands still counts.
    func checkMasters() {
        var first: PoolHost?
        for host in hosts where host.isActing && host.hasPower && !host.isLatched {
            guard now < host.lastGoodRound + PoolClock.timing.grace else { continue }
            if let first { broken("SAFE-2", "\(first.row) and \(host.row) both act as master") }
            first = host
        }
    }

    // MARK: SAFE-3

    private func checkHistory(_ view: View, told host: HostIndex) {
        let epoch = Int(view.epoch.rawValue)
        while views.count <= epoch {
            // Views are learnt in any order; a place that waits for its view holds the one of *format*.
            views.append(.zero)
        }
        if views[epoch].epoch != view.epoch {
            views[epoch] = view
        } else if views[epoch] != view {
            broken("SAFE-3", "\(host) has another view \(epoch) than others have")
        }
    }

    func checkBallot(_ record: BallotRecord, of host: HostIndex) {
        checkHistory(record.decided, told: host)
        published = max(published, record.decided.epoch)
    }

    func checkRound(_ host: PoolHost, _ request: RoundRequest) {
        guard let ballot = request.ballot else { return }
        for write in lateWrites where write.host == host.row {
            if write.order.request.ballot?.subBlock == ballot.subBlock {
                broken("VIEW-3", "\(host.row) writes a sub-block in which an older write may land")
            }
        }
    }

    // MARK: Leases

    func checkRenewal(_ host: PoolHost, _ until: MonotonicInstant) {
        if until > now + PoolClock.timing.grace { broken("I7", "\(host.row) renewed its lease beyond now + G") }
        if !host.isArmed, host.adoptedState != .disabled {
            broken("SAFE-4", "\(host.row) renews its lease without an armed watchdog")
        }
    }

    func checkFeed(_ host: PoolHost) {
        let reach = host.resetsAt - watchdogDelay - PoolClock.timing.resetDelay - host.lease
        if reach > PoolClock.timing.watchdog * 2 { broken("I9", "\(host.row) fed \(reach) beyond its lease") }
    }

    func checkDisarm(_ host: PoolHost, _ permit: DisarmPermit) {
        switch permit.ground {
        case .left, .poolDisabled, .enablingExpired: host.dangerous = nil
        case .neverAdopted:
            if host.dangerous == host.number, host.number != .none {
                broken("JOIN-1", "\(host.row) disarmed as never adopted, but it held a lease")
            }
        case .unguarded: break
        }
    }

    /// A tombstone says that nothing runs any more, a grant only goes to members.
    func checkSend(_ host: PoolHost, _ heartbeat: Heartbeat) {
        if heartbeat.phase.isTombstone, host.dangerous == heartbeat.incarnation.number { host.dangerous = nil }
        guard host.adoptedEpoch != .zero, Int(host.adoptedEpoch.rawValue) < views.count else { return }
        for peer in hosts where heartbeat.echoes[peer.row].kind == .grant {
            let echo = heartbeat.echoes[peer.row]
            guard peer !== host, !views[Int(host.adoptedEpoch.rawValue)].includes(peer.row, echo.number) else { continue }
            broken("I8", "\(host.row) grants to \(peer.row), which is no member of its view")
        }
    }

    // MARK: LIVE-2

    /// After a single fault at most one host was stopped.
    func checkSingleFault() {
        let stopped = hosts.filter(\.wasStopped)
        if stopped.count > 1 {
            broken("LIVE-2", "a single fault stopped \(stopped.map(\.row.description).joined(separator: " and "))")
        }
    }
}
