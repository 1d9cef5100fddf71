public import PoolModel

// What operators ask of this host's engine.
extension Engine {
    /// An operator asks for something.
    public mutating func requested(
        _ request: OperatorRequest,
        now: MonotonicInstant,
        into orders: inout Orders
    ) -> RequestAnswer {
        let answer = take(request, now: now, into: &orders)
        round.isWanted = true
        wantsHeartbeat = true
        conclude(now: now, into: &orders)
        return answer
    }

    private mutating func take(
        _ request: OperatorRequest,
        now: MonotonicInstant,
        into orders: inout Orders
    ) -> RequestAnswer {
        switch request {
        case .fence(let host):
            return takeFence(host, now: now, into: &orders)
        case .confirmOff(let host):
            return confirm(host, .confirmedOff)
        case .confirmDead(let host):
            return confirm(host, .operatorConfirmed)
        case .leave:
            guard life == .member else { return .wrongPhase }
            guard !hasGuests else { return .guestsRun }
            isLeaving = true
            return .accepted
        case .stay:
            guard life == .member, isLeaving else { return .wrongPhase }
            isLeaving = false
            return .accepted
        case .moveMaster(let host):
            guard life == .member else { return .wrongPhase }
            guard members.contains(host) else { return .wrongHost }
            requests.asksMaster = host
            return .accepted
        case .disable:
            guard life == .member else { return life == .disabled ? .accepted : .wrongPhase }
            requests.asksDisable = true
            return .accepted
        case .enable:
            guard life == .joining || life == .disabled else {
                return life == .member ? .accepted : .wrongPhase
            }
            requests.asksEnable = true
            return .accepted
        case .emergencyDisable:
            return emergencyDisable(now: now, into: &orders)
        case .clearHoldOut:
            if isHeldOut { mark(.fault8Cleared) }
            isHeldOut = false
            return .accepted
        case .forceForm:
            guard life == .joining else { return .wrongPhase }
            mayForceForm = true
            return .accepted
        }
    }

    private mutating func takeFence(
        _ host: HostIndex,
        now: MonotonicInstant,
        into orders: inout Orders
    ) -> RequestAnswer {
        guard life == .member else { return .wrongPhase }
        guard host != own else {
            beginFence(.operatorRequest, now: now, into: &orders)
            return .accepted
        }
        guard members.contains(host) else { return .wrongHost }
        requests.asksOut.insert(host)
        return .accepted
    }

    /// [DEAD-4], [DEAD-5]: counts for the incarnation that the newest view speaks of.
    private mutating func confirm(_ host: HostIndex, _ clause: CertificateClause) -> RequestAnswer {
        let view = life == .member ? adopted : known
        guard host != own, host.row < settings.hostCount, view.entries[host].standing != .absent else {
            return .wrongHost
        }
        peers[host.row].confirmed = view.entries[host].number
        peers[host.row].confirmedBy = clause
        return .accepted
    }

    private mutating func emergencyDisable(now: MonotonicInstant, into orders: inout Orders) -> RequestAnswer
    {
        switch life {
        case .member, .resuming:
            fence.startedAt = now
            life = .unguarded
            return .accepted
        case .unguarded:
            return .accepted
        case .surveying, .numbering, .joining, .holding, .arming, .renouncing, .departing, .gone, .disabled,
            .fencing:
            return .wrongPhase
        }
    }
}
