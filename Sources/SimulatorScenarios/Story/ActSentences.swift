import LivesetEngine
import PoolModel
import Simulator

/// The sentences for acts: what may follow `at 60s`.
enum ActSentences {
    static let all = Sentences<Act>(
        HostFault.allCases.map(each) + standstills + DeviceSentences.all + NetworkSentences.all + changes
            + interruptions + wishes + mendings
    )

    private static func each(_ fault: HostFault) -> Sentence<Act> {
        Sentence(
            "\(fault.rawValue) {hosts}",
            read: { .each(fault, $0.hosts(0)) },
            write: { if case .each(fault, let hosts) = $0 { [.hosts(hosts)] } else { nil } }
        )
    }

    private static let standstills: [Sentence<Act>] = [
        Sentence(
            "freeze {hosts} for {span}",
            read: { .freeze($0.hosts(0), .all, $0.span(1)) },
            write: {
                if case .freeze(let hosts, .all, let length) = $0 {
                    [.hosts(hosts), .span(length)]
                } else {
                    nil
                }
            }
        ),
        Sentence(
            "freeze {threads} of {hosts} for {span}",
            read: { .freeze($0.hosts(1), $0.value(0, Words.threads), $0.span(2)) },
            write: {
                guard case .freeze(let hosts, let threads, let length) = $0, threads != .all else {
                    return nil
                }
                return [.phrase(Words.threads.phrase(for: threads)), .hosts(hosts), .span(length)]
            }
        ),
    ]

    /// `set` before a setting that can change while the world runs.
    private static let changes: [Sentence<Act>] = Setting.changeable.map { sentence in
        Sentence(
            "set " + sentence.template,
            read: { .change(sentence.read($0)) },
            write: { if case .change(let setting) = $0 { sentence.write(setting) } else { nil } }
        )
    }

    private static let interruptions: [Sentence<Act>] = [
        standStill(
            "let {hosts} freeze for {span} before its|their {ordinal} {moment}",
            Interruption.Act.freeze,
            { if case .freeze(let length) = $0 { length } else { nil } }
        ),
        standStill(
            "let {hosts} await a rival for {span} before its|their {ordinal} {moment}",
            Interruption.Act.awaitRival,
            { if case .awaitRival(let length) = $0 { length } else { nil } }
        ),
        Sentence(
            "let {hosts} {mishap} before its|their {ordinal} {moment}",
            read: {
                let moment = $0.value(3, Words.moment)
                let mishap = $0.value(1, Words.mishap)
                return .interrupt(
                    $0.hosts(0),
                    Interruption(before: moment, mishap, passing: $0.number(2) - 1)
                )
            },
            write: {
                guard case .interrupt(let hosts, let strike) = $0 else { return nil }
                guard Words.mishap.pairs.contains(where: { $0.value == strike.act }) else { return nil }
                return [.hosts(hosts), .phrase(Words.mishap.phrase(for: strike.act))] + ordinalMoment(strike)
            }
        ),
    ]

    /// A sentence about a host that stands still for a while between two of its acts.
    private static func standStill(
        _ template: String,
        _ make: @escaping @Sendable (TimeSpan) -> Interruption.Act,
        _ length: @escaping @Sendable (Interruption.Act) -> TimeSpan?
    ) -> Sentence<Act> {
        Sentence(
            template,
            read: {
                let moment = $0.value(3, Words.moment)
                return .interrupt(
                    $0.hosts(0),
                    Interruption(before: moment, make($0.span(1)), passing: $0.number(2) - 1)
                )
            },
            write: {
                guard case .interrupt(let hosts, let strike) = $0, let length = length(strike.act) else {
                    return nil
                }
                return [.hosts(hosts), .span(length)] + ordinalMoment(strike)
            }
        )
    }

    private static func ordinalMoment(_ strike: Interruption) -> [Field] {
        [.number(UInt64(strike.passing + 1)), .phrase(Words.moment.phrase(for: strike.moment))]
    }

    private static let wishes: [Sentence<Act>] = [
        aboutPeer("ask {hosts} to fence {host}", OperatorRequest.fence) {
            if case .fence(let peer) = $0 { peer } else { nil }
        },
        aboutPeer("ask {hosts} to move the master to {host}", OperatorRequest.moveMaster) {
            if case .moveMaster(let peer) = $0 { peer } else { nil }
        },
        aboutPeer("ask {hosts} to confirm off {host}", OperatorRequest.confirmOff) {
            if case .confirmOff(let peer) = $0 { peer } else { nil }
        },
        aboutPeer("ask {hosts} to confirm dead {host}", OperatorRequest.confirmDead) {
            if case .confirmDead(let peer) = $0 { peer } else { nil }
        },
        Sentence(
            "ask {hosts} to {request}",
            read: { .ask($0.hosts(0), $0.value(1, Words.request)) },
            write: {
                guard case .ask(let hosts, let request) = $0 else { return nil }
                guard Words.request.pairs.contains(where: { $0.value == request }) else { return nil }
                return [.hosts(hosts), .phrase(Words.request.phrase(for: request))]
            }
        ),
    ]

    /// A wish that names another host.
    private static func aboutPeer(
        _ template: String,
        _ make: @escaping @Sendable (HostIndex) -> OperatorRequest,
        _ peer: @escaping @Sendable (OperatorRequest) -> HostIndex?
    ) -> Sentence<Act> {
        Sentence(
            template,
            read: { .ask($0.hosts(0), make($0.host(1))) },
            write: {
                guard case .ask(let hosts, let request) = $0, let peer = peer(request) else { return nil }
                return [.hosts(hosts), .host(peer)]
            }
        )
    }

    private static let mendings: [Sentence<Act>] = [
        plain("mend everything", .mendEverything), plain("start who left", .startLeft),
        plain("reboot who is unguarded", .rebootUnguarded),
        plain("enable what is disabled", .enableDisabled),
    ]

    /// A sentence without blanks.
    private static func plain(_ text: String, _ act: Act) -> Sentence<Act> {
        Sentence(text, read: { _ in act }, write: { $0 == act ? [] : nil })
    }
}
