public import LivesetEngine
public import PoolModel

/// Why a host was stopped by fencing.
public enum FenceReason: Hashable, Sendable {
    /// It stopped itself, for this reason.
    case own(SelfFenceReason)
    /// Nobody fed its watchdog.
    case notFed
}

/// What keeps a host alive that lost its storage.
public enum Lifeline: Equatable, Sendable {
    /// [LEASE-M].
    case vouches
    /// [LEASE-A].
    case allLost
}

/// Something that has to happen in a run, or must not.
public enum EventClaim: Equatable, Sendable {
    /// Each of these hosts is fenced, and for this reason where one is given.
    case fence(HostSet, FenceReason?)
    /// These hosts are fenced and nobody else.
    case onlyFence(HostSet)
    /// Exactly one of these hosts is fenced, and nobody else.
    case oneFences(HostSet)
    /// Not more hosts than this are fenced.
    case fewFence(Int)
    /// None of these hosts is fenced.
    case spared(HostSet)
    /// Somebody certifies each of these hosts dead, by this clause where one is given.
    case certified(HostSet, CertificateClause?)
    /// Nobody certifies any of these hosts dead.
    case notCertified(HostSet)
    /// Each of these hosts lives on this at some time.
    case livesOn(HostSet, Lifeline)
    /// A hold begins.
    case hold
    /// No hold begins.
    case noHold
    /// Every machine that these hosts lost starts again, and on one of the second where they are given.
    case restart(HostSet, HostSet?)
    /// No machine that these hosts had starts again, there or elsewhere.
    case noRestart(HostSet)
    /// This host becomes master.
    case becomesMaster(HostIndex)
}

/// Something that has to be so at an instant.
public enum StateClaim: Equatable, Sendable {
    /// These hosts agree on one view with just them, nobody else is in doubt, one of them is master.
    case oneView(HostSet)
    /// Every host is in, with storage, and one is master ([LIVE-1]).
    case whole
    /// This host acts as master.
    case master(HostIndex)
    /// None of these hosts acts as master.
    case notMaster(HostSet)
    /// Nobody acts as master.
    case noMaster
    /// Each of these hosts counts itself storage-lost, or not.
    case storageLost(HostSet, Bool)
    /// The watchdog of each of these hosts counts, or not.
    case armed(HostSet, Bool)
    /// Each of these hosts said last that it is in this phase.
    case phase(HostSet, HostPhase)
    /// Each of these hosts waits for this before it joins.
    case waits(HostSet, JoinObstacle)
    /// Every protected machine runs somewhere.
    case machinesRun
}

/// What a scenario says of its own outcome.
public enum Expectation: Equatable, Sendable {
    /// This happens within the period, or does not.
    case event(EventClaim, Period)
    /// This is so at the instant.
    case state(StateClaim, Instant)

    /// The latest instant that it names; zero when it names none.
    var latest: TimeSpan {
        switch self {
        case .event(_, let period): period.latest
        case .state(_, let instant): instant.latest
        }
    }

    /// What is expected, without the time: the same in a scenario that was made shorter.
    public var kind: String {
        switch self {
        case .event(let claim, _):
            return ExpectationSentences.all.text(of: .event(claim, .ever))
        case .state(let claim, _):
            let text = ExpectationSentences.all.text(of: .state(claim, .end))
            return String(text.dropLast(Instant.end.text.count + 1))
        }
    }

    /// As a scenario writes it.
    public var text: String { ExpectationSentences.all.text(of: self) }
}
