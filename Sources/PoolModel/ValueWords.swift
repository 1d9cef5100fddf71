// The small values of the model as words.

extension TimeSpan: WordCarried {
    /// Carries the nanoseconds.
    public mutating func carry(in words: inout StateWords) { words.carry(&nanoseconds) }
}

extension MonotonicInstant: WordCarried {
    /// Carries the nanoseconds since boot.
    public mutating func carry(in words: inout StateWords) { words.carry(&nanoseconds) }
}

extension HostIndex: WordCarried {
    /// Carries the row.
    public mutating func carry(in words: inout StateWords) {
        var row = rawValue
        words.carry(&row)
        if let host = HostIndex(decoding: row) { self = host } else { words.refuse() }
    }
}

extension HostSet: WordCarried {
    /// Carries the bits.
    public mutating func carry(in words: inout StateWords) { words.carry(&bits) }
}

extension Epoch: WordCarried {
    /// Carries the position.
    public mutating func carry(in words: inout StateWords) {
        var position = rawValue
        words.carry(&position)
        self = Epoch(position)
    }
}

extension BallotNumber: WordCarried {
    /// Carries the raw number.
    public mutating func carry(in words: inout StateWords) {
        var number = rawValue
        words.carry(&number)
        self = BallotNumber(number)
    }
}

extension IncarnationNumber: WordCarried {
    /// Carries the count.
    public mutating func carry(in words: inout StateWords) {
        var count = rawValue
        words.carry(&count)
        self = IncarnationNumber(count)
    }
}

extension BootID: WordCarried {
    /// Carries the 128 bits.
    public mutating func carry(in words: inout StateWords) {
        var bits = rawValue
        words.carry(&bits)
        self = BootID(bits)
    }
}

extension RunNonce: WordCarried {
    /// Carries the 64 bits.
    public mutating func carry(in words: inout StateWords) {
        var bits = rawValue
        words.carry(&bits)
        self = RunNonce(bits)
    }
}

extension Incarnation: WordCarried {
    /// Carries number, boot and nonce.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&number)
        words.carry(&boot)
        words.carry(&nonce)
    }
}

extension PersistedIncarnation: WordCarried {
    /// Carries boot, number and mark.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&boot)
        words.carry(&number)
        words.carry(&mark)
    }
}

extension GrantAge: WordCarried {
    /// Carries the milliseconds.
    public mutating func carry(in words: inout StateWords) { words.carry(&milliseconds) }
}

extension Timing: WordCarried {
    /// Carries every time.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&heartbeatInterval)
        words.carry(&roundInterval)
        words.carry(&networkTimeout)
        words.carry(&storageTimeout)
        words.carry(&grace)
        words.carry(&watchdog)
        words.carry(&resetDelay)
    }
}
