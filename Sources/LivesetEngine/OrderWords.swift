public import PoolModel

// The orders of one step as words, for a hash that proves that two engines decided the same.
extension Orders {
    /// Takes out every order with everything it says, the heartbeat and the round included.
    public func takeOut(in words: inout StateWords) {
        words.takeOut(UInt64(list.count))
        for order in list { takeOut(order, in: &words) }
    }

    private func takeOut(_ order: Order, in words: inout StateWords) {
        switch order {
        case .renewLease(let end):
            words.takeOut(1)
            words.takeOut(end)
        case .broadcastHeartbeat:
            words.takeOut(2)
            words.takeOut(heartbeat)
        case .startRound:
            words.takeOut(3)
            words.takeOut(round)
        case .persist(let record):
            words.takeOut(4)
            words.takeOut(record)
        case .openWatchdog(let timeout):
            words.takeOut(5)
            words.takeOut(timeout)
        case .disarm(let permit):
            words.takeOut(6)
            words.takeOut(UInt64(permit.ground.rawValue))
        case .selfFence(let reason):
            words.takeOut(7)
            words.takeOut(UInt64(reason.rawValue))
        case .fire:
            words.takeOut(8)
        case .announce(let announcement):
            words.takeOut(9)
            announcement.takeOut(in: &words)
        }
    }
}

extension Announcement {
    /// Takes out the case's number, then what it says.
    fileprivate func takeOut(in words: inout StateWords) {
        switch self {
        case .started, .phaseChanged, .viewAdopted, .proposing, .ballotLost, .certified, .mastershipChanged:
            takeOutView(in: &words)
        case .peerUnheard, .peerHeard, .peerSlotStale, .peerSlotFresh, .holdChanged, .netOKChanged:
            takeOutSight(in: &words)
        case .storageLost, .storageBack, .livingOnVouches, .livingOnAllLost, .waitingToJoin, .selfFence,
            .readBackMismatch, .watchdogRefused:
            takeOutOwn(in: &words)
        }
    }

    private func takeOutView(in words: inout StateWords) {
        switch self {
        case .started(let number, let resumed):
            words.takeOut(1)
            words.takeOut(number)
            words.takeOut(resumed ? 1 : 0)
        case .phaseChanged(let from, let to):
            words.takeOut(2)
            words.takeOut(UInt64(from.rawValue))
            words.takeOut(UInt64(to.rawValue))
        case .viewAdopted(let view):
            words.takeOut(3)
            words.takeOut(view)
        case .proposing(let epoch, let host, let reason):
            words.takeOut(4)
            words.takeOut(epoch)
            words.takeOut(host.map { UInt64($0.rawValue) + 1 } ?? 0)
            words.takeOut(UInt64(reason?.rawValue ?? 0))
        case .ballotLost(let epoch):
            words.takeOut(5)
            words.takeOut(epoch)
        case .certified(let certificate):
            words.takeOut(6)
            words.takeOut(certificate)
        case .mastershipChanged(let acting, let epoch):
            words.takeOut(7)
            words.takeOut(acting ? 1 : 0)
            words.takeOut(epoch)
        case .peerUnheard, .peerHeard, .peerSlotStale, .peerSlotFresh, .holdChanged, .netOKChanged,
            .storageLost, .storageBack, .livingOnVouches, .livingOnAllLost, .waitingToJoin, .selfFence,
            .readBackMismatch, .watchdogRefused:
            preconditionFailure("only announcements about views come here")
        }
    }

    private func takeOutSight(in words: inout StateWords) {
        switch self {
        case .peerUnheard(let host, let last):
            words.takeOut(8)
            words.takeOut(host)
            words.takeOut(last)
        case .peerHeard(let host):
            words.takeOut(9)
            words.takeOut(host)
        case .peerSlotStale(let host, let last):
            words.takeOut(10)
            words.takeOut(host)
            words.takeOut(last)
        case .peerSlotFresh(let host):
            words.takeOut(11)
            words.takeOut(host)
        case .holdChanged(let isHeld):
            words.takeOut(12)
            words.takeOut(isHeld ? 1 : 0)
        case .netOKChanged(let isOK):
            words.takeOut(13)
            words.takeOut(isOK ? 1 : 0)
        case .started, .phaseChanged, .viewAdopted, .proposing, .ballotLost, .certified, .mastershipChanged,
            .storageLost, .storageBack, .livingOnVouches, .livingOnAllLost, .waitingToJoin, .selfFence,
            .readBackMismatch, .watchdogRefused:
            preconditionFailure("only announcements about sight come here")
        }
    }

    private func takeOutOwn(in words: inout StateWords) {
        switch self {
        case .storageLost(let last):
            words.takeOut(14)
            words.takeOut(last)
        case .storageBack: words.takeOut(15)
        case .livingOnVouches: words.takeOut(16)
        case .livingOnAllLost: words.takeOut(17)
        case .waitingToJoin(let obstacle, let hosts):
            words.takeOut(18)
            words.takeOut(UInt64(obstacle.rawValue))
            words.takeOut(hosts)
        case .selfFence(let reason, let figures):
            words.takeOut(19)
            words.takeOut(UInt64(reason.rawValue))
            words.takeOut(figures)
        case .readBackMismatch: words.takeOut(20)
        case .watchdogRefused(let readBack):
            words.takeOut(21)
            words.takeOut(readBack)
        case .started, .phaseChanged, .viewAdopted, .proposing, .ballotLost, .certified, .mastershipChanged,
            .peerUnheard, .peerHeard, .peerSlotStale, .peerSlotFresh, .holdChanged, .netOKChanged:
            preconditionFailure("only announcements about this host come here")
        }
    }
}

extension FenceFigures: WordCarried {
    /// Carries every figure.
    public mutating func carry(in words: inout StateWords) {
        words.carry(&epoch)
        words.carry(&leaseEnd)
        words.carry(&lastGoodRound)
        words.carry(&lastGrant)
        words.carry(&heard)
        words.carry(&members)
    }
}
