import PoolModel
import SimulatorScenarios
import Testing

@Suite("The fault matrix and its bars [LIVE-2]")
struct MatrixTests {
    private static func rows() throws -> [MatrixRow] {
        try ScenarioFolder.paths(in: "matrix").map { path in
            let scenario = try ScenarioFolder.scenario(path)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            return MatrixRow(name: name, scenario, scenario.play())
        }
    }

    @Test("every case holds, no single fault stops more than one host, total outages stop none")
    func bars() throws {
        let rows = try Self.rows()
        for row in rows {
            #expect(row.failures.isEmpty, "\(row.name)")
            #expect(!row.xhad.isEmpty, "\(row.name) says what xhad does")
            #expect(!row.why.isEmpty, "\(row.name) says why")
            switch row.extent {
            case .single: #expect(row.fenced.count <= 1, "\(row.name)")
            case .network, .array: #expect(row.fenced.isEmpty, "\(row.name)")
            case .none, .several: break
            }
        }
        for hosts in 2...4 { #expect(rows.contains { $0.hosts == hosts }) }
        #expect(rows.count { $0.extent == .single } >= 15)
        #expect(rows.count { $0.extent == .network } >= 2)
        #expect(rows.count { $0.extent == .array } >= 3)
    }

    @Test("docs/MATRIX.md is what the matrix prints")
    func document() throws {
        #expect(try ScenarioFolder.text(of: "docs/MATRIX.md") == MatrixTable.markdown(Self.rows()))
    }

    @Test(
        "how much a fault touches is read from the acts",
        arguments: [
            ("", FaultExtent.none), ("at 1s ask lab1 to leave", .none), ("at 1s plug storage of all", .none),
            ("at 1s power off lab1", .single), ("at 1s split lab1 from lab2", .single),
            ("at 1s split lab1 from lab2, lab3", .single), ("at 1s freeze lab1 for 3s", .single),
            ("at 1s cut storage of all", .array), ("at 1s silence network of all", .network),
            ("at 1s power off all", .several), ("at 1s cut storage of lab1, lab2", .several),
            ("at 1s power off lab1\nat 2s power off lab2", .several),
        ]
    )
    func extents(acts: String, extent: FaultExtent) throws {
        #expect(try Scenario(text: "hosts 3\n\(acts)\nrun 9s", file: "f").extent == extent)
    }

    @Test("a split into halves is no single fault; one into a host and the rest is")
    func splits() throws {
        let halves = "hosts 4\nat 1s split lab1, lab2 from lab3, lab4\nrun 9s"
        #expect(try Scenario(text: halves, file: "f").extent == .several)
        let port = "hosts 4\nat 1s split lab1 from lab2, lab3, lab4\nrun 9s"
        #expect(try Scenario(text: port, file: "f").extent == .single)
    }

    @Test("a bar that does not hold fails the row")
    func brokenBar() throws {
        // With a tie-break, a pool of two does not hold when the whole network is gone.
        let text = "hosts 2\non-even-partition tie-break\nat 60s silence network of all\nrun 100s"
        let scenario = try Scenario(text: text, file: "f")
        let row = MatrixRow(name: "f", scenario, scenario.play())
        #expect(!row.fenced.isEmpty)
        #expect(!row.holds)
        #expect(row.failures.first?.contains("LIVE-2") == true)
    }
}
