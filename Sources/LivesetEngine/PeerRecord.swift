import PoolModel

/// Everything that this host knows of one other host.
struct PeerRecord: BitwiseCopyable {
    // Identity
    /// The newest life seen in slot or heartbeat: highest number, newest nonce.
    var newest = Incarnation.none
    /// The boot of the life before it; none when that was not seen.
    var formerBoot = BootID.none
    /// The largest D that `newest.number` was ever seen to publish.
    var largestD = TimeSpan.zero
    /// The largest G that this host was ever seen to publish.
    var largestG = TimeSpan.zero

    // Statefile
    /// The newest valid slot.
    var slot: Slot
    /// How the row read last.
    var verdict = SlotReading.Verdict.torn
    /// The raw block as it read last.
    var fingerprint: UInt64 = 0
    /// Whether the row was ever read.
    var wasRead = false
    /// When the row was first seen as it now stands; any change counts ([DEAD-1] (a)).
    var seenAt = MonotonicInstant.distantPast
    /// When the row last showed news: a valid slot of a higher (number, sequence).
    var freshAt = MonotonicInstant.distantPast
    /// Since when the row has shown news without a break of Ts + r.
    var freshSince = MonotonicInstant.distantPast
    /// The number under which its slot ever showed an armed watchdog: only then can it have held a lease.
    var armed = IncarnationNumber.none
    /// [JOIN-4]: it stood still for D without ever having been armed, since this sight of its slot.
    var formAroundSeenAt: MonotonicInstant?
    /// First sight of the joining run that the slot shows.
    var joiningSince = MonotonicInstant.distantPast
    /// Said last that the slot is stale.
    var wasReportedStale = false

    // Network
    /// When a heartbeat of `newest.number` arrived last.
    var heardAt = MonotonicInstant.distantPast
    /// The newest heartbeat's fields that matter.
    var lastSequence: UInt64 = 0
    /// The phase that it said.
    var heartbeatPhase = HostPhase.empty
    /// The epoch that it showed.
    var heartbeatEpoch = Epoch.zero
    /// Its newest good round was older than 2r.
    var isRoundOld = false
    /// It asked for a grant.
    var wantsGrant = false
    /// It said that it is storage-lost.
    var saysStorageLost = false
    /// As it said.
    var netOK = false
    /// Said last that it is unheard.
    var wasReportedUnheard = true

    // Proofs received from it (own issue times)
    /// Issue time of the newest own heartbeat that it echoed.
    var newestEcho = MonotonicInstant.distantPast
    /// Issue time of the newest own heartbeat that came back as a grant.
    var newestGrant = MonotonicInstant.distantPast
    /// Issue time of the newest own heartbeat that came back as all-lost.
    var newestAllLost = MonotonicInstant.distantPast
    /// The epoch in which `newestAllLost` was said.
    var allLostEpoch = Epoch.zero

    // Promises given to it
    /// When a grant or an all-lost echo for it was last composed ([DEAD-1] (b)).
    var promisedAt = MonotonicInstant.distantPast
    /// The sequence that was granted last: a grant answers a new sequence only.
    var grantedSequence: UInt64 = 0

    // Death
    /// The life that its tombstone names, if one was accepted ([DEAD-2]).
    var tombstone = Incarnation.none
    /// Published *unguarded*: never certified by [DEAD-1] under this number.
    var unguarded = IncarnationNumber.none
    /// Confirmed off or dead from outside, under this number ([DEAD-4], [DEAD-5]).
    var confirmed = IncarnationNumber.none
    /// By which of the two clauses.
    var confirmedBy = CertificateClause.confirmedOff
    /// The newest certificate.
    var certificate: DeathCertificate?
    /// When this host learnt of its present removal.
    var removalLearntAt = MonotonicInstant.distantPast

    init(host: HostIndex) { slot = Slot(emptyFor: host) }

    /// Whether it was heard within Tn.
    func isHeard(at now: MonotonicInstant, _ timing: Timing) -> Bool { now - heardAt < timing.networkTimeout }

    /// The epoch that it shows in slot or heartbeat of its present life.
    var shownEpoch: Epoch {
        let fromSlot = slot.incarnation.number == newest.number ? slot.epoch : .zero
        return max(fromSlot, heartbeatEpoch)
    }

    /// Whether `certificate` is of `number`.
    func isCertified(_ number: IncarnationNumber) -> Bool {
        guard let certificate else { return false }
        return certificate.number >= number
    }

    /// Takes note of a life that slot or heartbeat showed; false when it is an older one ("no news",
    /// [INC-1]).
    mutating func meet(_ life: Incarnation) -> Bool {
        if life.number < newest.number { return false }
        if life.number > newest.number {
            formerBoot = newest.boot
            largestD = .zero
            heardAt = .distantPast
            (heartbeatEpoch, heartbeatPhase) = (.zero, .empty)
            newest = life
            lastSequence = 0
        } else if life.nonce != newest.nonce {
            newest.nonce = life.nonce
            newest.boot = life.boot
            lastSequence = 0
            heartbeatEpoch = .zero
            grantedSequence = 0
        }
        return true
    }

    /// Takes what one read of the statefile showed of this host's row.
    ///
    /// True when it was news.
    mutating func observe(
        _ reading: SlotReading,
        at now: MonotonicInstant,
        _ timing: Timing,
        _ mutation: Mutation = Mutation()
    ) -> Bool {
        verdict = reading.verdict
        let isFirstRead = !wasRead
        let hasChanged = isFirstRead || reading.fingerprint != fingerprint
        let isNoNews =
            mutation.slotChangeNoNews && !isFirstRead || mutation.tornSlotNoNews && reading.verdict != .valid
        if hasChanged && !isNoNews { seenAt = now }
        fingerprint = reading.fingerprint
        wasRead = true
        guard hasChanged, reading.verdict == .valid else { return false }
        let new = reading.slot
        let isNewer =
            (new.incarnation.number, new.sequence) > (slot.incarnation.number, slot.sequence)
            || (isFirstRead && new.incarnation.number >= newest.number)
        guard isNewer else { return false }
        let isNewRun =
            new.incarnation.nonce != slot.incarnation.nonce
            || new.incarnation.number != slot.incarnation.number
        if new.phase == .joining && (isNewRun || slot.phase != .joining) { joiningSince = now }
        slot = new
        guard meet(new.incarnation) else { return false }
        largestD = max(largestD, new.certainlyDead)
        largestG = max(largestG, new.grace)
        if new.watchdog > .zero { armed = max(armed, new.incarnation.number) }
        if new.phase.isTombstone { tombstone = new.incarnation }
        if new.phase == .unguarded { unguarded = new.incarnation.number }
        // The first look at a row says nothing about when it was written.
        guard !isFirstRead else { return true }
        if now - freshAt > timing.storageTimeout + timing.roundInterval { freshSince = now }
        freshAt = now
        return true
    }
}
