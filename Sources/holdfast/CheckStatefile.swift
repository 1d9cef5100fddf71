import ArgumentParser
import Glibc
import PoolModel
import StatefileMedium

/// `holdfast statefile check`.
struct CheckStatefile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a statefile can be used, and what is off about it.",
        discussion: """
            Reads only, and may be used while the pool runs. The exit status is 0 when nothing is off, 3 \
            when the statefile can be used but something is, 65 when it cannot be used.

            EXAMPLE: holdfast statefile check && systemctl start holdfastd
            """
    )

    @OptionGroup var access: StatefileAccess
    @OptionGroup var output: Output

    @Option(
        help: ArgumentHelp("How often to read all slots, to see how fast the path is.", valueName: "count")
    )
    var reads = 20

    /// The result for programs.
    struct Result: Encodable {
        let path: String
        let isUsable: Bool
        let findings: [Finding]
        let medianReadSeconds: Double
        let longestReadSeconds: Double
    }

    /// Something that is not as it should be.
    struct Finding: Encodable {
        let isFatal: Bool
        let sentence: String
    }

    func validate() throws {
        guard (1...10_000).contains(reads) else {
            throw ValidationError("--reads \(reads) is not between 1 and 10000")
        }
    }

    func run() throws {
        let source = try access.place()
        var authenticator = try access.key.authenticator()
        var report = try StatefileReading.check(source, readCount: reads, authenticator: &authenticator)
        if !report.problems.isEmpty {
            // A record that is being written this moment reads as torn: look again before saying so.
            usleep(700_000)
            report = try StatefileReading.check(source, readCount: reads, authenticator: &authenticator)
        }
        let result = Result(
            path: "\(source)",
            isUsable: !report.problems.contains { $0.isFatal },
            findings: report.problems.map { Finding(isFatal: $0.isFatal, sentence: "\($0)") },
            medianReadSeconds: report.readTime(quantile: 0.5).inSeconds,
            longestReadSeconds: report.readTime(quantile: 1).inSeconds
        )
        let contents = StatefileContents(path: "\(source)", dump: report.dump)
        try output.show(result) { StatefileText(contents: contents, ink: $0).verdict(result) }
        guard result.isUsable else { throw ExitCode(ExitStatus.badData.rawValue) }
        guard result.findings.isEmpty else { throw ExitCode(ExitStatus.reduced.rawValue) }
    }
}
