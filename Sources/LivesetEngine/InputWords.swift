public import PoolModel

// What an engine is told, at its start and later, as words.

extension EngineSettings: WordCarried {
    /// Carries every setting.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&own)
        words.carry(&hostCount)
        words.carry(&timing)
        words.carry(&largestD)
        words.carry(&weight)
        words.carry(&onStorageLoss)
        words.carry(&onEvenPartition)
        words.carry(&storageLossLimit)
        words.carry(&pathMayRepeatWrites)
        words.carry(&enableTimeout)
    }
}

extension EngineStart: WordCarried {
    /// Carries every field.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&boot)
        words.carry(&nonce)
        words.carry(&persisted, blank: PersistedIncarnation(boot: .none, number: .none, mark: .taken))
        words.carry(&isPersistedReadable)
        words.carry(&holdOut)
        words.carry(&recentRemovals)
        words.carry(&selfFences)
        words.carry(&inheritedWatchdog, blank: .zero)
    }
}

extension WatchdogOutcome: WordCarried {
    /// Whether it is open, then the time-out read back.
    public mutating func carry(in words: inout StateWords) {
        var isOpen = false
        var timeout = TimeSpan.zero
        switch self {
        case .opened(let readBack): (isOpen, timeout) = (true, readBack)
        case .failed: break
        }
        words.carry(&isOpen)
        words.carry(&timeout)
        self = isOpen ? .opened(readBack: timeout) : .failed
    }
}

extension OperatorRequest: WordCarried {
    /// The request's number, then the host that it is about, or row 0.
    public mutating func carry(in words: inout StateWords) {
        var (code, host) = parts
        words.carry(&code)
        words.carry(&host)
        switch code {
        case 0: self = .fence(host)
        case 1: self = .confirmOff(host)
        case 2: self = .confirmDead(host)
        case 3: self = .leave
        case 4: self = .stay
        case 5: self = .moveMaster(host)
        case 6: self = .disable
        case 7: self = .enable
        case 8: self = .emergencyDisable
        case 9: self = .clearHoldOut
        case 10: self = .forceForm
        case 11: self = .giveUp
        default: words.refuse()
        }
    }

    private var parts: (code: UInt8, host: HostIndex) {
        switch self {
        case .fence(let host): (0, host)
        case .confirmOff(let host): (1, host)
        case .confirmDead(let host): (2, host)
        case .leave: (3, HostIndex(0))
        case .stay: (4, HostIndex(0))
        case .moveMaster(let host): (5, host)
        case .disable: (6, HostIndex(0))
        case .enable: (7, HostIndex(0))
        case .emergencyDisable: (8, HostIndex(0))
        case .clearHoldOut: (9, HostIndex(0))
        case .forceForm: (10, HostIndex(0))
        case .giveUp: (11, HostIndex(0))
        }
    }
}
