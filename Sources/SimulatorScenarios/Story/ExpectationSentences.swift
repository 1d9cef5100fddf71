import LivesetEngine
import PoolModel

/// The sentences for expectations: what may follow `expect`.
enum ExpectationSentences {
    static let all = Sentences<Expectation>(fences + certificates + others + machines + states + hostStates)

    /// An event that is said with its hosts and, where it is given, its period.
    private static func event(
        _ template: String,
        _ make: @escaping @Sendable (HostSet) -> EventClaim,
        _ hosts: @escaping @Sendable (EventClaim) -> HostSet?
    ) -> Sentence<Expectation> {
        Sentence(
            template + " {period}",
            read: { .event(make($0.hosts(0)), $0.period(1)) },
            write: {
                guard case .event(let claim, let period) = $0, let hosts = hosts(claim) else { return nil }
                return [.hosts(hosts), .period(period)]
            }
        )
    }

    /// An event that names no host.
    private static func plain(
        _ template: String,
        _ claim: EventClaim
    ) -> Sentence<Expectation> {
        Sentence(
            template + " {period}",
            read: { .event(claim, $0.period(0)) },
            write: {
                if case .event(claim, let period) = $0 { [.period(period)] } else { nil }
            }
        )
    }

    private static let fences: [Sentence<Expectation>] = [
        plain("nobody fences", .spared(HostNames.all)),
        event("only {hosts} fences|fence", EventClaim.onlyFence) {
            if case .onlyFence(let hosts) = $0 { hosts } else { nil }
        },
        event("one of {hosts} fences", EventClaim.oneFences) {
            if case .oneFences(let hosts) = $0 { hosts } else { nil }
        },
        Sentence(
            "at most {number64} fence {period}",
            read: { .event(.fewFence($0.number(0)), $0.period(1)) },
            write: {
                guard case .event(.fewFence(let most), let period) = $0 else { return nil }
                return [.number(UInt64(most)), .period(period)]
            }
        ),
        event("{hosts} fences|fence", { .fence($0, nil) }) {
            if case .fence(let hosts, nil) = $0 { hosts } else { nil }
        },
        Sentence(
            "{hosts} fences|fence because {reason} {period}",
            read: { .event(.fence($0.hosts(0), $0.value(1, Words.reason)), $0.period(2)) },
            write: {
                guard case .event(.fence(let hosts, let reason?), let period) = $0 else { return nil }
                return [.hosts(hosts), .phrase(Words.reason.phrase(for: reason)), .period(period)]
            }
        ),
        event("{hosts} does|do not fence", EventClaim.spared) {
            if case .spared(let hosts) = $0 { hosts } else { nil }
        },
    ]

    private static let certificates: [Sentence<Expectation>] = [
        plain("nobody is certified", .notCertified(HostNames.all)),
        event("{hosts} is|are certified", { .certified($0, nil) }) {
            if case .certified(let hosts, nil) = $0 { hosts } else { nil }
        },
        Sentence(
            "{hosts} is|are certified through {clause} {period}",
            read: { .event(.certified($0.hosts(0), $0.value(1, Words.clause)), $0.period(2)) },
            write: {
                guard case .event(.certified(let hosts, let clause?), let period) = $0 else { return nil }
                return [.hosts(hosts), .phrase(Words.clause.phrase(for: clause)), .period(period)]
            }
        ),
        event("{hosts} is|are not certified", EventClaim.notCertified) {
            if case .notCertified(let hosts) = $0 { hosts } else { nil }
        },
    ]

    private static let others: [Sentence<Expectation>] = [
        plain("a hold begins", .hold),
        plain("no hold begins", .noHold),
        Sentence(
            "{hosts} lives|live on {lifeline} {period}",
            read: { .event(.livesOn($0.hosts(0), $0.value(1, Words.lifeline)), $0.period(2)) },
            write: {
                guard case .event(.livesOn(let hosts, let line), let period) = $0 else { return nil }
                return [.hosts(hosts), .phrase(Words.lifeline.phrase(for: line)), .period(period)]
            }
        ),
        Sentence(
            "{host} becomes master {period}",
            read: { .event(.becomesMaster($0.host(0)), $0.period(1)) },
            write: {
                guard case .event(.becomesMaster(let host), let period) = $0 else { return nil }
                return [.host(host), .period(period)]
            }
        ),
    ]

    private static let machines: [Sentence<Expectation>] = [
        Sentence(
            "machines of {hosts} restart on {hosts} {period}",
            read: { .event(.restart($0.hosts(0), $0.hosts(1)), $0.period(2)) },
            write: {
                guard case .event(.restart(let lost, let targets?), let period) = $0 else { return nil }
                return [.hosts(lost), .hosts(targets), .period(period)]
            }
        ),
        event("machines of {hosts} restart", { .restart($0, nil) }) {
            if case .restart(let hosts, nil) = $0 { hosts } else { nil }
        },
        event("machines of {hosts} do not restart", EventClaim.noRestart) {
            if case .noRestart(let hosts) = $0 { hosts } else { nil }
        },
        state("every machine runs", .machinesRun),
    ]

    /// A state that names no host.
    private static func state(_ template: String, _ claim: StateClaim) -> Sentence<Expectation> {
        Sentence(
            template + " {instant}",
            read: { .state(claim, $0.instant(0)) },
            write: {
                if case .state(claim, let instant) = $0 { [.instant(instant)] } else { nil }
            }
        )
    }

    /// A state of each of several hosts.
    private static func state(
        _ template: String,
        _ make: @escaping @Sendable (HostSet) -> StateClaim,
        _ hosts: @escaping @Sendable (StateClaim) -> HostSet?
    ) -> Sentence<Expectation> {
        Sentence(
            template + " {instant}",
            read: { .state(make($0.hosts(0)), $0.instant(1)) },
            write: {
                guard case .state(let claim, let instant) = $0, let hosts = hosts(claim) else { return nil }
                return [.hosts(hosts), .instant(instant)]
            }
        )
    }

    private static let states: [Sentence<Expectation>] = [
        state("one view of {hosts} and one master", StateClaim.oneView) {
            if case .oneView(let hosts) = $0 { hosts } else { nil }
        },
        state("whole", .whole),
        state("no master", .noMaster),
        Sentence(
            "{host} is master {instant}",
            read: { .state(.master($0.host(0)), $0.instant(1)) },
            write: {
                guard case .state(.master(let host), let instant) = $0 else { return nil }
                return [.host(host), .instant(instant)]
            }
        ),
        state("{hosts} is|are not master", StateClaim.notMaster) {
            if case .notMaster(let hosts) = $0 { hosts } else { nil }
        },
    ]

    private static let hostStates: [Sentence<Expectation>] = [
        state("{hosts} storage-lost", { .storageLost($0, true) }) {
            if case .storageLost(let hosts, true) = $0 { hosts } else { nil }
        },
        state("{hosts} storage-live", { .storageLost($0, false) }) {
            if case .storageLost(let hosts, false) = $0 { hosts } else { nil }
        },
        state("{hosts} armed", { .armed($0, true) }) {
            if case .armed(let hosts, true) = $0 { hosts } else { nil }
        },
        state("{hosts} disarmed", { .armed($0, false) }) {
            if case .armed(let hosts, false) = $0 { hosts } else { nil }
        },
        Sentence(
            "{hosts} is|are {phase} {instant}",
            read: { .state(.phase($0.hosts(0), $0.value(1, Words.phase)), $0.instant(2)) },
            write: {
                guard case .state(.phase(let hosts, let phase), let instant) = $0 else { return nil }
                return [.hosts(hosts), .phrase(Words.phase.phrase(for: phase)), .instant(instant)]
            }
        ),
        Sentence(
            "{hosts} waits|wait for {obstacle} {instant}",
            read: { .state(.waits($0.hosts(0), $0.value(1, Words.obstacle)), $0.instant(2)) },
            write: {
                guard case .state(.waits(let hosts, let obstacle), let instant) = $0 else { return nil }
                return [.hosts(hosts), .phrase(Words.obstacle.phrase(for: obstacle)), .instant(instant)]
            }
        ),
    ]
}
