public import PoolModel

// From the start of a run to the adoption of its first view ([INC-1], [JOIN-1], [LEASE-2]).
extension Engine {
    /// A run that finds *held* for its number in this boot keeps the number: the same member.
    mutating func resume(_ number: IncarnationNumber, into orders: inout Orders) {
        incarnation.number = number
        life = .resuming
        orders.append(.announce(.started(number, resumed: true)))
    }

    /// First successful read of the statefile: continues the own sequence, and takes a number where there is
    /// none yet.
    mutating func survey(_ result: RoundResult, now: MonotonicInstant, into orders: inout Orders) {
        round.hasSurveyed = true
        let reading = result.slots[own.row]
        let former = reading.verdict == .valid ? reading.slot : Slot(emptyFor: own)
        // A write of a former run may still be in flight with the next sequence: leave room.
        round.slotSequence = former.sequence + 1000
        lastFence = former.lastFence
        lastWords = former.lastWords
        round.isWanted = true
        guard life == .surveying else { return }
        if mayHaveHeldUnseen(former, now: now) { return }
        var highest = max(former.incarnation.number, start.persisted?.number ?? .none)
        highest = max(highest, known.entries[own].number)
        for ballot in result.ballots {
            highest = max(highest, ballot.newest.decided.entries[own].number)
            if ballot.newest.bal != .none {
                highest = max(highest, ballot.newest.proposal.entries[own].number)
            }
        }
        take(highest.next, into: &orders)
    }

    /// [INC-1]: the own file cannot be read, and nothing else tells whether this boot holds the number of the
    /// newest view, or has spent it (docs/decisions/0008-unreadable-own-file.md).
    ///
    /// For D at most: a watchdog that the holder armed, and that nobody feeds, has reset this host by then.
    private func mayHaveHeldUnseen(_ former: Slot, now: MonotonicInstant) -> Bool {
        let entry = known.entries[own]
        guard !start.isPersistedReadable, entry.standing != .absent else { return false }
        guard now - startedAt <= settings.largestD else { return false }
        if former.incarnation.number != entry.number { return former.incarnation.number < entry.number }
        return former.incarnation.boot == start.boot && !former.phase.isTombstone
    }

    /// Takes a new number; used only once it is in the own file.
    mutating func take(_ number: IncarnationNumber, into orders: inout Orders) {
        life = .numbering
        incarnation.number = number
        orders.append(.persist(PersistedIncarnation(boot: start.boot, number: number, mark: .taken)))
    }

    /// The answer to `persist`.
    public mutating func incarnationPersisted(
        _ record: PersistedIncarnation,
        succeeded: Bool,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        if record.number == incarnation.number {
            switch record.mark {
            case .taken: numberPersisted(succeeded, into: &orders)
            case .held: heldPersisted(succeeded, now: now, into: &orders)
            case .spent: spentPersisted(succeeded, now: now, into: &orders)
            }
        }
        conclude(now: now, into: &orders)
    }

    private mutating func numberPersisted(_ succeeded: Bool, into orders: inout Orders) {
        guard life == .numbering else { return }
        guard succeeded else {
            // The shell has told why; try again.
            take(incarnation.number, into: &orders)
            return
        }
        life = .joining
        isLeaving = false
        round.isWanted = true
        wantsHeartbeat = true
        orders.append(.announce(.started(incarnation.number, resumed: false)))
    }

    /// This number was let in: *held* first, then the watchdog, then the view ([JOIN-1]).
    mutating func beginAdmission(now: MonotonicInstant, into orders: inout Orders) {
        guard life == .joining, now >= nextArmingAt else { return }
        life = .holding
        // What this host was about to propose was the wish of one who was not in yet.
        proposer.finish()
        orders.append(
            .persist(PersistedIncarnation(boot: start.boot, number: incarnation.number, mark: .held))
        )
    }

    private mutating func heldPersisted(_ succeeded: Bool, now: MonotonicInstant, into orders: inout Orders) {
        guard life == .holding else { return }
        guard succeeded else {
            life = .joining
            nextArmingAt = now + timing.grace
            return
        }
        life = .arming
        if watchdog.isOpen {
            completeAdmission(now: now, into: &orders)
        } else {
            watchdog = .opening
            orders.append(.openWatchdog(timeout: settings.timing.watchdog))
        }
    }

    /// The answer to `openWatchdog`.
    public mutating func watchdogOpened(
        _ outcome: WatchdogOutcome,
        now: MonotonicInstant,
        into orders: inout Orders
    ) {
        if watchdog == .opening {
            switch outcome {
            case .failed:
                watchdog = .closed
                watchdogMissing(now: now, into: &orders)
            case .opened(let readBack):
                watchdog = .open(readBack)
                if accept(readBack: readBack) {
                    completeAdmission(now: now, into: &orders)
                } else {
                    orders.append(.announce(.watchdogRefused(readBack: readBack)))
                    watchdogMissing(now: now, into: &orders)
                }
            }
        }
        conclude(now: now, into: &orders)
    }

    /// Whether the times hold with the timeout that the device really took; they are in force from here on.
    private mutating func accept(readBack: TimeSpan) -> Bool {
        let derived = settings.timing.withWatchdog(readBack: readBack)
        guard derived.certainlyDead <= settings.largestD else { return false }
        do throws(TimingError) { try derived.check() } catch { return false }
        timing = derived
        return true
    }

    private mutating func watchdogMissing(now: MonotonicInstant, into orders: inout Orders) {
        nextArmingAt = now + max(.seconds(10), timing.grace)
        switch life {
        case .arming: renounce(into: &orders)
        case .member, .resuming: beginFence(.watchdogUnavailable, now: now, into: &orders)
        case .surveying, .numbering, .joining, .holding, .renouncing, .departing, .gone, .disabled,
            .unguarded, .fencing:
            break
        }
    }

    /// Gives an admission back that was never adopted: the number is spent, and a new one follows ([JOIN-1]).
    mutating func renounce(into orders: inout Orders) {
        life = .renouncing
        if watchdog.isOpen {
            orders.append(.disarm(DisarmPermit(.neverAdopted)))
            watchdog = .closed
        }
        orders.append(
            .persist(PersistedIncarnation(boot: start.boot, number: incarnation.number, mark: .spent))
        )
    }

    /// Adopts the view that let this number in, if a joining round is young enough.
    mutating func completeAdmission(now: MonotonicInstant, into orders: inout Orders) {
        guard life == .arming, watchdog.isOpen else { return }
        guard known.includes(own, incarnation.number) else {
            renounce(into: &orders)
            return
        }
        guard round.lastGood != .distantPast, now - round.lastGood < timing.grace / 2 else { return }
        life = .member
        adopt(known, now: now, into: &orders)
    }
}
