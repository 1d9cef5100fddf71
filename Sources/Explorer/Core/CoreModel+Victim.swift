import LivesetEngine
import PoolModel

// The victim B: its fence loop, its rounds, its slot on the disk, and the grants that reach it.
extension CoreModel {
    mutating func moveVictim(_ state: CoreState) {
        moveFence(state)
        moveRound(state)
        guard state.lease > 0, state.grant > 0 else { return }
        // Dated by the sending of the heartbeat that it echoes; an older grant in flight beside the newest
        // one would only give a shorter lease, so the newest is all that is kept.
        var after = state
        let age = plan.slips.contains(.grantDatedAtReceipt) ? 0 : Int(state.grant) - 1
        after.grant = 0
        let until = deciders.leaseEnd(leaseEnd(state), grantedFor: CoreModel.before(age), now: CoreModel.now)
        after.lease = ticks(until: until)
        add(.grantArrives, after)
    }

    private mutating func moveFence(_ state: CoreState) {
        guard state.isLatched == 0 else { return }
        var after = state
        if state.check == 0 {
            // The later the check that a stop follows, the longer lives the victim.
            guard !plan.isReduced || plan.stopsBeforeFeed && state.lease == 1 else { return }
            // A check that fails only ends the feeding, which nothing takes back: no violation comes of it.
            guard fence.turn(leaseLeft: Int(state.lease), stop: 0).feeds else { return }
            after.check = 1
            add(.check, after)
            return
        }
        guard plan.stopsBeforeFeed || state.check == 1, !plan.isReduced || state.check > 1 else { return }
        let turn = fence.turn(leaseLeft: 1, stop: Int(state.check) - 1)
        after.check = 0
        if turn.feeds { after.dog = UInt8(plan.watchdog) }
        // What the loop fires in its second look fails here, so that the feed stands; but it never feeds
        // again.
        if turn.latches { after.isLatched = 1 }
        add(.feed, after)
    }

    private mutating func moveRound(_ state: CoreState) {
        var after = state
        if state.round == 0 {
            // Without a lease a new content of its slot only makes the certifier wait longer.
            guard state.lease > 0 else { return }
            after.round = 1
            after.roundHasLanded = 0
            after.write = unusedContent(state)
            add(.startsWrite, after)
            return
        }
        if state.roundHasLanded == 1, state.lease > 0, !readsRemoval(state) {
            completeRound(&after)
            add(.roundCompletes, after)
        }
        after = state
        giveUpRound(&after)
        add(.givesUp, after)
    }

    private func readsRemoval(_ state: CoreState) -> Bool {
        plan.victimReadsViews && (state.removal > 0 || state.voucherAdopted == 1)
    }

    private func completeRound(_ state: inout CoreState) {
        let issue = CoreModel.before(Int(state.round) - 1)
        state.lease = ticks(
            until: deciders.leaseEnd(leaseEnd(state), roundIssuedAt: issue, now: CoreModel.now)
        )
        (state.round, state.roundHasLanded, state.write) = (0, 0, CoreState.none)
    }

    /// What happens to the victim's slot on the disk.
    mutating func moveVictimDisk(_ state: CoreState) {
        if state.round > 0, state.roundHasLanded == 0 {
            var after = state
            after.disk = state.write
            after.roundHasLanded = 1
            // The sooner the round completes, the sooner has the victim its lease.
            if plan.isReduced, !readsRemoval(state) { completeRound(&after) }
            landed(.writeLands, after)
        }
        if state.late != CoreState.none {
            var after = state
            after.disk = state.late
            after.late = CoreState.none
            landed(.lateWriteLands, after)
        }
        if state.twin != CoreState.none, state.twin != state.disk {
            var after = state
            after.disk = state.twin
            if plan.repeats == .once { after.twin = CoreState.none }
            add(.writeLandsAgain, after)
        }
    }

    /// One write that may land again is kept, whichever.
    private mutating func landed(_ move: CoreMove, _ state: CoreState) {
        add(move, state)
        guard plan.repeats != .never else { return }
        var after = state
        after.twin = state.disk
        add(move, after)
    }

    private func unusedContent(_ state: CoreState) -> UInt8 {
        let used: UInt8 =
            1 << state.disk | 1 << state.seen | 1 << state.sample | 1 << state.late | 1 << state.twin
        return UInt8((~used).trailingZeroBitCount)
    }

    static func before(_ ticks: Int) -> MonotonicInstant { now - tick * ticks }

    private func leaseEnd(_ state: CoreState) -> MonotonicInstant { CoreModel.now + CoreModel.tick * Int(state.lease) }

    private func ticks(until instant: MonotonicInstant) -> UInt8 {
        UInt8((instant - CoreModel.now).nanoseconds / CoreModel.tick.nanoseconds)
    }
}
