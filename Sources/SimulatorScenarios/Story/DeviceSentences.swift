import PoolModel
import Simulator

/// The sentences for acts on a host's devices that need more to be told than the host.
enum DeviceSentences {
    static let all: [Sentence<Act>] = [
        watchdogTakes, watchdogTakesAsked, watchdogResets, clockRuns, key, keys, spoilSlots,
    ]

    private static let watchdogTakes = Sentence<Act>(
        "set watchdog of {hosts} to {span}",
        read: { .watchdogTakes($0.hosts(0), $0.span(1)) },
        write: {
            guard case .watchdogTakes(let hosts, let timeout?) = $0 else { return nil }
            return [.hosts(hosts), .span(timeout)]
        }
    )

    private static let watchdogTakesAsked = Sentence<Act>(
        "set watchdog of {hosts} as asked",
        read: { .watchdogTakes($0.hosts(0), nil) },
        write: { if case .watchdogTakes(let hosts, nil) = $0 { [.hosts(hosts)] } else { nil } }
    )

    private static let watchdogResets = Sentence<Act>(
        "let watchdog of {hosts} reset {lateness}",
        read: { .watchdogResets($0.hosts(0), $0.value(1, Words.lateness)) },
        write: {
            guard case .watchdogResets(let hosts, let lateness) = $0 else { return nil }
            return [.hosts(hosts), .phrase(Words.lateness.phrase(for: lateness))]
        }
    )

    private static let clockRuns = Sentence<Act>(
        "let clock of {hosts} run {number500} ppm {fast-slow}",
        read: {
            let millionths = $0.number(1)
            return .clockRuns($0.hosts(0), $0.value(2, Words.fastSlow) ? millionths : -millionths)
        },
        write: {
            guard case .clockRuns(let hosts, let millionths) = $0 else { return nil }
            let direction = Words.fastSlow.phrase(for: millionths >= 0)
            return [.hosts(hosts), .number(UInt64(abs(millionths))), .phrase(direction)]
        }
    )

    private static let key = Sentence<Act>(
        "set key of {hosts} to {number1000}",
        read: { .keys($0.hosts(0), current: $0.number(1), previous: nil) },
        write: {
            guard case .keys(let hosts, let current, nil) = $0 else { return nil }
            return [.hosts(hosts), .number(UInt64(current))]
        }
    )

    private static let keys = Sentence<Act>(
        "set key of {hosts} to {number1000} beside {number1000}",
        read: { .keys($0.hosts(0), current: $0.number(1), previous: $0.number(2)) },
        write: {
            guard case .keys(let hosts, let current, let previous?) = $0 else { return nil }
            return [.hosts(hosts), .number(UInt64(current)), .number(UInt64(previous))]
        }
    )

    private static let spoilSlots = Sentence<Act>(
        "spoil slot of {hosts} as {spoilt}",
        read: { .spoilSlots($0.hosts(0), $0.value(1, Words.spoilt)) },
        write: {
            guard case .spoilSlots(let hosts, let verdict) = $0 else { return nil }
            return [.hosts(hosts), .phrase(Words.spoilt.phrase(for: verdict))]
        }
    )
}
