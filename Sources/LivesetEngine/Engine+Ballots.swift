import PoolModel

// Deciding views by Disk Paxos on the statefile ([VIEW-1..3]).
extension Engine {
    /// Takes a read of all ballot blocks: the own newest record, and every decided view.
    mutating func readBallots(_ result: RoundResult, now: MonotonicInstant, into orders: inout Orders) {
        book.read(result.ballots[own.row])
        var newest = 0
        for row in result.ballots.indices
        where result.ballots[row].newest.decided.epoch > result.ballots[newest].newest.decided.epoch {
            if mutation.membersBallotsOnly && !isMemberRow(row) { continue }
            newest = row
        }
        learn(result.ballots[newest].newest.decided, now: now, into: &orders)
    }

    /// The ballot record that the next round writes, if any.
    mutating func prepareBallot() -> BallotWrite? {
        round.stage = .idle
        guard round.isQuarantineOver, round.hasSurveyed,
            life == .member || life == .joining || life == .disabled
        else {
            return nil
        }
        if let record = proposer.record(over: book.record, decided: known) {
            guard let write = book.prepare(record, unsettled: round.unsettled) else { return nil }
            round.stage = proposer.stage
            return write
        }
        // Every member keeps the adopted view in its own block ([VIEW-2], [VIEW-6]).
        guard life != .joining, adopted.epoch > book.record.decided.epoch else { return nil }
        mark(.view2CaughtUp)
        var record = book.record
        record.decided = adopted
        return book.prepare(record, unsettled: round.unsettled)
    }

    /// Moves the ballot on after a round.
    mutating func advanceBallot(
        _ result: RoundResult,
        wrote: Bool,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        guard proposer.instance != .zero else { return }
        if known.epoch >= proposer.instance {
            proposer.finish()
            return
        }
        switch proposer.stage {
        case .idle:
            break
        case .flagging:
            guard result.slotWrite == .succeeded, round.slot?.ballotInstance == proposer.instance else {
                return
            }
            // The own former ballots of this instance are among what is read: without that read a new run
            // could enter below what its former one promised.
            guard result.ballotsRead else {
                mark(.view1FlagUnread)
                round.isWanted = true
                return
            }
            enterPhase1(result)
        case .phase1, .phase2:
            guard round.stage == proposer.stage else {
                round.isWanted = true
                return
            }
            guard wrote, result.ballotsRead else {
                mark(.view1Retried)
                proposer.retry(at: now + timing.roundInterval)
                return
            }
            judgeBallot(result, now: now, into: &orders)
        case .publishing:
            finishPublishing(result, wrote: wrote, now: now, into: &orders)
        }
    }

    private func isMemberRow(_ row: Int) -> Bool {
        row == own.row || known.members.contains(HostIndex(row))
    }

    private mutating func enterPhase1(_ result: RoundResult) {
        var highest = BallotNumber.none
        for ballot in result.ballots where ballot.newest.instance == proposer.instance {
            if mutation.membersBallotsOnly && !isMemberRow(ballot.newest.owner.row) { continue }
            highest = max(highest, ballot.newest.mbal)
        }
        if highest != .none { mark(.view1Above) }
        proposer.startPhase1(own: own, above: highest)
        round.isWanted = true
    }

    private mutating func judgeBallot(_ result: RoundResult, now: MonotonicInstant, into orders: inout Orders)
    {
        switch proposer.judge(result.ballots, own: own, members: known.members, mutation) {
        case .decidedElsewhere:
            proposer.finish()
        case .overtaken(let seen):
            mark(.view1Overtaken)
            orders.append(.announce(.ballotLost(proposer.instance)))
            let steps = 1 + Int(nextJitter() % UInt64(4 + 4 * min(proposer.lossCount, 4)))
            proposer.yield(to: seen, until: now + timing.roundInterval / 4 * steps)
        case .clear(let found):
            let accepted = mutation.ownValueAlways ? nil : found
            if proposer.stage == .phase2 {
                mark(.view1Decided)
                proposer.startPublishing()
                if mutation.adoptedUnpublished { learn(proposer.value, now: now, into: &orders) }
            } else if let value = accepted ?? wantedView(now: now)?.view, value.epoch == proposer.instance {
                mark(accepted == nil ? .view1OwnValue : .view1Accepted)
                proposer.startPhase2(value)
            } else {
                mark(.view1WishGone)
                proposer.finish()
            }
            round.isWanted = true
        }
    }

    /// [VIEW-2a]: adopted only once a block with it as *decided* is on the medium for certain.
    private mutating func finishPublishing(
        _ result: RoundResult,
        wrote: Bool,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        var isOnDisk = wrote && round.stage == .publishing
        if result.ballotsRead {
            for ballot in result.ballots where ballot.newest.decided.epoch >= proposer.instance {
                isOnDisk = true
            }
        }
        guard isOnDisk else {
            round.isWanted = result.slotWrite == .succeeded
            return
        }
        let view = proposer.value
        proposer.finish()
        learn(view, now: now, into: &orders)
    }

    /// Enters or re-enters the ballot for `desire`, at this host's turn.
    mutating func propose(_ desire: Desire, now: MonotonicInstant, into orders: inout Orders) {
        guard proposer.stage == .idle, now >= proposer.notBefore else { return }
        if proposer.instance == .zero {
            orders.append(.announce(.proposing(desire.view.epoch, host: desire.host, reason: desire.reason)))
            markProposal(desire, now: now)
        }
        proposer.enter(desire.view.epoch)
        round.isWanted = true
    }
}
