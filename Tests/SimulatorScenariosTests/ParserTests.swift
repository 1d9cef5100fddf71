import PoolModel
import SimulatorScenarios
import Testing

@Suite("Scenarios are read, and mistakes are told with file, line, word and what is allowed")
struct ParserTests {
    private static let sample = """
        # Storage cable of one of three hosts
        hosts 3
        profile fast
        seed 7
        at 60s cut storage of lab1
        at 90s plug storage of lab1
        run 150s
        expect nobody fences
        expect lab1 storage-lost by 70s
        expect one view of lab1, lab2, lab3 and one master at the end
        xhad: lab1 fences (13.7 s)
        why: the peers hear lab1 and vouch for it on disk (LEASE-M)
        """

    @Test("a scenario says what a person reads in it")
    func reads() throws {
        let scenario = try Scenario(text: Self.sample, file: "sample")
        let lab1 = HostSet(HostIndex(0))
        #expect(scenario.title == "Storage cable of one of three hosts")
        #expect(scenario.hosts == 3)
        #expect(scenario.timing == .fast)
        #expect(scenario.seed == 7)
        #expect(scenario.ending == .after(.seconds(150)))
        #expect(
            scenario.acts == [
                TimedAct(.seconds(60), .each(.cutStorage, lab1)),
                TimedAct(.seconds(90), .each(.plugStorage, lab1)),
            ]
        )
        #expect(
            scenario.expectations == [
                .event(.spared(HostSet(bits: .max)), .ever),
                .state(.storageLost(lab1, true), .by(.seconds(70))),
                .state(.oneView(HostSet(first: 3)), .end),
            ]
        )
        #expect(scenario.xhad == ["lab1 fences (13.7 s)"])
        #expect(scenario.why == ["the peers hear lab1 and vouch for it on disk (LEASE-M)"])
    }

    /// A line that replaces line 5 of the sample, and the mistake that it makes.
    static let mistakes: [(line: String, message: String)] = [
        (
            "at 60s cut storag of lab1",
            "f:5: 'storag' is not understood here; allowed: 'storage', 'network', 'link'"
        ),
        ("at 60s cut storage of lab4", "f:5: 'lab4' is not in a pool of 3; allowed: lab1 to lab3"),
        ("at 60s cut storage of", "f:5: the line ends too early; allowed: hosts such as 'lab1, lab2', all"),
        ("at 60s reboot lab1 twice", "f:5: 'twice' is not understood here; allowed: the end of the line"),
        (
            "at 60 reboot lab1",
            "f:5: '60' is no time; allowed: a length such as 60s, 0.5s, 40ms, 3min"
        ),
        ("at 151s reboot lab1", "f:6: '90s' is earlier than the line before"),
        ("hosts 4", "f:5: 'hosts' was said before"),
        ("run 10s", "f:7: 'run' is the second end of the run"),
        ("machines 63", "f:5: '63' is not understood here; allowed: a number up to 62"),
        (
            "expect whole by 200s",
            "f:5: 'expect' names a time after the end of the run, 150s"
        ),
        (
            "profile slow",
            "f:5: 'slow' is not understood here; allowed: fast, default, conservative"
        ),
        (
            "at 60s spoil slot of lab1 as wet",
            "f:5: 'wet' is not understood here; allowed: torn, foreign"
        ),
        ("found it", "f:5: 'found' is not understood; allowed: found WHAT at TIME trace HASH"),
    ]

    @Test("a mistake names file, line, word and what is allowed", arguments: mistakes)
    func tellsMistakes(line: String, message: String) {
        var lines = Self.sample.split(separator: "\n").map(String.init)
        lines[4] = line
        let mistake = #expect(throws: ScenarioMistake.self) {
            try Scenario(text: lines.joined(separator: "\n"), file: "f")
        }
        #expect(mistake?.description == message)
    }

    @Test("a line that begins with nothing known says how lines begin")
    func tellsBeginnings() {
        let mistake = #expect(throws: ScenarioMistake.self) {
            try Scenario(text: "hosts 3\nwalk 3s", file: "f")
        }
        #expect(mistake?.line == 2)
        #expect(mistake?.word == "walk")
        #expect(mistake?.allowed.contains("'run'") == true)
        #expect(mistake?.allowed.contains("'storage-latency'") == true)
    }

    @Test(
        "a whole that cannot be played is refused",
        arguments: [
            ("run 10s", "f:1: 'run' comes too early; allowed: hosts NUMBER"),
            ("# nothing", "f:1: a scenario says how many hosts there are; allowed: hosts NUMBER"),
            ("hosts 0\nrun 10s", "f:1: '0' are too few hosts; allowed: 1 to 64"),
            (
                "hosts 2",
                "f:1: a scenario says how long it runs; allowed: run TIME, run until whole, at most TIME"
            ),
            ("hosts 2\nrun 0s", "f:2: 'run' ends before it begins"),
            ("hosts 2\nmachines 2\nmachines 3\nrun 9s", "f:3: 'machines' was said before"),
        ]
    )
    func refusesWholes(text: String, message: String) {
        let mistake = #expect(throws: ScenarioMistake.self) { try Scenario(text: text, file: "f") }
        #expect(mistake?.description == message)
    }

    @Test("times that are not safe are refused with both sides")
    func refusesUnsafeTimes() {
        let mistake = #expect(throws: ScenarioMistake.self) {
            try Scenario(text: "hosts 2\nstorage-stall-tolerance 1s\nrun 9s", file: "f")
        }
        #expect(
            mistake?.description.contains("0.25 s <= I/O deadline") == true,
            "\(mistake?.description ?? "")"
        )
    }

    @Test("weights of different hosts are two settings, of one host a contradiction")
    func weights() throws {
        let text = "hosts 2\nweight of lab1 5\nweight of lab2 6\nrun 9s\n"
        #expect(try Scenario(text: text, file: "f").settings.count == 2)
        #expect(throws: ScenarioMistake.self) {
            try Scenario(text: "hosts 2\nweight of lab1 5\nweight of lab1, lab2 6\nrun 9s", file: "f")
        }
    }
}
