// The records of the model as words: what hosts tell each other, and what they conclude.

extension LastWords: WordCarried {
    /// Carries the count, then eight bytes a word.
    public mutating func carry(in words: inout StateWords) {
        var byteCount = UInt8(count)
        words.carry(&byteCount)
        if Int(byteCount) > LastWords.limit { words.refuse() }
        var text = LastWords()
        for place in 0..<LastWords.limit / 8 {
            var word: UInt64 = 0
            for index in 0..<8 where place * 8 + index < count {
                word |= UInt64(self[place * 8 + index]) << UInt64(8 * index)
            }
            words.carry(&word)
            for index in 0..<8 where place * 8 + index < Int(byteCount) {
                text.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * index)))
            }
        }
        self = text
    }
}

extension PoolRequests: WordCarried {
    /// Carries every request.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&asksOut)
        words.carry(&asksMaster, blank: HostIndex(0))
        words.carry(&asksDisable)
        words.carry(&asksEnable)
    }
}

extension Slot: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&owner)
        words.carry(&sequence)
        words.carry(&incarnation)
        words.carry(&phase)
        words.carry(&epoch)
        words.carry(&certainlyDead)
        words.carry(&grace)
        words.carry(&watchdog)
        words.carry(&ballotInstance)
        words.carry(&netOK)
        words.carry(&hold)
        words.carry(&quarantineOver)
        words.carry(&hasGuests)
        words.carry(&weight)
        words.carry(&recentRemovals)
        words.carry(&selfFences)
        words.carry(&lastFence)
        words.carry(&requests)
        words.carry(&hears)
        words.carry(&vouches)
        words.carry(&grantAges)
        words.carry(&lastWords)
    }
}

extension ViewEntry: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&number)
        words.carry(&standing)
        words.carry(&reason)
        words.carry(&removedIn)
    }
}

extension View: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&epoch)
        words.carry(&state)
        words.carry(&configurationEpoch)
        words.carry(&featureLevel)
        words.carry(&master, blank: HostIndex(0))
        words.carry(&entries)
    }
}

extension BallotRecord: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&owner)
        words.carry(&run)
        words.carry(&sequence)
        words.carry(&instance)
        words.carry(&mbal)
        words.carry(&bal)
        words.carry(&proposal)
        words.carry(&decided)
    }
}

extension BallotWrite: WordCarried {
    /// Carries sub-block and record.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&subBlock)
        words.carry(&record)
    }
}

extension SlotReading: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&verdict)
        words.carry(&fingerprint)
        words.carry(&slot)
    }
}

extension BallotReading: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&validCount)
        words.carry(&newestSubBlock)
        words.carry(&newest)
    }
}

extension RoundRequest: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&id)
        words.carry(&slot, blank: Slot(emptyFor: HostIndex(0)))
        words.carry(
            &ballot,
            blank: BallotWrite(subBlock: 0, record: BallotRecord(formattedFor: HostIndex(0)))
        )
        words.carry(&readsBallots)
    }
}

extension Echo: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&kind)
        words.carry(&number)
        words.carry(&nonce)
        words.carry(&sequence)
    }
}

extension Heartbeat: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&sender)
        words.carry(&incarnation)
        words.carry(&sequence)
        words.carry(&phase)
        words.carry(&epoch)
        words.carry(&isRoundOld)
        words.carry(&isStorageLost)
        words.carry(&wantsGrant)
        words.carry(&netOK)
        words.carry(&hold)
        words.carry(&acknowledgedSlot)
        words.carry(&certainlyDead)
        words.carry(&echoes)
        words.carry(&view, blank: .zero)
    }
}

extension DeathCertificate: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&host)
        words.carry(&number)
        words.carry(&clause)
        words.carry(&issuedAt)
        words.carry(&evidenceFrom)
        words.carry(&bound)
        words.carry(&removedIn)
    }
}
