import ArgumentParser
import Explorer
import FoundationEssentials

/// Searches all interleavings within bounds and prints what was seen.
struct Exhaust: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Search all interleavings of the engine's rules, and of whole engines, within stated bounds.",
        discussion: """
            The core (a victim, a voucher, a certifier) is searched completely, with D at its exact bound and one tick \
            below it, where something has to be found. Whole engines are searched for all choices of a few deviations \
            within some steps. docs/EXHAUSTIVE.md tells what is left out.

            EXAMPLES:
              holdfast-sim exhaust --quick
              holdfast-sim exhaust --core
              holdfast-sim exhaust --hosts 3 --minutes 20 --json

            EXIT STATUS:
              0  everything within the bounds was seen, and ended as it has to
              1  a promise is broken, or a search that has to find something did not
              2  wrong arguments
              3  cut by time or memory; what was seen was clean
            """
    )

    @Option(help: "Search whole engines of so many hosts only: 2 or 3.")
    var hosts: Int?

    @Flag(help: "Search the core only.")
    var core = false

    @Flag(help: "Take the small bounds: seconds instead of minutes.")
    var quick = false

    @Option(help: "End after so many minutes.")
    var minutes: Double?

    @Option(help: "The most memory for known states, in MiB.")
    var memory = 5120

    @Flag(help: "Print JSON for programs.")
    var json = false

    func validate() throws {
        if let hosts, hosts != 2, hosts != 3 { throw ValidationError("--hosts is 2 or 3") }
        if let minutes, minutes <= 0 { throw ValidationError("--minutes is more than 0") }
        if memory < 16 { throw ValidationError("--memory is at least 16 MiB") }
    }

    func run() throws {
        if !json { print(Line.head) }
        let report = Explorer.run(
            cases,
            limit: minutes.map { .seconds($0 * 60) },
            memoryLimit: memory << 20,
            told: { if !json { tell($0) } }
        )
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(report.rows.map(Line.init)), as: UTF8.self))
        }
        if report.isBroken { throw ExitCode(1) }
        if report.isCut { throw ExitCode(3) }
    }

    private var cases: [ExplorerCase] {
        var cases: [ExplorerCase] = []
        if core || hosts == nil { cases += quick ? CoreCases.quick : CoreCases.full }
        for count in core && hosts == nil ? [] : hosts.map({ [$0] }) ?? [2, 3] {
            cases += quick ? PoolCases.quick(hosts: count) : PoolCases.full(hosts: count)
        }
        return cases
    }

    private func tell(_ row: ExplorerRow) {
        print(Line(row).text)
        if row.end == .violated, !row.isAsExpected { for step in row.path { print("    \(step)") } }
    }
}

/// One row of the table.
private struct Line: Encodable {
    let name: String
    let bounds: String
    let end: String
    let expected: String
    let isAsExpected: Bool
    let states: Int
    let transitions: Int
    let depth: Int
    let megabytes: Int
    let seconds: Double
    let reached: [String: Int]
    let path: [String]

    init(_ row: ExplorerRow) {
        name = row.tried.name
        bounds = row.tried.bounds
        end = row.end.rawValue
        expected = row.tried.expected.rawValue
        isAsExpected = row.isAsExpected
        (states, transitions, depth) = (row.states, row.transitions, row.depth)
        megabytes = row.bytes >> 20
        seconds = Double((row.time / .milliseconds(100)).rounded()) / 10
        path = row.path
        let events = row.reached ?? PoolReached()
        reached = [
            "adoptions": events.adoptions, "certificates by expiry": events.expiries,
            "other certificates": events.otherCertificates, "self-fences": events.selfFences,
            "resets": events.resets, "masters": events.masters, "lost ballots": events.lostBallots,
            "vouched leases": events.vouchedLeases, "all-lost leases": events.allLostLeases,
        ]
    }

    static var head: String {
        columns("what", "bounds", "states", "transitions", "depth", "MiB", "s", "end")
    }

    var text: String {
        let verdict = isAsExpected ? end : "\(end), has to be \(expected)"
        return Line.columns(
            name,
            bounds,
            "\(states)",
            "\(transitions)",
            "\(depth)",
            "\(megabytes)",
            "\(seconds)",
            verdict
        )
    }

    private static func columns(_ cells: String...) -> String {
        let widths = [58, 34, 11, 12, 6, 6, 8, 0]
        var line = ""
        for (cell, width) in zip(cells, widths) {
            let room = max(0, width - cell.count)
            let isText = width > 30 || width == 0
            line += isText ? cell + String(repeating: " ", count: room) : String(repeating: " ", count: room) + cell
            line += "  "
        }
        return line
    }
}
