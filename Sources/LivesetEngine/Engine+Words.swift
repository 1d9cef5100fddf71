public import PoolModel

// The whole state as words: what a flight recording begins with, and a hash of it names the state.
//
// Settings and start are not among them: an engine is made with them, and they never change.
extension Engine {
    /// Carries everything that a step can change.
    ///
    /// An engine made with the same settings, start and instant, into which the words of another are put
    /// back, takes every further step as the other does. One that took words which had no meaning
    /// (`isPutBackWhole` is false) is of no use.
    public mutating func carry(in words: inout StateWords) {
        carryHost(in: &words)
        for row in peers.indices { words.carry(&peers[row]) }
        words.carry(&departures)
        carryViews(in: &words)
        words.carry(&round)
        words.carry(&lease)
        words.carry(&partition)
        words.carry(&mastership)
        words.carry(&sends)
        words.carry(&nextHeartbeatAt)
        words.carry(&wantsHeartbeat)
        words.carry(&published)
        words.carry(&fence)
        words.carry(&told)
    }

    private mutating func carryHost(in words: inout StateWords) {
        words.carry(&timing)
        words.carry(&life)
        words.carry(&incarnation)
        words.carry(&isLeaving)
        words.carry(&hasGuests)
        words.carry(&isHeldOut)
        words.carry(&formsByForceAfter, blank: .zero)
        words.carry(&requests)
        words.carry(&health)
        words.carry(&watchdog)
        words.carry(&nextArmingAt)
        words.carry(&lastFence)
        words.carry(&lastWords)
    }

    private mutating func carryViews(in words: inout StateWords) {
        words.carry(&adopted)
        words.carry(&members)
        words.carry(&removed)
        words.carry(&known)
        words.carry(&firstAdoptedAt)
        words.carry(&adoptedAt)
        words.carry(&book)
        words.carry(&proposer)
        words.carry(&desiredSince, blank: .distantPast)
        words.carry(&formableSince, blank: .distantPast)
        words.carry(&jitter)
    }
}

extension RoundState: WordCarried {
    mutating func carry(in words: inout StateWords) {
        words.carry(&id)
        words.carry(&isInFlight)
        words.carry(&slot, blank: Slot(emptyFor: HostIndex(0)))
        words.carry(&stage)
        words.carry(&hasBallot)
        words.carry(&startedAt)
        words.carry(&isWanted)
        words.carry(&slotSequence)
        words.carry(&acknowledgedSlot)
        words.carry(&hasSurveyed)
        words.carry(&lastGood)
        words.carry(&lastGoodCompleted)
        words.carry(&lastGoodReadIssued)
        words.carry(&gapEndedAt)
        words.carry(&goodSince)
        words.carry(&lastBallotsRead)
        words.carry(&sawFlag)
        words.carry(&unsettled)
        words.carry(&isQuarantineOver)
        words.carry(&hadGoodAfterQuarantine)
        words.carry(&acknowledgedVouches)
        words.carry(&mismatchSince, blank: .distantPast)
        words.carry(&lastEndedAt)
        words.carry(&lastWrite)
        words.carry(&lastRead)
    }
}

extension PublishedRow: WordCarried {
    mutating func carry(in words: inout StateWords) {
        words.carry(&heard)
        words.carry(&netOK)
        words.carry(&epoch)
        words.carry(&phase)
        words.carry(&hold)
    }
}

extension Told: WordCarried {
    mutating func carry(in words: inout StateWords) {
        words.carry(&phase)
        words.carry(&storageLive)
        words.carry(&hadStorage)
        words.carry(&netOK)
        words.carry(&hold)
        words.carry(&acting)
        words.carry(&ground)
        words.carry(&obstacle)
        words.carry(&obstacleHosts)
        words.carry(&mismatch)
    }
}

extension FenceProgress: WordCarried {
    mutating func carry(in words: inout StateWords) {
        words.carry(&reason)
        words.carry(&startedAt)
        words.carry(&tombstonesSent)
        words.carry(&isTombstoneDue)
        words.carry(&hasFired)
        words.carry(&isSpent)
        words.carry(&isSpendPending)
        words.carry(&isUnguardedKnown)
        words.carry(&hasHandedLease)
    }
}

extension WatchdogState: WordCarried {
    /// 0 closed, 1 opening, 2 open; then the time-out.
    mutating func carry(in words: inout StateWords) {
        var code: UInt8
        var timeout = TimeSpan.zero
        switch self {
        case .closed: code = 0
        case .opening: code = 1
        case .open(let readBack): (code, timeout) = (2, readBack)
        }
        words.carry(&code)
        words.carry(&timeout)
        switch code {
        case 0: self = .closed
        case 1: self = .opening
        case 2: self = .open(timeout)
        default: words.refuse()
        }
    }
}
