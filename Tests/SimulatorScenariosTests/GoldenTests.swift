import FoundationEssentials
import SimulatorScenarios
import Testing

@Suite("The scenarios of the source tree hold, by their golden traces")
struct GoldenTests {
    @Test("every scenario", arguments: ["matrix", "hosts", "operators"])
    func goldens(folder: String) throws {
        for path in try ScenarioFolder.paths(in: folder) {
            let playback = try ScenarioFolder.scenario(path).play()
            #expect(playback.failure == nil, "\(path): \(playback.failure ?? "")")
            let golden = try ScenarioFolder.text(of: path + ".golden")
            let objection = GoldenComparison(golden, playback.goldenTrace).objection
            #expect(objection == nil, "\(path): \(objection ?? "")")
        }
    }

    @Test("no golden trace is left without its scenario", arguments: ["matrix", "hosts", "operators"])
    func strays(folder: String) throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: "\(ScenarioFolder.root)/scenarios/\(folder)"
        )
        for name in names where name.hasSuffix(".golden") {
            #expect(names.contains(name.dropLast(".golden".count) + ".scenario"), "\(name)")
        }
    }

    @Test("a difference is told by its line")
    func differences() {
        #expect(GoldenComparison("a\nb\n", "a\nb\n").objection == nil)
        #expect(
            GoldenComparison("a\nb\n", "a\nc\n").objection
                == "line 2 of the golden trace is 'b', this run gives 'c'"
        )
        #expect(
            GoldenComparison("a\n", "a\nc\n").objection
                == "line 2 of the golden trace is nothing, this run gives 'c'"
        )
        #expect(GoldenComparison("a\nb\n", "a\n").objection?.contains("gives nothing") == true)
    }
}
