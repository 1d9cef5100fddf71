import PoolModel

/// What a whole line of a scenario may say; acts and expectations have tables of their own.
enum ScenarioLine: Equatable, Sendable {
    case hosts(Int)
    case timing(TimingChoice)
    case seed(UInt64)
    case ending(Scenario.Ending)
    case setting(Setting)
}

/// The sentences for lines that do not begin with `at` or `expect`.
enum LineSentences {
    static let all = Sentences<ScenarioLine>(frame + endings + settings)

    private static let frame: [Sentence<ScenarioLine>] = [
        Sentence(
            "hosts {number64}",
            read: { .hosts($0.number(0)) },
            write: { if case .hosts(let count) = $0 { [.number(UInt64(count))] } else { nil } }
        ),
        Sentence(
            "profile {profile}",
            read: { .timing($0.value(0, Words.profile)) },
            write: {
                guard case .timing(let choice) = $0 else { return nil }
                guard Words.profile.pairs.contains(where: { $0.value == choice }) else { return nil }
                return [.phrase(Words.profile.phrase(for: choice))]
            }
        ),
        Sentence(
            "storage-stall-tolerance {span}",
            read: { .timing(.storageStallTolerance($0.span(0))) },
            write: {
                guard case .timing(.storageStallTolerance(let span)) = $0 else { return nil }
                return [.span(span)]
            }
        ),
        Sentence(
            "seed {number}",
            read: { .seed($0.wide(0)) },
            write: { if case .seed(let seed) = $0 { [.number(seed)] } else { nil } }
        ),
    ]

    private static let endings: [Sentence<ScenarioLine>] = [
        Sentence(
            "run {span}",
            read: { .ending(.after($0.span(0))) },
            write: { if case .ending(.after(let time)) = $0 { [.span(time)] } else { nil } }
        ),
        Sentence(
            "run until whole, at most {span}",
            read: { .ending(.whenWhole(atMost: $0.span(0))) },
            write: { if case .ending(.whenWhole(let time)) = $0 { [.span(time)] } else { nil } }
        ),
    ]

    private static let settings: [Sentence<ScenarioLine>] = Setting.sentences.table.map { sentence in
        Sentence(
            sentence.template,
            read: { .setting(sentence.read($0)) },
            write: { if case .setting(let setting) = $0 { sentence.write(setting) } else { nil } }
        )
    }
}
