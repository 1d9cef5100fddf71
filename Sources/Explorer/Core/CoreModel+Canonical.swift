// Equal situations are equal states: what decides nothing any more is forgotten, contents are named anew.
extension CoreModel {
    func canonical(_ state: CoreState) -> CoreState {
        var state = state
        // Who has a feed in hand, or will never feed again, gains nothing from a lease any more.
        if plan.isReduced, state.check > 0 || state.isLatched == 1 { state.lease = 0 }
        if state.lease == 0 { forgetProofs(&state) }
        forgetTerms(&state)
        forgetUnused(&state)
        if plan.hasVoucher {
            forgetVoucher(&state)
            nameVoucherContents(&state)
        }
        nameVictimContents(&state)
        return state
    }

    /// A lease that is over is not renewed: what could renew it is gone, and what the victim or a voucher of
    /// the old epoch still writes could only make the certifier wait longer.
    private func forgetProofs(_ state: inout CoreState) {
        (state.round, state.roundHasLanded, state.write) = (0, 0, CoreState.none)
        state.grant = 0
        state.pendingGrant = 0
        (state.good, state.isVouchOnDisk, state.inQuarantine) = (0, 0, 0)
        (state.heard, state.hasGranted) = (UInt8(plan.grace), 0)
        if state.voucherRound > 0, state.voucherWrite.showsRemoval == 0 {
            (state.voucherRound, state.voucherRoundHasLanded, state.voucherWrite) = (0, 0, .nothing)
        }
        if state.voucherLate.showsRemoval == 0 { state.voucherLate = .nothing }
    }

    /// A term of E that lies before the first sight of the victim's slot never decides: that sight only
    /// grows.
    private func forgetTerms(_ state: inout CoreState) {
        let oldest = UInt8(plan.oldest)
        if state.ownPromise >= state.seenAge { state.ownPromise = oldest }
        if state.departure > state.seenAge { state.departure = oldest + 1 }
        // A slot that tells of the promise late states it too young: to forget it is bolder, and no less
        // safe.
        if plan.isReduced, state.promise >= state.seenAge, state.pendingGrant == 0 { state.promise = oldest }
        if state.gapEnd >= state.seenAge { state.gapEnd = oldest }
        // The voucher's term is at most G after the first sight of its slot.
        if state.voucherSeenAge >= state.seenAge + UInt8(plan.grace) { state.voucherSeenAge = oldest }
    }

    /// What only an option of the plan looks at.
    private func forgetUnused(_ state: inout CoreState) {
        if !plan.pathMayRepeatWrites { state.removal = min(state.removal, 1) }
        if !plan.countsGaps { (state.lastRead, state.gapEnd) = (0, UInt8(plan.oldest)) }
        if state.check > 0, state.isLatched == 1 { state.check = 0 }
    }

    private func forgetVoucher(_ state: inout CoreState) {
        if state.voucherAdopted == 1 {
            // It never grants again, unless a check is under way that came before (H12).
            if state.pendingGrant == 0 { (state.heard, state.hasGranted) = (UInt8(plan.grace), 0) }
            (state.good, state.isVouchOnDisk, state.inQuarantine) = (0, 0, 0)
        }
        if state.departure > 0 {
            // The term of E is known and stays: nothing that the voucher writes matters any more.
            (state.voucherRound, state.voucherRoundHasLanded) = (0, 0)
            (state.voucherWrite, state.voucherLate) = (.nothing, .nothing)
            state.voucherDisk = VoucherContent(rank: 0, showsRemoval: 1)
            state.voucherNewest = state.voucherDisk
            state.voucherSeen = state.voucherDisk
            state.voucherSample = .nothing
            state.voucherSeenAge = UInt8(plan.oldest)
            if state.pendingGrant == 0 { state.promise = UInt8(plan.oldest) }
        }
        if !plan.slips.contains(.voucherTermDropped) {
            state.voucherDisk.vouches = 0
            state.voucherSample.vouches = 0
            state.voucherLate.vouches = 0
        }
        state.voucherSeen.vouches = 0
        state.voucherSeen.age = 0
        state.voucherNewest.vouches = 0
        if state.voucherNewest.showsRemoval == 0 { state.voucherNewest = .nothing }
    }

    /// Contents of the old epoch are alike but for being different: they are named in the order of the
    /// fields. Those of the new epoch come after them, in the order of writing.
    private func nameVoucherContents(_ state: inout CoreState) {
        var names = ContentNames()
        names.nameOld(&state.voucherDisk)
        names.nameOld(&state.voucherSample)
        names.nameOld(&state.voucherWrite)
        names.nameOld(&state.voucherLate)
        names.nameOld(&state.voucherSeen)
        names.note(state.voucherDisk)
        names.note(state.voucherSample)
        names.note(state.voucherWrite)
        names.note(state.voucherLate)
        names.note(state.voucherSeen)
        names.note(state.voucherNewest)
        names.nameNew(&state.voucherDisk)
        names.nameNew(&state.voucherSample)
        names.nameNew(&state.voucherWrite)
        names.nameNew(&state.voucherLate)
        names.nameNew(&state.voucherSeen)
        names.nameNew(&state.voucherNewest)
    }

    /// In the order of the fields: the disk holds content 0.
    private func nameVictimContents(_ state: inout CoreState) {
        var names = ContentNames()
        state.disk = names.name(state.disk)
        state.seen = names.name(state.seen)
        state.sample = names.name(state.sample)
        state.write = names.name(state.write)
        state.late = names.name(state.late)
        state.twin = names.name(state.twin)
    }
}

/// New names for the contents of one state.
private struct ContentNames {
    /// Four bits for each old name; `CoreState.none` is not named yet.
    private var given: UInt64 = 0x7777_7777_7777_7777
    private var count: UInt8 = 0
    private var newRanks: UInt8 = 0

    /// The name of what was called `old`, in the order of asking.
    mutating func name(_ old: UInt8) -> UInt8 {
        guard old != CoreState.none else { return old }
        let place = UInt64(old) * 4
        let known = UInt8(given >> place & 0xF)
        if known != CoreState.none { return known }
        let new = count
        given = given & ~(0xF << place) | UInt64(new) << place
        count += 1
        return new
    }

    mutating func nameOld(_ content: inout VoucherContent) {
        if content.showsRemoval == 0 { content.rank = name(content.rank) }
    }

    mutating func note(_ content: VoucherContent) {
        if content.showsRemoval == 1 { newRanks |= 1 << content.rank }
    }

    func nameNew(_ content: inout VoucherContent) {
        guard content.showsRemoval == 1 else { return }
        content.rank = count + UInt8((newRanks & (1 << content.rank - 1)).nonzeroBitCount)
    }
}
