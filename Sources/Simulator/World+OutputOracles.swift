import LivesetEngine
import PoolModel

/// What is checked of everything that a host sends and writes: order of effects, invariants I4, I6 and I8 of
/// model-check.md (d).
extension World {
    // MARK: Heartbeats

    func checkSend(_ host: SimulatedHost, _ heartbeat: Heartbeat) {
        host.number = heartbeat.incarnation.number
        checkNumber(host, heartbeat.incarnation.number)
        if let view = heartbeat.view { checkTold(view, by: host) }
        if heartbeat.phase.isTombstone { checkTombstone(host, heartbeat.incarnation.number) }
        let now = host.now
        let areLate = host.run?.board.ordersAreLate ?? false
        for row in 0..<settings.hostCount where heartbeat.echoes[HostIndex(row)].kind == .grant {
            let peer = HostIndex(row)
            let standing = host.view.entries[peer]
            if standing.standing != .member || standing.number != heartbeat.echoes[peer].number {
                broken(
                    "I8",
                    "\(host.index) grants to \(peer), which is no member of its view \(host.view.epoch)"
                )
            }
            if host.acknowledged.vouches[peer] != heartbeat.echoes[peer].number {
                broken(
                    "LEASE-M",
                    "\(host.index) grants to \(peer), and its slot on disk does not vouch for it"
                )
            }
            if now - host.lastGoodRound > host.settings.timing.storageTimeout, !areLate {
                broken("I8", "\(host.index) grants to \(peer) without a lease by storage of its own")
            }
        }
    }

    /// I4 and [VIEW-2a]: what is told is the one view of its epoch, and stands on the disk.
    private func checkTold(_ view: borrowing View, by host: SimulatedHost) {
        let epoch = view.epoch
        checkHistory(view, told: host)
        if epoch > oracle.published {
            broken("VIEW-2a", "\(host.index) tells view \(epoch), which stands on no disk")
        }
    }

    /// [INC-1]: a number is in the own file before it is used.
    private func checkNumber(_ host: SimulatedHost, _ number: IncarnationNumber) {
        guard number != .none, !host.isFileSpoilt else { return }
        if let file = host.file, file.number >= number { return }
        broken("INC-1", "\(host.index) uses number \(number), which is not in its own file")
    }

    // MARK: Rounds

    func checkRound(_ host: SimulatedHost, _ request: RoundRequest) {
        guard let slot = request.slot else { return }
        checkNumber(host, slot.incarnation.number)
        if slot.sequence <= host.lastSlotSequence {
            broken("SLOT", "\(host.index) writes its slot with sequence \(slot.sequence) once more")
        }
        host.lastSlotSequence = slot.sequence
        if slot.owner != host.index { broken("SLOT", "\(host.index) writes the slot of \(slot.owner)") }
        if slot.phase.isTombstone { checkTombstone(host, slot.incarnation.number) }
        guard let ballot = request.ballot else { return }
        if ballot.record.owner != host.index {
            broken("VIEW-1", "\(host.index) writes the ballot of another host")
        }
        let isPhase = ballot.record.instance > ballot.record.decided.epoch && ballot.record.mbal != .none
        if isPhase, host.acknowledged.ballotInstance != ballot.record.instance {
            broken("VIEW-1", "\(host.index) ballots on \(ballot.record.instance), its slot shows no flag")
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
        // Once written it stands; in a disabled pool guests may be started after it.
        guard host.tombstone != number else { return }
        host.tombstone = number
        if host.guests != 0 { broken("DEAD-2", "\(host.index) issues a tombstone while guests run") }
        if let file = host.file, file.number == number, file.mark != .spent {
            broken("INC-1", "\(host.index) issues a tombstone of \(number), its file does not say spent")
        }
        if host.dangerous == number { host.dangerous = nil }
    }

    /// [INC-1]: no run holds a lease under a number that is spent.
    func noteSpent(_ host: SimulatedHost, _ number: IncarnationNumber) {
        if host.guests == 0, host.dangerous == number { host.dangerous = nil }
    }

    // MARK: Landing

    func noteSlotLanding(_ host: SimulatedHost, isLate: Bool) {
        guard isLate || settings.tracesChatter else { return }
        let landed = disk.slot(of: host.index).slot
        note(.slotLanded(sequence: landed.sequence, landed.phase, landed.epoch), on: host)
    }

    /// The bytes of a ballot sub-block have changed on the medium.
    func noteBallotLanding(_ host: SimulatedHost, subBlock: Int) {
        let record = disk.ballotChanged(of: host.index, subBlock: subBlock)
        checkBallotOnDisk(of: host.index)
        guard let record else { return }
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
}
