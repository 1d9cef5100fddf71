import ArgumentParser
import FoundationEssentials
import SimulatorScenarios
import Testing

@testable import holdfast_sim

@Suite("Commands end with the exit status that their manual tells")
struct CommandTests {
    /// A folder that goes away with the test.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/holdfast-sim-\(UUID().uuidString)"
        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ text: String, _ name: String) throws -> String {
            try ScenarioFile.write(text, to: path + "/" + name)
            return path + "/" + name
        }
    }

    /// 0, 1 or 2, as `Main` would end.
    private func status(_ arguments: [String]) throws -> Int {
        do {
            var command = try HoldfastSim.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let end as SimExit {
            if case .usage = end { return 2 }
            return 1
        } catch  where HoldfastSim.exitCode(for: error) == .validationFailure {
            return 2
        }
    }

    private static let calm = "hosts 2\nrun 30s\nexpect nobody fences\n"
    private static let broken = "hosts 2\nat 20s cut network of lab1\nrun 40s\nexpect nobody fences\n"

    @Test("run: 0 where all holds, 1 where something does not, 2 where a file makes no sense")
    func run() throws {
        let folder = try Folder()
        let calm = try folder.write(Self.calm, "calm.scenario")
        #expect(try status(["run", calm]) == 0)
        #expect(try status(["run", "--quiet", calm, folder.write(Self.broken, "broken.scenario")]) == 1)
        #expect(try status(["run", folder.write("hosts x", "nonsense.scenario")]) == 2)
        #expect(try status(["run", folder.path + "/none.scenario"]) == 2)
        #expect(try status(["run"]) == 2)
    }

    @Test("run --update-golden writes the golden trace, and run compares it")
    func golden() throws {
        let folder = try Folder()
        let calm = try folder.write(Self.calm, "calm.scenario")
        #expect(try status(["run", "--update-golden", calm]) == 0)
        let golden = try #require(try ScenarioFile(path: calm).golden)
        #expect(golden.contains("acts as master of view 2"))
        #expect(try status(["run", calm]) == 0)
        _ = try folder.write(golden + "  99.9s lab1 is fenced: not-fed\n", "calm.golden")
        #expect(try status(["run", calm]) == 1)
    }

    @Test("a found scenario replays to the same trace, and its shrunk one still fails")
    func replayAndShrink() throws {
        let folder = try Folder()
        var scenario = try ScenarioFile(path: folder.write(Self.broken, "a.scenario")).scenario
        scenario.found = scenario.play().finding
        let path = try folder.write(scenario.text, "found.scenario")
        #expect(try status(["replay", "--tail", "0", path]) == 1)
        #expect(try status(["shrink", "--runs", "40", path]) == 1)
        #expect(try status(["replay", "--tail", "0", folder.path + "/found.small.scenario"]) == 1)
        #expect(try status(["replay", folder.write(Self.calm, "calm.scenario")]) == 0)
        #expect(try status(["shrink", folder.path + "/calm.scenario"]) == 2)
    }

    @Test("matrix: 1 where a bar does not hold, 2 where there is no case")
    func matrix() throws {
        let folder = try Folder()
        #expect(try status(["matrix", "--folder", folder.path]) == 2)
        #expect(try status(["matrix", "--folder", folder.path + "/none"]) == 2)
        _ = try folder.write(Self.calm, "calm.scenario")
        for form in [[], ["--json"], ["--markdown"]] {
            #expect(try status(["matrix", "--folder", folder.path] + form) == 0)
        }
        _ = try folder.write(Self.broken, "broken.scenario")
        #expect(try status(["matrix", "--folder", folder.path]) == 1)
        #expect(try status(["matrix", "--json", "--markdown"]) == 2)
    }

    @Test(
        "swarm refuses what makes no sense",
        arguments: [
            ["--hosts", "0..3"], ["--hosts", "2..65"], ["--hours", "0"], ["--jobs", "0"],
            ["--profile", "slow"],
            ["--seeds", "9..1"],
        ]
    )
    func swarmUsage(arguments: [String]) throws { #expect(try status(["swarm"] + arguments) == 2) }

    @Test("swarm of a few seeds holds")
    func swarm() throws {
        #expect(try status(["swarm", "--seeds", "1..3", "--hosts", "2..3", "--jobs", "1", "--json"]) == 0)
    }
}
