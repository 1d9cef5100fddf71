import ArgumentParser
import DaemonConfig
import Glibc
import LinuxPlatform
import PoolModel
import StatefileMedium

/// `holdfast statefile check`.
struct CheckStatefile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a statefile can be used, and what is off about it.",
        discussion: """
            Changes nothing, and may be used while the pool runs. It carries out some rounds, each a write of \
            this host's slot with the very bytes that stand in it and a read of all slots, and says which \
            timing profile the slowest of them allows. While holdfastd runs on this host, or where the \
            statefile is not the configured one, it only reads. The exit status is 0 when nothing is off, 3 \
            when the statefile can be used but something is, 65 when it cannot be used.

            EXAMPLE: holdfast statefile check && systemctl start holdfastd
            """
    )

    @OptionGroup var access: StatefileAccess
    @OptionGroup var output: Output

    @Option(help: ArgumentHelp("How many rounds to measure.", valueName: "count"))
    var rounds = 200

    /// The result for programs.
    struct Result: Encodable {
        let path: String
        let isUsable: Bool
        let findings: [Finding]
        let rounds: Int
        let reads: Latency
        /// Missing where nothing was written.
        let writes: Latency?
        /// Why nothing was written.
        let readOnlyBecause: String?
        /// The fastest profile that the slowest request allows; missing where none does.
        let safeProfile: String?
    }

    /// How long the requests of one kind took.
    struct Latency: Encodable {
        /// One column of the histogram.
        struct Column: Encodable {
            let upToSeconds: Double
            let count: Int
        }
        let medianSeconds: Double
        let ninetyNinePercentSeconds: Double
        let longestSeconds: Double
        let histogram: [Column]

        init?(_ latency: RoundLatency) {
            guard !latency.times.isEmpty else { return nil }
            medianSeconds = latency.quantile(0.5).inSeconds
            ninetyNinePercentSeconds = latency.quantile(0.99).inSeconds
            longestSeconds = latency.quantile(1).inSeconds
            histogram = latency.histogram.map { Column(upToSeconds: $0.upTo.inSeconds, count: $0.count) }
        }
    }

    /// Something that is not as it should be.
    struct Finding: Encodable {
        let isFatal: Bool
        let sentence: String
    }

    func validate() throws {
        guard (1...10_000).contains(rounds) else {
            throw ValidationError("--rounds \(rounds) is not between 1 and 10000")
        }
    }

    func run() throws {
        let source = try access.place()
        let permit = WritePermit(to: source, settings: try? access.key.settings())
        var report = try check(source, permit)
        if !report.problems.isEmpty {
            // A record that is being written this moment reads as torn: look again before saying so.
            usleep(700_000)
            report = try check(source, permit)
        }
        guard let reads = Latency(report.reads) else {
            throw CommandFailure(.badData, "no round was measured")
        }
        let result = Result(
            path: "\(source)",
            isUsable: !report.problems.contains { $0.isFatal },
            findings: report.problems.map { Finding(isFatal: $0.isFatal, sentence: "\($0)") },
            rounds: rounds,
            reads: reads,
            writes: Latency(report.writes),
            readOnlyBecause: permit.refusal,
            safeProfile: report.safeProfile.name
        )
        let contents = StatefileContents(path: "\(source)", dump: report.dump)
        try output.show(result) { StatefileText(contents: contents, ink: $0).verdict(result) }
        guard result.isUsable else { throw ExitCode(ExitStatus.badData.rawValue) }
        guard result.findings.isEmpty else { throw ExitCode(ExitStatus.reduced.rawValue) }
    }

    private func check(
        _ source: StatefileSource,
        _ permit: borrowing WritePermit
    ) throws(CommandFailure) -> StatefileCheckReport {
        var authenticator = try access.key.authenticator()
        return try StatefileReading.check(
            source,
            roundCount: rounds,
            writingAs: permit.hostName,
            authenticator: &authenticator
        )
    }
}

/// Whether this command may write this host's slot: nobody else does while it holds the daemon's lock.
struct WritePermit: ~Copyable {
    /// As whom; nil where it may not.
    let hostName: String?
    /// Why not.
    let refusal: String?
    /// Kept for its lock.
    private let lock: FormerLives?

    /// Tries to take the lock of the daemon whose statefile `source` is.
    init(to source: StatefileSource, settings: DaemonSettings?) {
        guard let settings, settings.statefile.source.address == source.address else {
            hostName = nil
            refusal = "it is not the statefile of this host's configuration"
            lock = nil
            return
        }
        var lives = FormerLives(
            lockPath: settings.paths.runDirectory + "/holdfastd.lock",
            lateWriteWait: .zero
        )
        let isAlone = lives.isAlone(now: BootClock().now())
        hostName = isAlone ? settings.host.name : nil
        refusal =
            isAlone
            ? nil : "holdfastd runs on this host, or its lock cannot be taken; stop it to measure writes"
        lock = isAlone ? consume lives : nil
    }
}

extension SafeProfile {
    /// The profile's name in the configuration; nil for none.
    var name: String? {
        switch self {
        case .profile(.fast): "fast"
        case .profile(.standard): "default"
        case .profile(.conservative): "conservative"
        case .profile(.storageStallTolerance), .none: nil
        }
    }
}
