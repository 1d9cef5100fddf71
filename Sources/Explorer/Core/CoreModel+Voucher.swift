import LivesetEngine
import PoolModel

// The voucher Q: what it hears, what it promises, its rounds, its daemon.
extension CoreModel {
    mutating func moveVoucher(_ state: CoreState) {
        moveHearing(state)
        if !plan.isReduced { moveGrant(state) }
        moveVoucherLife(state)
    }

    /// A heartbeat of the victim arrives, however late; the victim sends at every tick.
    private mutating func moveHearing(_ state: CoreState) {
        guard state.lease > 0, state.voucherAdopted == 0 || state.pendingGrant > 0 else { return }
        for age in 0..<state.heard {
            var after = state
            after.heard = age
            after.hasGranted = 0
            // To hear now and to grant later is to hear later, for a heartbeat may be late.
            if plan.isReduced { moveGrant(after) } else { add(.hears, after) }
        }
    }

    private mutating func moveGrant(_ state: CoreState) {
        if state.pendingGrant > 0 {
            // H12: the check is old, the sequence is new, the date is the check's.
            guard state.heard < UInt8(plan.grace), state.hasGranted == 0 else { return }
            var after = state
            promise(&after)
            after.promise = min(state.promise, state.pendingGrant - 1)
            after.pendingGrant = 0
            add(.fillsGrant, after)
            return
        }
        guard state.heard < UInt8(plan.grace), deciders.grants(voucher(state)) else { return }
        var after = state
        if plan.slips.contains(.checkBeforeEvidence) {
            after.pendingGrant = 1
            add(.checksForGrant, after)
            return
        }
        promise(&after)
        add(.grants, after)
    }

    /// Composed: from here on the content stands, whenever it arrives.
    private func promise(_ state: inout CoreState) {
        state.hasGranted = 1
        state.promise = 0
        let age = plan.slips.contains(.grantDatedWhenSent) ? 0 : state.heard
        state.grant = state.grant == 0 ? age + 1 : min(state.grant, age + 1)
    }

    private func voucher(_ state: CoreState) -> VoucherState {
        let isLive = state.good < UInt8(plan.storageTimeout) || plan.slips.contains(.grantWithoutStorage)
        let ignoresDisk = plan.slips.contains(.vouchNotOnDisk)
        let underWay: Bool? = state.voucherRound > 0 ? state.voucherWrite.vouches == 1 : nil
        return VoucherState(
            isStorageLive: isLive,
            isQuarantineOver: state.inQuarantine == 0 || plan.slips.contains(.quarantineSkipped),
            hasAdoptedRemoval: state.voucherAdopted == 1,
            hasGrantedSequence: state.hasGranted == 1,
            isVouchAcknowledged: state.isVouchOnDisk == 1 || ignoresDisk,
            slotUnderWayVouches: ignoresDisk ? nil : underWay
        )
    }

    private mutating func moveVoucherLife(_ state: CoreState) {
        if state.voucherAdopted == 0 {
            var after = state
            after.voucherAdopted = 1
            add(.voucherAdopts, after)
        }
        // After the adoption, or once the lease is over, a restart could only make the certifier wait longer.
        if plan.voucherRestarts, state.voucherAdopted == 0, state.lease > 0 {
            var after = state
            giveUpVoucherRound(&after)
            (after.heard, after.hasGranted) = (UInt8(plan.grace), 0)
            (after.good, after.isVouchOnDisk) = (UInt8(plan.storageTimeout), 0)
            after.promise = plan.slips.contains(.startIsNoPromise) ? UInt8(plan.oldest) : 0
            after.inQuarantine = 1
            after.pendingGrant = 0
            add(.voucherRestarts, after)
        }
        if state.inQuarantine == 1 {
            // What had not landed by now never does.
            var after = state
            after.inQuarantine = 0
            after.voucherLate = .nothing
            add(.quarantineEnds, after)
        }
    }

    mutating func moveVoucherDisk(_ state: CoreState) {
        moveVoucherRound(state)
        guard state.voucherLate.exists else { return }
        var after = state
        after.voucherDisk = state.voucherLate
        after.voucherLate = .nothing
        add(.voucherLateWriteLands, after)
    }

    private mutating func moveVoucherRound(_ state: CoreState) {
        var after = state
        if state.voucherRound == 0 {
            // Without the lease, a slot of the old epoch could only make the certifier wait longer. One of
            // the new epoch is written, in a reduced search, when the certifier's read takes it: then its
            // age is exact.
            guard state.voucherAdopted == 0 ? state.lease > 0 : !plan.isReduced else { return }
            after.voucherRound = 1
            after.voucherRoundHasLanded = 0
            after.voucherWrite = VoucherContent(rank: newestRank(state) + 1)
            if state.voucherAdopted == 1 {
                after.voucherWrite.showsRemoval = 1
                after.voucherWrite.age = state.promise
                add(.voucherStartsWrite, after)
                return
            }
            // A slot without the vouch only ends the granting.
            if !plan.isReduced || plan.slips.contains(.voucherTermDropped) { add(.voucherStartsWrite, after) }
            after.voucherWrite.vouches = 1
            add(.voucherStartsWrite, after)
            return
        }
        if state.voucherRoundHasLanded == 0 {
            after.voucherDisk = state.voucherWrite
            after.voucherRoundHasLanded = 1
            // The sooner the round completes, the sooner may the voucher grant.
            if plan.isReduced { completeVoucherRound(&after) }
            add(.voucherWriteLands, after)
        } else {
            completeVoucherRound(&after)
            add(.voucherRoundCompletes, after)
        }
        after = state
        giveUpVoucherRound(&after)
        add(.voucherGivesUp, after)
    }

    private func completeVoucherRound(_ state: inout CoreState) {
        state.good = min(state.good, state.voucherRound - 1)
        state.isVouchOnDisk = state.voucherWrite.vouches
        (state.voucherRound, state.voucherRoundHasLanded, state.voucherWrite) = (0, 0, .nothing)
    }

    func newestRank(_ state: CoreState) -> UInt8 {
        var newest = max(state.voucherSeen.rank, state.voucherDisk.rank)
        if state.voucherNewest.exists { newest = max(newest, state.voucherNewest.rank) }
        if state.voucherSample.exists { newest = max(newest, state.voucherSample.rank) }
        if state.voucherLate.exists { newest = max(newest, state.voucherLate.rank) }
        return newest
    }
}
