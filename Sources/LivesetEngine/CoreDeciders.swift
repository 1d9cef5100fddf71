package import PoolModel

/// The deciders of leases, grants and certificates of three hosts, lent to an exhaustive search of that core
/// (docs/EXHAUSTIVE.md).
///
/// A search varies a handful of instants millions of times; this puts them into the engine's own records,
/// asks the engine's own rules, and takes the answer out. Nothing is decided here. Rows: the victim 0, the
/// voucher 1, the certifier 2.
package struct CoreDeciders {
    private static let victim = HostIndex(0)
    private static let voucher = HostIndex(1)
    private static let certifier = HostIndex(2)
    private static let number = IncarnationNumber(1)
    private static let oldEpoch = Epoch(1)
    private static let newEpoch = Epoch(2)

    private let timing: Timing
    private let bound: TimeSpan
    private let pathMayRepeatWrites: Bool
    private var peers: [PeerRecord]
    private var departures = DepartureBook(hostCount: 3)
    private var reading: SlotReading

    /// Deciders for hosts with these times, of which the victim publishes `bound` as its D.
    package init(timing: Timing, bound: TimeSpan, pathMayRepeatWrites: Bool) {
        self.timing = timing
        self.bound = bound
        self.pathMayRepeatWrites = pathMayRepeatWrites
        peers = (0..<3).map { PeerRecord(host: HostIndex($0)) }
        let life = Incarnation(number: CoreDeciders.number, boot: BootID(1), nonce: RunNonce(1))
        var slot = Slot(emptyFor: CoreDeciders.voucher)
        slot.incarnation = life
        slot.phase = .member
        slot.grace = timing.grace
        slot.certainlyDead = bound
        slot.watchdog = timing.watchdog
        for row in 0..<2 {
            peers[row].newest = life
            peers[row].slot = slot
            peers[row].largestD = bound
            peers[row].largestG = timing.grace
            peers[row].verdict = .valid
            peers[row].wasRead = true
        }
        reading = SlotReading(verdict: .valid, fingerprint: 0, slot: slot)
    }

    // MARK: The victim

    /// When the victim's lease ends that ended at `until`, once a good round issued at `issue` has completed.
    package func leaseEnd(_ until: MonotonicInstant, roundIssuedAt issue: MonotonicInstant, now: MonotonicInstant)
        -> MonotonicInstant
    {
        var rule = lease(until: until)
        if !rule.hasEnded(at: now) { rule.takeRound(issuedAt: issue, grace: timing.grace) }
        return rule.until
    }

    /// When the victim's lease ends that ended at `until`, once a grant for its heartbeat of `issue` has
    /// come.
    ///
    /// The majority of [LEASE-M] (a) is policy: here it always holds.
    package mutating func leaseEnd(
        _ until: MonotonicInstant,
        grantedFor issue: MonotonicInstant,
        now: MonotonicInstant
    ) -> MonotonicInstant {
        var rule = lease(until: until)
        guard !rule.hasEnded(at: now) else { return until }
        let members = HostSet(first: 3)
        rule.follow(members: members, isStorageLost: true)
        peers[CoreDeciders.voucher.row].newestEcho = now
        peers[CoreDeciders.certifier.row].newestEcho = now
        rule.takeVouches(
            peers: peers,
            members: members,
            granted: issue,
            policy: .stay,
            timing: timing,
            now: now
        )
        return rule.until
    }

    private func lease(until: MonotonicInstant) -> LeaseRule {
        var rule = LeaseRule()
        rule.takeRound(issuedAt: until - timing.grace, grace: timing.grace)
        return rule
    }

    // MARK: The voucher

    /// Whether a voucher in this state grants the victim a lease when it composes a heartbeat.
    package mutating func grants(_ voucher: VoucherState) -> Bool {
        let giver = GrantRule.Giver(
            isMember: true,
            isStorageLive: voucher.isStorageLive,
            hasNewestView: true,
            isQuarantineOver: voucher.isQuarantineOver,
            hadGoodAfterQuarantine: voucher.isQuarantineOver
        )
        guard giver.mayGrant, !voucher.hasAdoptedRemoval else { return false }
        peers[CoreDeciders.victim.row].isRoundOld = true
        peers[CoreDeciders.victim.row].wantsGrant = true
        peers[CoreDeciders.victim.row].heartbeatEpoch = CoreDeciders.oldEpoch
        peers[CoreDeciders.victim.row].lastSequence = 2
        peers[CoreDeciders.victim.row].grantedSequence = voucher.hasGrantedSequence ? 2 : 1
        let vouched = { (shows: Bool) in shows ? CoreDeciders.number : IncarnationNumber.none }
        return GrantRule.isDeserved(
            peers[CoreDeciders.victim.row],
            in: CoreDeciders.oldEpoch,
            vouched: vouched(voucher.isVouchAcknowledged),
            underWay: voucher.slotUnderWayVouches.map(vouched)
        )
    }

    /// The age that the voucher's slot states of its newest promise, or of its start where that is later.
    package func statedAge(promisedAt: MonotonicInstant, now: MonotonicInstant) -> GrantAge {
        GrantRule.statedAge(promisedAt: promisedAt, startedAt: .distantPast, largestD: bound, now: now)
    }

    // MARK: The certifier

    /// The certifier takes a completed read of both slots.
    package mutating func look(
        _ memory: inout CertifierMemory,
        victim: UInt64,
        voucher: VoucherSlot,
        now: MonotonicInstant
    ) {
        load(memory)
        reading.fingerprint = victim
        reading.slot.sequence = victim
        _ = peers[CoreDeciders.victim.row].observe(reading, at: now, timing)
        reading.fingerprint = voucher.sequence
        put(voucher, into: &reading.slot)
        _ = peers[CoreDeciders.voucher.row].observe(reading, at: now, timing)
        if memory.removalLearntAt != nil { note() }
        save(into: &memory)
    }

    /// The certifier adopts the view that leaves the victim out.
    package mutating func adopt(_ memory: inout CertifierMemory, now: MonotonicInstant) {
        memory.removalLearntAt = now
        load(memory)
        departures.forget(CoreDeciders.victim)
        note()
        save(into: &memory)
    }

    /// E of [DEAD-1].
    package mutating func evidence(_ memory: CertifierMemory) -> MonotonicInstant {
        load(memory)
        return CertificateRule.evidence(
            against: CoreDeciders.victim,
            peers: peers,
            own: CoreDeciders.certifier,
            departures: departures,
            certifier: CertificateRule.Certifier(gapEndedAt: memory.gapEndedAt),
            pathMayRepeatWrites: pathMayRepeatWrites,
            largestD: bound
        )
    }

    /// Whether a read issued at `readIssuedAt` proves the victim dead.
    package func isProven(evidence: MonotonicInstant, readIssuedAt: MonotonicInstant) -> Bool {
        let record = peers[CoreDeciders.victim.row]
        let bound = CertificateRule.bound(record, number: CoreDeciders.number, largestD: bound)
        return CertificateRule.isProven(evidence: evidence, bound: bound, readIssuedAt: readIssuedAt)
    }

    private mutating func note() {
        departures.note(
            CoreDeciders.voucher,
            peers[CoreDeciders.voucher.row],
            removed: CoreDeciders.victim,
            removedIn: CoreDeciders.newEpoch
        )
    }

    private var departureTerm: Int { CoreDeciders.voucher.row * 3 + CoreDeciders.victim.row }

    private mutating func load(_ memory: CertifierMemory) {
        peers[CoreDeciders.victim.row].seenAt = memory.victimSeenAt
        peers[CoreDeciders.victim.row].fingerprint = memory.victimContent
        peers[CoreDeciders.victim.row].slot.sequence = memory.victimContent
        peers[CoreDeciders.victim.row].promisedAt = memory.promisedAt
        peers[CoreDeciders.victim.row].removalLearntAt = memory.removalLearntAt ?? .distantPast
        peers[CoreDeciders.voucher.row].seenAt = memory.voucherSeenAt
        peers[CoreDeciders.voucher.row].fingerprint = memory.voucherContent
        put(memory.voucherSlot, into: &peers[CoreDeciders.voucher.row].slot)
        departures.terms[departureTerm] = memory.departure
    }

    private func save(into memory: inout CertifierMemory) {
        memory.victimSeenAt = peers[CoreDeciders.victim.row].seenAt
        memory.victimContent = peers[CoreDeciders.victim.row].fingerprint
        memory.voucherSeenAt = peers[CoreDeciders.voucher.row].seenAt
        memory.voucherContent = peers[CoreDeciders.voucher.row].fingerprint
        memory.voucherSlot = VoucherSlot(
            sequence: peers[CoreDeciders.voucher.row].slot.sequence,
            showsRemoval: peers[CoreDeciders.voucher.row].slot.epoch == CoreDeciders.newEpoch,
            age: peers[CoreDeciders.voucher.row].slot.grantAges[CoreDeciders.victim]
        )
        memory.departure = departures.terms[departureTerm]
    }

    private func put(_ content: VoucherSlot, into slot: inout Slot) {
        slot.sequence = content.sequence
        slot.epoch = content.showsRemoval ? CoreDeciders.newEpoch : CoreDeciders.oldEpoch
        slot.grantAges[CoreDeciders.victim] = content.age
    }
}

/// What decides whether a voucher grants.
package struct VoucherState: BitwiseCopyable {
    /// Its newest good round is younger than Ts.
    package var isStorageLive: Bool
    /// Writes of its former lives can land no more.
    package var isQuarantineOver: Bool
    /// It has adopted the view that leaves the victim out.
    package var hasAdoptedRemoval: Bool
    /// It granted the newest sequence that it received.
    package var hasGrantedSequence: Bool
    /// The newest of its slots that is on the medium for certain vouches for the victim.
    package var isVouchAcknowledged: Bool
    /// Whether the slot that it is writing vouches for the victim; nil when it is writing none.
    package var slotUnderWayVouches: Bool?

    /// The state with these fields.
    package init(
        isStorageLive: Bool,
        isQuarantineOver: Bool,
        hasAdoptedRemoval: Bool,
        hasGrantedSequence: Bool,
        isVouchAcknowledged: Bool,
        slotUnderWayVouches: Bool?
    ) {
        self.isStorageLive = isStorageLive
        self.isQuarantineOver = isQuarantineOver
        self.hasAdoptedRemoval = hasAdoptedRemoval
        self.hasGrantedSequence = hasGrantedSequence
        self.isVouchAcknowledged = isVouchAcknowledged
        self.slotUnderWayVouches = slotUnderWayVouches
    }
}

/// What matters of one content of the voucher's slot.
package struct VoucherSlot: BitwiseCopyable {
    /// Which writing of it this is; stands for the bytes as well.
    package var sequence: UInt64
    /// It shows the epoch that leaves the victim out.
    package var showsRemoval: Bool
    /// What it states of the newest promise to the victim.
    package var age: GrantAge

    /// The content with these fields.
    package init(sequence: UInt64, showsRemoval: Bool, age: GrantAge) {
        self.sequence = sequence
        self.showsRemoval = showsRemoval
        self.age = age
    }
}

/// What the certifier remembers, as far as it decides about the victim.
package struct CertifierMemory: BitwiseCopyable {
    /// When it first saw the victim's slot as it now stands.
    package var victimSeenAt: MonotonicInstant
    /// Which writing that is.
    package var victimContent: UInt64
    /// When it first saw the voucher's slot as it now stands.
    package var voucherSeenAt: MonotonicInstant
    /// Which writing that is.
    package var voucherContent: UInt64
    /// The newest writing of the voucher's slot that it saw.
    package var voucherSlot: VoucherSlot
    /// The voucher's term of E once it is known; `distantFuture` before.
    package var departure: MonotonicInstant
    /// When it last composed a promise to the victim itself.
    package var promisedAt: MonotonicInstant
    /// When it adopted the view that leaves the victim out; nil before.
    package var removalLearntAt: MonotonicInstant?
    /// The end of the last gap over Ts between its good rounds.
    package var gapEndedAt: MonotonicInstant

    /// The memory with these fields.
    package init(
        victimSeenAt: MonotonicInstant,
        victimContent: UInt64,
        voucherSeenAt: MonotonicInstant,
        voucherContent: UInt64,
        voucherSlot: VoucherSlot,
        departure: MonotonicInstant,
        promisedAt: MonotonicInstant,
        removalLearntAt: MonotonicInstant?,
        gapEndedAt: MonotonicInstant
    ) {
        self.victimSeenAt = victimSeenAt
        self.victimContent = victimContent
        self.voucherSeenAt = voucherSeenAt
        self.voucherContent = voucherContent
        self.voucherSlot = voucherSlot
        self.departure = departure
        self.promisedAt = promisedAt
        self.removalLearntAt = removalLearntAt
        self.gapEndedAt = gapEndedAt
    }
}
