import ArgumentParser
import PoolModel

/// `holdfast timing`: what a choice of timing means, before anybody makes it.
struct TimingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timing",
        abstract: "Show the times that follow from a choice, and what a failure costs with it.",
        discussion: """
            Needs no pool and no root: it only computes. All times follow from one choice, a profile or the \
            longest stall of the storage to survive; what would be unsafe is refused, with both sides. How \
            the times are derived is told in docs/TIMING.md.

            Which array is fast enough: 'holdfast statefile check' measures it; give its longest round here.

            EXAMPLE: holdfast timing --profile fast
            EXAMPLE: holdfast timing --storage-stall-tolerance 20 --round-time 150
            """
    )

    @Option(help: "conservative, default or fast. (default: all three)")
    var profile: FormatStatefile.Profile?

    @Option(
        help: ArgumentHelp(
            "The longest stall of the storage to survive, instead of a profile.",
            valueName: "seconds"
        )
    )
    var storageStallTolerance: Double?

    @Option(
        help: ArgumentHelp("How long a round of the statefile takes at most.", valueName: "milliseconds")
    )
    var roundTime = 25

    @OptionGroup var output: Output

    func validate() throws {
        guard profile == nil || storageStallTolerance == nil else {
            throw ValidationError(
                "give either --profile or --storage-stall-tolerance; all times follow from one of them"
            )
        }
        if let seconds = storageStallTolerance, !(0...600).contains(seconds) {
            throw ValidationError("--storage-stall-tolerance \(seconds) is not between 0 and 600 seconds")
        }
        guard (1...60_000).contains(roundTime) else {
            throw ValidationError("--round-time \(roundTime) is not between 1 and 60000 milliseconds")
        }
    }

    func run() throws {
        let reports = try choices.map { name, choice throws(CommandFailure) in
            let timing = Timing(choice)
            do throws(TimingError) { try timing.check() } catch { throw CommandFailure(.usage, "\(error)") }
            let round = TimeSpan.milliseconds(roundTime)
            guard round <= timing.ioDeadline else {
                throw CommandFailure(
                    .usage,
                    "a round of \(round) is no good round with \(name): its I/O deadline is \(timing.ioDeadline), so a "
                        + "host on such a path would lose its storage at once. Choose a slower profile, or a larger "
                        + "storage-stall-tolerance"
                )
            }
            return TimingReport(name: name, timing: timing, roundTime: round)
        }
        try output.show(reports) { ink in reports.map { $0.text(ink) }.joined(separator: "\n\n") }
    }

    private var choices: [(String, TimingChoice)] {
        if let storageStallTolerance {
            return [
                (
                    "storage-stall-tolerance = \"\(TimeSpan.seconds(storageStallTolerance).inSeconds)s\"",
                    .storageStallTolerance(.seconds(storageStallTolerance))
                )
            ]
        }
        let profiles = profile.map { [$0] } ?? FormatStatefile.Profile.allCases
        return profiles.map { ("profile = \"\($0.rawValue)\"", $0.choice) }
    }
}

/// The times of one choice, and the time line of each single failure.
struct TimingReport: Encodable {
    struct Step: Encodable {
        let what: String
        let clause: String
        let earliestSeconds: Double
        let latestSeconds: Double
    }

    let choice: String
    let heartbeatIntervalSeconds: Double
    let roundIntervalSeconds: Double
    let networkTimeoutSeconds: Double
    let storageTimeoutSeconds: Double
    let graceSeconds: Double
    let watchdogSeconds: Double
    let feedPeriodSeconds: Double
    let ioDeadlineSeconds: Double
    let certainlyDeadSeconds: Double
    let failures: [String: [Step]]

    init(name: String, timing: Timing, roundTime: TimeSpan) {
        choice = name
        heartbeatIntervalSeconds = timing.heartbeatInterval.inSeconds
        roundIntervalSeconds = timing.roundInterval.inSeconds
        networkTimeoutSeconds = timing.networkTimeout.inSeconds
        storageTimeoutSeconds = timing.storageTimeout.inSeconds
        graceSeconds = timing.grace.inSeconds
        watchdogSeconds = timing.watchdog.inSeconds
        feedPeriodSeconds = timing.feedPeriod.inSeconds
        ioDeadlineSeconds = timing.ioDeadline.inSeconds
        certainlyDeadSeconds = timing.certainlyDead.inSeconds
        var failures: [String: [Step]] = [:]
        for kind in FailureKind.allCases {
            let line = FailureTimeline(kind, timing: timing, roundTime: roundTime)
            failures[kind.rawValue] = line.steps.map { step in
                Step(
                    what: step.what,
                    clause: step.clause,
                    earliestSeconds: step.earliest.inSeconds,
                    latestSeconds: step.latest.inSeconds
                )
            }
        }
        self.failures = failures
    }

    /// The report as a page for a terminal.
    func text(_ ink: Ink) -> String {
        ([times(ink)] + FailureKind.allCases.map { timeline($0, ink) }).joined(separator: "\n\n")
    }

    private func times(_ ink: Ink) -> String {
        let rows: [(String, Double, String)] = [
            ("h", heartbeatIntervalSeconds, "a heartbeat is sent every"),
            ("r", roundIntervalSeconds, "a round of the statefile starts every"),
            ("Tn", networkTimeoutSeconds, "without a heartbeat for so long a host is unheard"),
            ("Ts", storageTimeoutSeconds, "without a good round for so long a host's storage is lost"),
            ("", ioDeadlineSeconds, "a request to the statefile has failed after"),
            ("G", graceSeconds, "a host whose newest proof is this old fences itself"),
            ("W", watchdogSeconds, "the watchdog resets a host that did not feed it for"),
            ("D", certainlyDeadSeconds, "after so long without a sign a host is certainly dead"),
        ]
        var table = TextTable(["", "SECONDS", "MEANING"])
        for (symbol, seconds, meaning) in rows {
            table.add([.init(symbol), .init(Self.seconds(seconds)), .init(meaning)])
        }
        return ink.strong(choice) + "\n" + table.text(ink)
    }

    private func timeline(_ kind: FailureKind, _ ink: Ink) -> String {
        var table = TextTable(["EARLIEST", "LATEST", "WHAT", "RULE"])
        for step in failures[kind.rawValue] ?? [] {
            table.add([
                .init(Self.seconds(step.earliestSeconds)), .init(Self.seconds(step.latestSeconds)),
                .init(step.what), .init(step.clause),
            ])
        }
        let title =
            switch kind {
            case .power: "The power plug of host B is pulled:"
            case .storage: "B alone loses its storage (two hosts, or on-storage-loss = \"fence\"):"
            case .vouched: "B alone loses its storage (three hosts or more): it lives on"
            case .network: "The network cable of B is pulled:"
            }
        return title + "\n" + table.text(ink)
    }

    private static func seconds(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
    }
}
