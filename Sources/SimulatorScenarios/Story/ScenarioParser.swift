import PoolModel
import Simulator

extension Scenario {
    /// Reads the text of a scenario; throws the first mistake, with file, line, word and what is allowed.
    public init(text: String, file: String) throws(ScenarioMistake) {
        var parser = ScenarioParser(file: file)
        self = try parser.read(text)
    }
}

/// Reads a scenario line by line.
struct ScenarioParser {
    let file: String
    private var line = 0
    private var hosts: Int?
    private var ending: Scenario.Ending?
    private var scenario = Scenario(hosts: 1, ending: .after(.zero))
    /// The lines of what is checked against the whole in the end.
    private var actLines: [Int] = []
    private var expectationLines: [Int] = []
    private var endingLine = 0

    init(file: String) { self.file = file }

    mutating func read(_ text: String) throws(ScenarioMistake) -> Scenario {
        for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            try readLine(raw.trimmed)
        }
        guard hosts != nil else {
            throw mistake("a scenario says how many hosts there are", ["hosts NUMBER"])
        }
        guard let ending else {
            throw mistake("a scenario says how long it runs", ["run TIME", "run until whole, at most TIME"])
        }
        scenario.ending = ending
        try checkTimes()
        return scenario
    }

    private mutating func readLine(_ text: Substring) throws(ScenarioMistake) {
        if text.isEmpty { return }
        if text.hasPrefix("#") {
            if scenario.title.isEmpty, hosts == nil {
                scenario.title = String(text.drop { $0 == "#" }.trimmed)
            }
            return
        }
        for (key, path) in ScenarioParser.prose where text.hasPrefix(key) {
            scenario[keyPath: path].append(String(text.dropFirst(key.count).trimmed))
            return
        }
        if text.hasPrefix("found ") { return try readFinding(text.split(separator: " ")) }
        let words = text.split { $0 == " " || $0 == "," || $0 == "\t" }
        if words.first == "hosts" || hosts != nil { return try readWords(words) }
        throw mistake("comes too early", word: words.first, ["hosts NUMBER"])
    }

    private static var prose: [(String, WritableKeyPath<Scenario, [String]>)] {
        [("xhad:", \.xhad), ("why:", \.why)]
    }

    private mutating func readWords(_ words: [Substring]) throws(ScenarioMistake) {
        switch words.first {
        case "at": try readAct(words)
        case "expect":
            let expectation = try understand(words, from: 1, ExpectationSentences.all)
            scenario.expectations.append(expectation)
            expectationLines.append(line)
        default:
            switch try understand(words, from: 0, LineSentences.all) {
            case .hosts(let count): try take(hosts: count, words)
            case .timing(let choice): try take(choice)
            case .seed(let seed): scenario.seed = seed
            case .ending(let new):
                if ending != nil { throw mistake("is the second end of the run", word: words.first, []) }
                ending = new
                endingLine = line
            case .setting(let setting):
                if scenario.settings.contains(where: { $0.contradicts(setting) }) {
                    throw mistake("was said before", word: words.first, [])
                }
                scenario.settings.append(setting)
            }
        }
    }

    private mutating func readAct(_ words: [Substring]) throws(ScenarioMistake) {
        guard words.count > 1, let time = SpanText.read(words[1]) else {
            throw mistake("is no time", word: words.count > 1 ? words[1] : nil, Blank.span.allowed)
        }
        let act = try understand(words, from: 2, ActSentences.all)
        if let last = scenario.acts.last, last.time > time {
            throw mistake("is earlier than the line before", word: words[1], [])
        }
        scenario.acts.append(TimedAct(time, act))
        actLines.append(line)
    }

    private mutating func readFinding(_ words: [Substring]) throws(ScenarioMistake) {
        // `found` words ... `at` TIME `trace` HASH
        guard words.count >= 6, words[words.count - 4] == "at", words[words.count - 2] == "trace",
            let time = SpanText.read(words[words.count - 3]), let last = words.last,
            let hash = UInt64(last, radix: 16)
        else { throw mistake("is not understood", word: "found", ["found WHAT at TIME trace HASH"]) }
        let broke = words[1..<words.count - 4].joined(separator: " ")
        scenario.found = Scenario.Finding(broke: broke, time: time, traceHash: hash)
    }

    private mutating func take(hosts count: Int, _ words: [Substring]) throws(ScenarioMistake) {
        if hosts != nil { throw mistake("was said before", word: words.first, []) }
        guard count > 0 else { throw mistake("are too few hosts", word: words.last, ["1 to 64"]) }
        hosts = count
        scenario.hosts = count
    }

    private mutating func take(_ choice: TimingChoice) throws(ScenarioMistake) {
        do {
            try Timing(choice).check()
        } catch {
            throw mistake("is no safe choice of times: \(error)", word: nil, [])
        }
        scenario.timing = choice
    }

    /// Finds the sentence for `words`, and that every host it names exists.
    private func understand<Meaning>(
        _ words: [Substring],
        from start: Int,
        _ sentences: Sentences<Meaning>
    ) throws(ScenarioMistake) -> Meaning {
        if let hosts {
            for word in words {
                guard let host = HostNames.read(word), host.row >= hosts else { continue }
                throw mistake("is not in a pool of \(hosts)", word: word, ["lab1 to lab\(hosts)"])
            }
        }
        do throws(Misread) {
            return try sentences.read(words[start...])
        } catch {
            guard error.place < words.count else { throw mistake("the line ends too early", error.allowed) }
            throw mistake("is not understood here", word: words[error.place], error.allowed)
        }
    }

    /// Nothing may be told of a time after the end.
    private func checkTimes() throws(ScenarioMistake) {
        let end = SpanText.write(scenario.end)
        for (act, line) in zip(scenario.acts, actLines) where act.time > scenario.end {
            throw mistake("lies after the end of the run, \(end)", word: "at", [], line: line)
        }
        for (expectation, line) in zip(scenario.expectations, expectationLines)
        where expectation.latest > scenario.end {
            throw mistake("names a time after the end of the run, \(end)", word: "expect", [], line: line)
        }
        let networks = scenario.worldSettings().network.count
        for (act, line) in zip(scenario.acts, actLines) {
            guard let number = act.act.networkNumber, number > networks else { continue }
            throw mistake(
                "names network \(number) of \(networks)",
                word: "network",
                ["networks NUMBER"],
                line: line
            )
        }
        guard scenario.end > .zero else {
            throw mistake("ends before it begins", word: "run", [], line: endingLine)
        }
    }

    private func mistake(
        _ problem: String,
        word: Substring? = nil,
        _ allowed: [String],
        line: Int? = nil
    ) -> ScenarioMistake {
        ScenarioMistake(
            file: file,
            line: line ?? self.line,
            word: word.map(String.init),
            problem: problem,
            allowed: allowed
        )
    }
}

extension Substring {
    /// Without spaces, tabs and carriage returns at either end.
    fileprivate var trimmed: Substring {
        var text = self
        while let first = text.first, " \t\r".contains(first) { text.removeFirst() }
        while let last = text.last, " \t\r".contains(last) { text.removeLast() }
        return text
    }
}
