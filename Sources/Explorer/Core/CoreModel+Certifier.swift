import LivesetEngine
import PoolModel

// The certifier P: its reads, its own promises, its adoption, and the certificate.
extension CoreModel {
    mutating func moveCertifier(_ state: CoreState) {
        if state.removal == 0 { moveMember(state) }
        var after = state
        if state.read == 0 {
            after.read = 1
            // A read that is issued before it takes anything is only older.
            guard plan.isReduced else { return add(.issuesRead, after) }
        }
        if state.sample == CoreState.none {
            var after = after
            after.sample = state.disk
            sampled(.samplesVictim, after)
        }
        if !state.voucherSample.exists, state.departure == 0 {
            after.voucherSample = state.voucherDisk
            sampled(.samplesVoucher, after)
            if plan.isReduced, state.voucherAdopted == 1 {
                after.voucherSample = VoucherContent(rank: newestRank(state) + 1, showsRemoval: 1, age: state.promise)
                sampled(.samplesNewSlot, after)
            }
        }
        if !plan.isReduced, state.sample != CoreState.none, state.voucherSample.exists || state.departure > 0 {
            completeRead(state)
        }
    }

    /// A read that has taken both slots certifies the sooner, the sooner it completes.
    private mutating func sampled(_ move: CoreMove, _ state: CoreState) {
        let hasVoucher = state.voucherSample.exists || state.departure > 0
        if plan.isReduced, state.sample != CoreState.none, hasVoucher {
            completeRead(state)
        } else {
            add(move, state)
        }
    }

    private mutating func moveMember(_ state: CoreState) {
        var memory = memory(of: state)
        deciders.adopt(&memory, now: CoreModel.now)
        var after = state
        take(memory, into: &after)
        add(.certifierAdopts, after)
        guard plan.certifierGrants, state.lease > 0 else { return }
        // Dated by the newest heartbeat: an older one would only give a shorter lease.
        after = state
        after.ownPromise = 0
        after.grant = 1
        add(.certifierGrants, after)
    }

    private mutating func completeRead(_ state: CoreState) {
        var state = state
        if state.departure > 0 { state.voucherSample = state.voucherDisk }
        var memory = memory(of: state)
        let voucher = slot(state.voucherSample)
        deciders.look(&memory, victim: UInt64(state.sample) + 1, voucher: voucher, now: CoreModel.now)
        var after = state
        if state.lastRead > UInt8(plan.storageTimeout), plan.countsGaps { memory.gapEndedAt = CoreModel.now }
        after.lastRead = 0
        take(memory, into: &after)
        after.seen = state.sample
        after.voucherSeen = state.voucherSample
        if memory.voucherSlot.sequence == voucher.sequence { after.voucherNewest = state.voucherSample }
        if state.removal > 0 { isViolated = isViolated || isProven(memory, state) }
        dropRead(&after)
        add(.readCompletes, after)
    }

    private mutating func isProven(_ memory: CertifierMemory, _ state: CoreState) -> Bool {
        var memory = memory
        if plan.slips.contains(.voucherTermDropped), state.voucherSample.vouches == 0 {
            memory.departure = .distantPast
        }
        if plan.slips.contains(.literalEvidence) {
            memory.departure = .distantPast
            memory.promisedAt = .distantPast
        }
        if plan.slips.contains(.ownPromiseIgnored) { memory.promisedAt = .distantPast }
        let evidence = deciders.evidence(memory)
        let issuedEarlier = plan.slips.contains(.readIssuedEarlier)
        let issue = issuedEarlier ? CoreModel.now : CoreModel.before(Int(state.read) - 1)
        return deciders.isProven(evidence: evidence, readIssuedAt: issue)
    }

    // MARK: The certifier's memory

    private func memory(of state: CoreState) -> CertifierMemory {
        CertifierMemory(
            victimSeenAt: CoreModel.before(Int(state.seenAge)),
            victimContent: UInt64(state.seen) + 1,
            voucherSeenAt: CoreModel.before(Int(state.voucherSeenAge)),
            voucherContent: UInt64(state.voucherSeen.rank) + 1,
            voucherSlot: slot(state.voucherNewest),
            departure: departure(state),
            promisedAt: CoreModel.before(Int(state.ownPromise)),
            removalLearntAt: state.removal > 0 ? CoreModel.before(Int(state.removal) - 1) : nil,
            gapEndedAt: CoreModel.before(Int(state.gapEnd))
        )
    }

    private func departure(_ state: CoreState) -> MonotonicInstant {
        // Without a voucher in the plan the row is one that was never written: it gives no term.
        guard plan.hasVoucher else { return .distantPast }
        return state.departure > 0 ? CoreModel.before(Int(state.departure) - 1) : .distantFuture
    }

    private func slot(_ content: VoucherContent) -> VoucherSlot {
        VoucherSlot(
            sequence: content.exists ? UInt64(content.rank) + 1 : 0,
            showsRemoval: content.showsRemoval == 1,
            age: deciders.statedAge(
                promisedAt: CoreModel.before(Int(content.age)),
                now: CoreModel.now
            )
        )
    }

    private func take(_ memory: CertifierMemory, into state: inout CoreState) {
        state.seenAge = age(memory.victimSeenAt)
        state.voucherSeenAge = age(memory.voucherSeenAt)
        state.departure = memory.departure == .distantFuture ? 0 : 1 + age(memory.departure)
        state.removal = memory.removalLearntAt.map { 1 + age($0) } ?? 0
        state.gapEnd = age(memory.gapEndedAt)
    }

    private func age(_ instant: MonotonicInstant) -> UInt8 {
        let ticks = (CoreModel.now - instant).nanoseconds / CoreModel.tick.nanoseconds
        return UInt8(min(max(ticks, 0), Int64(plan.oldest)))
    }
}
