import PoolModel
import Testing

@testable import SimulatorScenarios

@Suite("A printed scenario reads as the same scenario")
struct PrinterTests {
    private func comesBack(_ scenario: Scenario) throws {
        let read = try Scenario(text: scenario.text, file: scenario.title)
        #expect(read == scenario)
        #expect(read.text == scenario.text)
    }

    @Test("every scenario of the source tree", arguments: ["matrix", "hosts", "operators", "found"])
    func files(folder: String) throws {
        for path in try ScenarioFolder.paths(in: folder) { try comesBack(ScenarioFolder.scenario(path)) }
    }

    @Test("what swarms draw", arguments: 1...6)
    func swarms(hosts: Int) throws {
        for seed in UInt64(1)...40 {
            var plan = Swarm.Plan(seed: seed, hosts: hosts)
            plan.length = .seconds(1000)
            var scenario = Swarm.scenario(of: plan)
            scenario.found = Scenario.Finding(
                broke: "SAFE-1",
                time: .seconds(3.25),
                traceHash: seed &* 7919 << 40
            )
            try comesBack(scenario)
        }
    }

    /// A value for each blank, so that every sentence can be written down and read back.
    private static func samples(_ blank: Blank) -> [Field] {
        switch blank {
        case .host: [.host(HostIndex(1))]
        case .hosts: [.hosts(HostSet(HostIndex(0))), .hosts(HostSet(first: 3)), .hosts(HostNames.all)]
        case .span: [.span(.milliseconds(1)), .span(TimeSpan(nanoseconds: 61_000_000_001))]
        case .number(let least, let most): [.number(least), .number(most)]
        case .ordinal: [.number(1), .number(2), .number(3), .number(11), .number(23)]
        case .chance: [.number(0), .number(20)]
        case .choice(let phrases): phrases.map(Field.phrase)
        case .period:
            [
                .period(.ever), .period(.by(.seconds(1))), .period(.before(.seconds(2))),
                .period(.after(.seconds(3))), .period(.between(.seconds(4), .seconds(5))),
            ]
        case .instant:
            [
                .instant(.end), .instant(.by(.seconds(6))), .instant(.throughout(.seconds(7), .seconds(8))),
            ]
        }
    }

    /// Reads and writes each sentence of a table with each of its blanks' samples.
    private func comeBack<Meaning: Equatable>(_ sentences: Sentences<Meaning>) throws {
        for sentence in sentences.table {
            let blanks = sentence.pieces.compactMap { piece -> Blank? in
                if case .blank(let blank) = piece { blank } else { nil }
            }
            let samples = blanks.map(Self.samples)
            for turn in 0..<(samples.map(\.count).max() ?? 1) {
                let meaning = sentence.read(Fields(samples.map { $0[turn % $0.count] }))
                let text = sentences.text(of: meaning)
                let words = text.split { $0 == " " || $0 == "," }
                let read = try sentences.read(words[...])
                #expect(read == meaning, "\(text)")
            }
        }
    }

    @Test("every sentence of the language")
    func sentences() throws {
        try comeBack(ActSentences.all)
        try comeBack(ExpectationSentences.all)
        try comeBack(LineSentences.all)
    }

    @Test(
        "lengths are exact",
        arguments: ["0s", "1ns", "40ms", "0.1s", "60s", "61.000000001s", "3min", "2h", "0.5h"]
    )
    func lengths(text: String) throws {
        let span = try #require(SpanText.read(text[...]))
        #expect(SpanText.read(SpanText.write(span)[...]) == span)
    }

    @Test(
        "what is no length is refused",
        arguments: ["", "s", "60", "-1s", "1.s", "1..2s", "1s2", "9999999999h", "٣s"]
    )
    func noLengths(text: String) { #expect(SpanText.read(text[...]) == nil) }

    @Test("the folder's README shows every sentence")
    func manual() throws {
        let readme = try ScenarioFolder.text(of: "scenarios/README.md")
        for (_, sentences) in Scenario.language {
            for sentence in sentences { #expect(readme.contains(sentence), "\(sentence)") }
        }
    }
}
