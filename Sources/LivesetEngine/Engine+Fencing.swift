public import PoolModel

// How a host stops: by force, at its own wish, or with the pool ([VIEW-5], [LEAVE-1], [LEAVE-2], [DEAD-2]).
extension Engine {
    /// Stops this host.
    ///
    /// The fence loop fires by itself when its bound is over, whatever becomes of the rest.
    mutating func beginFence(_ reason: SelfFenceReason, now: MonotonicInstant, into orders: inout Orders) {
        guard life != .fencing, life != .gone else { return }
        var heard = HostSet()
        for host in others where peers[host.row].isHeard(at: now, timing) { heard.insert(host) }
        var lastGrant = MonotonicInstant.distantPast
        for host in others { lastGrant = max(lastGrant, peers[host.row].newestGrant) }
        let figures = FenceFigures(
            epoch: adopted.epoch,
            leaseEnd: lease.until,
            lastGoodRound: round.lastGood,
            lastGrant: lastGrant,
            heard: heard,
            members: members
        )
        markFence(reason)
        life = .fencing
        fence = FenceProgress(reason: reason, startedAt: now)
        lastFence = reason
        lastWords = LastWordsText.compose(reason, figures, now: now)
        orders.append(.selfFence(reason))
        orders.append(.announce(.selfFence(reason, figures)))
        wantsHeartbeat = true
        round.isWanted = true
    }

    /// The answer to `selfFence`: every guest is proved stopped, or that could not be proved.
    public mutating func guestsStopped(proven: Bool, now: MonotonicInstant, into orders: inout Orders) {
        if life == .fencing {
            if proven {
                hasGuests = false
                if mutation.spentUnrecorded { fence.isSpent = true }
                // No tombstone without this record: no later run may use the number ([INC-1]).
                orders.append(
                    .persist(PersistedIncarnation(boot: start.boot, number: incarnation.number, mark: .spent))
                )
            } else {
                mark(.dead2Unproven)
                fire(into: &orders)
            }
        }
        conclude(now: now, into: &orders)
    }

    /// The number is spent for good: the tombstone may be issued.
    mutating func spentPersisted(_ succeeded: Bool, now: MonotonicInstant, into orders: inout Orders) {
        mark(succeeded ? .inc1Spent : .inc1SpentFailed)
        switch life {
        case .fencing:
            guard succeeded else {
                fire(into: &orders)
                return
            }
            fence.isSpent = true
            wantsHeartbeat = true
            round.isWanted = true
        case .departing:
            // Without the record there is no tombstone; the shell has told why, and the next tick tries
            // again.
            fence.isSpent = succeeded
            fence.isSpendPending = false
            wantsHeartbeat = true
            round.isWanted = true
        case .renouncing:
            if succeeded {
                take(incarnation.number.next, into: &orders)
                nextArmingAt = now + max(.seconds(10), timing.grace)
            } else {
                renounce(into: &orders)
            }
        case .disabled:
            fence.isSpent = succeeded
            fence.isSpendPending = false
            round.isWanted = true
        case .surveying, .numbering, .joining, .holding, .arming, .resuming, .member, .gone, .unguarded:
            break
        }
    }

    /// A slot of this host reached the medium.
    mutating func noteTombstoneWritten(into orders: inout Orders) {
        guard let slot = round.slot else { return }
        switch life {
        case .fencing:
            guard slot.phase == .fenced else { return }
            mark(.dead2Written)
            fire(into: &orders)
        case .departing:
            guard slot.phase == .left else { return }
            mark(.leave1Written)
            disarm(.left, into: &orders)
        case .unguarded:
            fence.isUnguardedKnown = fence.isUnguardedKnown || slot.phase == .unguarded
        case .surveying, .numbering, .joining, .holding, .arming, .renouncing, .resuming, .member, .gone,
            .disabled:
            break
        }
    }

    private mutating func fire(into orders: inout Orders) {
        guard !fence.hasFired else { return }
        fence.hasFired = true
        orders.append(.fire)
    }

    /// Without storage the tombstone goes by datagram alone: a few of them, then the reset.
    mutating func advanceFence(now: MonotonicInstant, into orders: inout Orders) {
        guard life == .fencing, fence.isSpent, !fence.hasFired else { return }
        guard !isStorageLive(at: now) || now - fence.startedAt > timing.watchdog / 2 else { return }
        guard fence.tombstonesSent >= 3 else { return wantsHeartbeat = true }
        mark(.dead2Sent)
        fire(into: &orders)
    }

    /// A view without this host was decided at its own wish.
    mutating func beginDeparture(into orders: inout Orders) {
        life = .departing
        spend(into: &orders)
    }

    private mutating func spend(into orders: inout Orders) {
        guard !fence.isSpent, !fence.isSpendPending else { return }
        fence.isSpendPending = true
        orders.append(
            .persist(PersistedIncarnation(boot: start.boot, number: incarnation.number, mark: .spent))
        )
    }

    /// [LEAVE-1]: the last member does not wait for a view; [LEAVE-2]: a disabled host spends its number when
    /// it runs
    /// no guest and everyone showed the view or D has passed.
    mutating func advanceDeparture(now: MonotonicInstant, into orders: inout Orders) {
        switch life {
        case .member:
            if isLeaving && members.count == 1 && !hasGuests && isStorageLive(at: now) {
                mark(.leave1Last)
                beginDeparture(into: &orders)
            }
        case .departing:
            spend(into: &orders)
        case .disabled:
            guard adopted.state == .disabled, !hasGuests else { return }
            var behind = false
            for host in members where host != own && peers[host.row].shownEpoch < adopted.epoch {
                behind = true
            }
            if !behind || now - adoptedAt > settings.largestD {
                mark(behind ? .leave2AfterD : .leave2AllShown)
                spend(into: &orders)
            }
            // [JOIN-3]: enabled anew, under a new number.
            if fence.isSpent && (requests.asksEnable || othersAskEnable(now: now)) { rejoin(into: &orders) }
        case .surveying, .numbering, .joining, .holding, .arming, .renouncing, .resuming, .gone, .unguarded,
            .fencing:
            break
        }
    }

    private func othersAskEnable(now: MonotonicInstant) -> Bool {
        for host in others where isStorageLive(host, at: now) && peers[host.row].slot.requests.asksEnable {
            return true
        }
        return false
    }

    private mutating func rejoin(into orders: inout Orders) {
        mark(.join3Anew)
        fence = FenceProgress()
        lease.reset()
        adopted = .zero
        (members, removed) = (HostSet(), HostSet())
        firstAdoptedAt = .distantPast
        partition.reset()
        take(incarnation.number.next, into: &orders)
    }

    /// [LEAVE-2]: *unguarded* is published first; disarmed when it is on disk, known to a peer, or 2 s old.
    mutating func advanceUnguarded(now: MonotonicInstant, into orders: inout Orders) {
        guard life == .unguarded, watchdog.isOpen else { return }
        var isKnown = fence.isUnguardedKnown
        for host in others where peers[host.row].newestEcho > fence.startedAt { isKnown = true }
        guard isKnown || now - fence.startedAt > .seconds(2) else { return }
        mark(
            fence.isUnguardedKnown
                ? .leave2UnguardedWritten : isKnown ? .leave2UnguardedHeard : .leave2UnguardedLate
        )
        disarm(.unguarded, into: &orders)
    }
}

/// The sentence that a fenced host leaves in its slot.
enum LastWordsText {
    /// Reason and figures in ASCII, without allocating.
    static func compose(_ reason: SelfFenceReason, _ figures: FenceFigures, now: MonotonicInstant)
        -> LastWords
    {
        var words = LastWords()
        append("fenced itself: ", &words)
        switch reason {
        case .leaseExpired: append("no proof of life was renewed within G", &words)
        case .removedFromView: append("the pool decided a view without this host", &words)
        case .stalledFeed: append("the fence loop was stopped too long between check and feed", &words)
        case .watchdogUnavailable: append("the watchdog could not be opened or fed", &words)
        case .operatorRequest: append("the operator asked for it", &words)
        case .crashLoop: append("the daemon crashed too often in a row", &words)
        }
        append("; epoch ", &words)
        append(figures.epoch.rawValue, &words)
        append(", last good round ", &words)
        appendAge(figures.lastGoodRound, now, &words)
        append(", last grant ", &words)
        appendAge(figures.lastGrant, now, &words)
        append(", heard ", &words)
        append(UInt64(figures.heard.intersection(figures.members).count), &words)
        append(" of ", &words)
        append(UInt64(max(0, figures.members.count - 1)), &words)
        append(" other members", &words)
        return words
    }

    /// Literals only: they live in the program's image, so walking them allocates nothing.
    private static func append(_ text: String, _ words: inout LastWords) {
        for byte in text.utf8 { words.append(byte) }
    }

    private static func append(_ number: UInt64, _ words: inout LastWords) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            words.append(UInt8(48 + number / divisor % 10))
            divisor /= 10
        }
    }

    private static func appendAge(
        _ instant: MonotonicInstant,
        _ now: MonotonicInstant,
        _ words: inout LastWords
    ) {
        guard instant != .distantPast else {
            append("never", &words)
            return
        }
        let milliseconds = UInt64(max(0, (now - instant).inMilliseconds))
        append(milliseconds / 1000, &words)
        append(".", &words)
        append(milliseconds % 1000 / 100, &words)
        append(" s ago", &words)
    }
}
