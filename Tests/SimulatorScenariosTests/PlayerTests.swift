import PoolModel
import Simulator
import SimulatorScenarios
import Testing

@Suite("Scenarios are played")
struct PlayerTests {
    private func play(_ text: String) throws -> Playback {
        try Scenario(text: text, file: "test").play(hashesTrace: true)
    }

    @Test("the same text gives the same trace, another seed another one")
    func isDeterministic() throws {
        let text = "hosts 4\nseed 3\nmachines 4\nat 30s power off lab2\nrun 60s\n"
        let first = try play(text)
        #expect(try play(text).traceHash == first.traceHash)
        #expect(try play(text).goldenTrace == first.goldenTrace)
        #expect(
            try play("hosts 4\nseed 4\nmachines 4\nat 30s power off lab2\nrun 60s\n").traceHash
                != first.traceHash
        )
    }

    @Test("looking changes nothing")
    func looksAreHarmless() throws {
        let text = "hosts 3\nat 30s power off lab2\nrun 60s\n"
        let looking = text + "expect no master from 0s to 1s\nexpect lab2 is not master from 31s to 60s\n"
        #expect(try play(looking).failures.isEmpty)
        #expect(try play(text).traceHash == play(looking).traceHash)
    }

    @Test("at one instant, what is looked at comes before what is done")
    func looksComeFirst() throws {
        let text =
            "hosts 3\nat 30s power off lab1\nrun 60s\nexpect lab1 armed by 30s\nexpect lab1 disarmed by 30.001s"
        #expect(try play(text).failures.isEmpty)
    }

    @Test("a pool that is not whole in time breaks LIVE-1")
    func wholeness() throws {
        let late = try play("hosts 3\nat 30s power off lab2\nrun until whole, at most 60s")
        #expect(late.failures.map(\.kind) == ["LIVE-1"])
        #expect(late.failures.first?.isPromise == true)
        #expect(late.failure?.contains("lab2 is down") == true)
        let mended = "hosts 3\nat 30s power off lab2\nat 50s power on lab2\nrun until whole, at most 80s"
        #expect(try play(mended).failures.isEmpty)
    }

    @Test("a world that is whole ends the run")
    func endsWhenWhole() throws {
        let playback = try play("hosts 3\nrun until whole, at most 600s")
        #expect(playback.failures.isEmpty)
        #expect(playback.simulated < .seconds(30))
    }

    @Test("a fence agent that is asked about a host with power confirms nothing")
    func agentsTellTheTruth() throws {
        let text =
            "hosts 3\nat 30s ask all to confirm off lab3\nrun 60s\nexpect nobody is certified\nexpect whole at the end"
        #expect(try play(text).failures.isEmpty)
        let off = "hosts 3\nat 30s power off lab3\nat 30s ask all to confirm off lab3\nrun 60s\n"
        #expect(try play(off + "expect lab3 is certified through confirmed-off by 32s").failures.isEmpty)
    }

    @Test("settings reach the world and the hosts")
    func settings() throws {
        let crash = "hosts 3\nboot-time 9s to 9s\nrun 8.9s\nexpect all are empty at the end"
        #expect(try play(crash).failures.isEmpty)
        let fence =
            "hosts 3\non-storage-loss fence\nat 30s cut storage of lab1\nrun 60s\nexpect only lab1 fences"
        #expect(try play(fence).failures.isEmpty)
        let watchdog =
            "hosts 1\nat 0s set watchdog of lab1 to 60s\nrun 30s\nexpect lab1 is not master at the end"
        #expect(try play(watchdog).failures.isEmpty)
    }

    @Test("a broken promise ends the run, by its name")
    func brokenPromises() throws {
        // The operator lies: he answers for the death of a host that lives. That breaks no promise of ours
        // ...
        let lie = "hosts 3\nat 30s ask lab1, lab2 to confirm dead lab3\nrun 60s\n"
        #expect(try play(lie).failures.isEmpty)
        // ... but the pool is whole again only because lab3 starts anew.
        let playback = try play(lie + "expect lab3 does not fence")
        #expect(playback.failures.map(\.kind) == ["lab3 does not fence"])
        #expect(playback.finding?.broke == "lab3 does not fence")
    }

    @Test("what once broke a promise holds now", arguments: try ScenarioFolder.paths(in: "found"))
    func foundBefore(path: String) throws {
        let playback = try ScenarioFolder.scenario(path).play()
        #expect(playback.failure == nil, "\(playback.failure ?? "")")
    }
}
