import FoundationEssentials
import SimulatorScenarios

/// What a swarm came to.
struct SwarmReport {
    /// A seed that broke a promise.
    struct Failure {
        let seed: UInt64
        let reason: String
        let scenario: Scenario
    }

    /// The same for programs.
    private struct Document: Encodable {
        struct Found: Encodable {
            let seed: UInt64
            let reason: String
        }
        let firstSeed: UInt64
        let lastSeed: UInt64
        let runs: Int
        let failed: [Found]
        let seconds: Double
        let poolHours: Double
        let poolHoursPerSecond: Double
        let events: Int
        let views: UInt64
        let restartedMachines: Int
        let fences: [String: Int]
        let certificates: [String: Int]
    }

    let seeds: ClosedRange<UInt64>
    let tally: Tally
    let seconds: Double
    let failures: [Failure]

    private var rate: Double { tally.poolHours / max(seconds, 0.001) }

    /// For people.
    var text: String {
        func list(_ counts: [(String, Int)]) -> String {
            counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }
        return """
            seeds          \(tally.runs) played, \(tally.failed) broke a promise
            simulated      \(tally.poolHours.shown(2)) pool-hours in \(seconds.shown(1)) s: \(rate.shown(2)) a second
            events         \(tally.events)
            views          \(tally.views)
            fences         \(list(tally.fencesInWords.map { ($0.reason, $0.count) }))
            certificates   \(list(tally.certificatesInWords.map { ($0.clause, $0.count) }))
            machines       \(tally.restarts) restarted

            """
    }

    /// For programs.
    var json: String {
        get throws {
            let document = Document(
                firstSeed: seeds.lowerBound,
                lastSeed: seeds.upperBound,
                runs: tally.runs,
                failed: failures.map { Document.Found(seed: $0.seed, reason: $0.reason) },
                seconds: seconds,
                poolHours: tally.poolHours,
                poolHoursPerSecond: rate,
                events: tally.events,
                views: tally.views,
                restartedMachines: tally.restarts,
                fences: Dictionary(uniqueKeysWithValues: tally.fencesInWords.map { ($0.reason, $0.count) }),
                certificates: Dictionary(
                    uniqueKeysWithValues: tally.certificatesInWords.map { ($0.clause, $0.count) }
                )
            )
            return try JSON.text(of: document)
        }
    }
}

/// How this program writes JSON.
enum JSON {
    static func text(of document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}

extension Double {
    /// With so many decimals.
    func shown(_ decimals: Int) -> String {
        var factor = 1.0
        for _ in 0..<decimals { factor *= 10 }
        let scaled = Int((self * factor).rounded())
        guard decimals > 0 else { return "\(scaled)" }
        let fraction = String(scaled % Int(factor))
        let zeros = String(repeating: "0", count: max(0, decimals - fraction.count))
        return "\(scaled / Int(factor)).\(zeros)\(fraction)"
    }
}
