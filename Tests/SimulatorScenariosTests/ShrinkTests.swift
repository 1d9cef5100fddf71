import PoolModel
import SimulatorScenarios
import Testing

@Suite("A failing scenario is made smaller")
struct ShrinkTests {
    private func shrunk(_ text: String, runs: Int = 600) throws -> Shrinker {
        let scenario = try Scenario(text: text, file: "f")
        var shrinker = try #require(Shrinker(scenario, runs: runs, seeds: 2) { _ in })
        shrinker.shrink()
        return shrinker
    }

    @Test("a broken expectation keeps the one fault that breaks it")
    func keepsTheCause() throws {
        let shrinker = try shrunk(
            """
            hosts 5
            seed 3
            machines 5
            network-loses one in 50
            at 30s crash daemon of lab2
            at 31.123s break sysrq of lab4
            at 40.777s cut network of lab3
            at 43s spoil slot of lab1 as torn
            at 70s plug network of lab3
            at 90s ask lab1 to move the master to lab2
            run 150s
            expect nobody fences
            expect whole at the end
            """
        )
        let small = shrinker.smallest
        #expect(small.acts.count == 1, "\(small.text)")
        #expect(small.text.contains("cut network of lab"))
        #expect(small.hosts <= 3, "\(small.text)")
        #expect(small.settings.isEmpty)
        #expect(small.expectations.map(\.kind) == ["nobody fences"])
        #expect(small.end.inSeconds < 60)
        #expect(small.play().failures.map(\.kind) == ["nobody fences"])
    }

    @Test("a pool that does not become whole keeps the mending before it")
    func keepsTheMending() throws {
        // A host that fenced itself stays out by its limit: the mended pool is not whole.
        let shrinker = try shrunk(
            """
            hosts 3
            seed 5
            self-fence-limit 1
            machines 2
            at 30s crash daemon of lab1
            at 33s freeze lab3 for 20s
            at 50s spoil slot of lab2 as torn
            at 60s mend everything
            at 70s start who left
            run until whole, at most 200s
            """
        )
        let small = shrinker.smallest
        #expect(shrinker.failure.kind == "LIVE-1")
        #expect(small.text.contains("mend everything"), "\(small.text)")
        #expect(small.text.contains("freeze lab"), "\(small.text)")
        #expect(small.text.contains("self-fence-limit 1"))
        #expect(!small.text.contains("spoil"), "\(small.text)")
        #expect(small.hosts < 3, "\(small.text)")
    }

    @Test("what holds is nothing to shrink")
    func needsAFailure() throws {
        let scenario = try Scenario(text: "hosts 2\nrun 30s\nexpect nobody fences", file: "f")
        #expect(Shrinker(scenario, runs: 10, seeds: 1) { _ in } == nil)
    }

    @Test("it stops when its runs are used up")
    func isBounded() throws {
        let shrinker = try shrunk(
            "hosts 4\nat 30s cut network of lab3\nrun 90s\nexpect nobody fences",
            runs: 3
        )
        #expect(shrinker.runs == 3)
    }
}
