import ArgumentParser
import SimulatorScenarios

/// Plays the fault matrix and prints our outcome beside xhad's.
struct Matrix: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play the fault matrix, hold it against its bars, and print our outcome beside xhad's.",
        discussion: """
            Bars (LIVE-2): a single fault stops one host at most; the whole array alone, or the whole network alone, \
            stops none.

            EXAMPLES:
              holdfast-sim matrix
              holdfast-sim matrix --markdown > docs/MATRIX.md
            """
    )

    @Option(help: "The folder with the cases.", completion: .directory)
    var folder = "scenarios/matrix"

    @Flag(help: "Print JSON for programs.")
    var json = false

    @Flag(help: "Print the document docs/MATRIX.md.")
    var markdown = false

    /// A row for programs.
    private struct Row: Encodable {
        let name: String
        let hosts: Int
        let title: String
        let xhad: String
        let outcome: String
        let why: String
        let extent: String
        let fenced: [String]
        let holds: Bool
        let failures: [String]
    }

    func validate() throws {
        if json, markdown { throw ValidationError("--json and --markdown exclude each other") }
    }

    func run() throws {
        let rows = try ScenarioFile.all(in: folder).map {
            MatrixRow(name: $0.name, $0.scenario, $0.scenario.play())
        }
        if json {
            print(try JSON.text(of: rows.map(Self.row)), terminator: "")
        } else {
            print(markdown ? MatrixTable.markdown(rows) : MatrixTable.plain(rows), terminator: "")
        }
        if rows.contains(where: { !$0.holds }) { throw SimExit.broken }
    }

    private static func row(_ row: MatrixRow) -> Row {
        Row(
            name: row.name,
            hosts: row.hosts,
            title: row.title,
            xhad: row.xhad,
            outcome: row.outcome,
            why: row.why,
            extent: row.extent.rawValue,
            fenced: row.fenced.map(HostNames.name),
            holds: row.holds,
            failures: row.failures
        )
    }
}
