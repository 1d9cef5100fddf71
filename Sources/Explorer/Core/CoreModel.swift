import LivesetEngine
import PoolModel

/// The moves of the core: who may do what in a state, and what follows.
///
/// What a rule decides is asked of the shipped deciders (`CoreDeciders`, `FenceDecisions`); this only knows
/// what can happen to messages, I/O and programs. Reductions, each of which loses no violation, are told
/// where they are made.
struct CoreModel {
    let plan: CorePlan
    let fence: FenceDecisions
    var deciders: CoreDeciders
    let timing: Timing
    /// The states that follow, refilled by each `expand`.
    var next: [(move: CoreMove, state: CoreState)] = []
    /// The expanded state has a move that is a certificate: the victim lives, so the promise is broken.
    var isViolated = false

    /// The length of a tick. The milliseconds of grant ages and the stretch for clock errors stay far below
    /// it.
    static let tick = TimeSpan.seconds(1)
    static let now = MonotonicInstant(nanoseconds: 1_000_000_000_000)
    /// Less than a tick and more than G times the stretch: in whole ticks, comparisons are exact.
    private static let sliver = TimeSpan.milliseconds(20)

    init(_ plan: CorePlan) {
        precondition(plan.grace >= 2 && plan.grace <= 6, "G is 2 to 6 ticks")
        precondition(plan.watchdog >= 1 && plan.watchdog <= 6, "W is 1 to 6 ticks")
        precondition(plan.oldest <= 15, "D + G + 1 is at most 15 ticks")
        precondition(plan.storageTimeout <= plan.grace, "Ts is at most G")
        self.plan = plan
        // `Timing` refuses nothing by itself, only `check` does: a search may count in any ticks.
        var timing = Timing(.fast)
        timing.grace = CoreModel.tick * plan.grace
        timing.watchdog = CoreModel.tick * plan.watchdog
        timing.storageTimeout = CoreModel.tick * plan.storageTimeout
        timing.networkTimeout = CoreModel.tick * plan.grace
        self.timing = timing
        fence = FenceDecisions(
            timing: timing,
            tick: CoreModel.tick,
            longestLease: plan.grace,
            longestStop: plan.watchdog
        )
        deciders = CoreDeciders(
            timing: timing,
            bound: CoreModel.tick * plan.bound - CoreModel.sliver,
            pathMayRepeatWrites: plan.pathMayRepeatWrites
        )
    }

    /// The start: everybody has just done a good round, everybody has seen it, nobody has promised anything.
    var start: CoreState {
        var state = CoreState()
        state.lease = UInt8(plan.grace)
        state.dog = UInt8(plan.watchdog)
        state.heard = UInt8(plan.grace)
        state.promise = UInt8(plan.oldest)
        state.ownPromise = UInt8(plan.oldest)
        state.gapEnd = UInt8(plan.oldest)
        state.voucherDisk.rank = 0
        state.voucherSeen.rank = 0
        // The sooner the certifier adopts, the sooner may it certify; what it promises itself, it promises
        // before.
        if plan.isReduced, !plan.certifierGrants, !plan.victimReadsViews { state.removal = 1 }
        return canonical(state)
    }

    /// Fills `next` with everything that can follow `state`.
    mutating func expand(_ state: CoreState) {
        next.removeAll(keepingCapacity: true)
        isViolated = false
        moveVictim(state)
        moveVictimDisk(state)
        if plan.hasVoucher {
            moveVoucher(state)
            moveVoucherDisk(state)
        }
        moveCertifier(state)
        pass(state)
    }

    mutating func add(_ move: CoreMove, _ state: CoreState) { next.append((move, canonical(state))) }

    /// A tick passes; a victim that its watchdog resets in it leaves the search.
    private mutating func pass(_ state: CoreState) {
        guard state.dog > 1 else { return }
        var state = state
        state.dog -= 1
        if state.lease > 0 { state.lease -= 1 }
        grow(&state.check)
        grow(&state.round)
        grow(&state.voucherRound)
        grow(&state.grant)
        grow(&state.read)
        grow(&state.pendingGrant)
        grow(&state.removal)
        grow(&state.departure)
        grow(&state.promise, to: plan.oldest)
        grow(&state.seenAge, to: plan.oldest)
        grow(&state.voucherSeenAge, to: plan.oldest)
        grow(&state.ownPromise, to: plan.oldest)
        grow(&state.gapEnd, to: plan.oldest)
        grow(&state.heard, to: plan.grace)
        grow(&state.good, to: plan.storageTimeout)
        grow(&state.lastRead, to: plan.storageTimeout + 1)
        expire(&state)
        // Feeding is never worse for a victim that wants to live: a reduced search feeds at every tick.
        if plan.isReduced, state.lease > 0, state.isLatched == 0, state.check == 0 {
            state.dog = UInt8(plan.watchdog)
        }
        add(.tick, state)
    }

    /// A field that holds an age up to `limit`.
    private func grow(_ field: inout UInt8, to limit: Int) { field = min(field + 1, UInt8(limit)) }

    /// A field that holds 0 or 1 + an age.
    private func grow(_ field: inout UInt8) {
        if field > 0 { grow(&field, to: plan.oldest + 1) }
    }

    /// What has grown too old to matter is given up.
    private func expire(_ state: inout CoreState) {
        let grace = UInt8(plan.grace)
        // A round whose write is older than G gives no lease, a grant of an older heartbeat neither.
        if state.round > grace { giveUpRound(&state) }
        if state.voucherRound > UInt8(plan.storageTimeout) { giveUpVoucherRound(&state) }
        if state.grant > grace {
            state.grant = plan.slips.contains(.grantDatedAtReceipt) ? grace : 0
        }
        // The certifier's read fails sooner or later; another one follows.
        if state.read > UInt8(plan.longestRead) { dropRead(&state) }
        // A program that stops for W is reset by its own watchdog.
        if state.pendingGrant > UInt8(plan.watchdog) { state.pendingGrant = 0 }
    }

    func dropRead(_ state: inout CoreState) {
        state.read = 0
        state.sample = CoreState.none
        state.voucherSample = .nothing
    }

    /// A write that did not land may land later; the older one of two such writes is forgotten.
    func giveUpRound(_ state: inout CoreState) {
        if plan.lateWrites, state.roundHasLanded == 0 { state.late = state.write }
        (state.round, state.roundHasLanded, state.write) = (0, 0, CoreState.none)
    }

    func giveUpVoucherRound(_ state: inout CoreState) {
        if plan.lateWrites, state.voucherRoundHasLanded == 0 { state.voucherLate = state.voucherWrite }
        (state.voucherRound, state.voucherRoundHasLanded, state.voucherWrite) = (0, 0, .nothing)
    }
}
