import FoundationEssentials
import Testing

@testable import SimulatorScenarios

/// Holds the language to the simulator: what a world can suffer, a scenario can say.
@Suite("Scenarios can say everything that a world can suffer")
struct VocabularyTests {
    /// What is no fault, or is said with other words: by its name, with the reason.
    private static let unsaid = [
        "limitFences": "an expectation says how many may fence",
        "request": "an operator's wish, with a sentence for each",
        "cutAllStorage": "cut storage of all", "failAllStorage": "fail storage of all",
        "healAllStorage": "plug storage of all", "cutAllNetwork": "cut network of all",
        "healAllNetwork": "plug network of all", "cutSwitch": "cut network 1 of all",
        "healSwitch": "plug network 1 of all",
    ]

    /// The names after `prefix` at the beginning of a line of a source file.
    private static func names(after prefix: String, in path: String) throws -> Set<String> {
        let lines = try ScenarioFolder.text(of: path).split(separator: "\n")
        return Set(
            lines.compactMap { line in
                let words = line.drop { $0 == " " }
                guard words.hasPrefix(prefix) else { return nil }
                return String(words.dropFirst(prefix.count).prefix { $0.isLetter || $0.isNumber })
            }
        )
    }

    /// All that the language and its player do to worlds, as source text.
    private static func players() throws -> String {
        let files = [
            "Play/Act+World", "Story/HostFault", "Story/LinkFault", "Story/NetworkFault", "Story/Setting",
        ]
        return try files.map { try ScenarioFolder.text(of: "Sources/SimulatorScenarios/\($0).swift") }
            .joined()
    }

    @Test("each public fault of the world is within reach of a sentence")
    func faults() throws {
        let players = try Self.players()
        for file in ["Faults", "NetworkFaults", "DiskFaults", "HostFaults"] {
            let names = try Self.names(after: "public func ", in: "Sources/Simulator/World+\(file).swift")
            try #require(names.count > 5, "World+\(file).swift")
            for name in names where Self.unsaid[name] == nil {
                let isCalled = ["(", " {"].contains { players.contains("world.\(name)\($0)") }
                #expect(isCalled, "\(name) of World+\(file).swift has no sentence")
            }
        }
    }

    @Test("each manner of a world can be set")
    func manners() throws {
        let players = try Self.players()
        let path = "Sources/Simulator/WorldSettings.swift"
        let own: Set = ["seed", "hostCount", "timing", "storage", "network", "hosts", "tracesChatter"]
        let names = try Self.names(after: "public var ", in: path).subtracting(own)
        try #require(names.count > 20)
        for name in names { #expect(players.contains(".\(name) = "), "\(name) has no sentence") }
    }

    @Test("each moment at which a fault may strike has a word")
    func moments() throws {
        let text = try ScenarioFolder.text(of: "Sources/Simulator/Interruption.swift")
        let enumeration = text.split(separator: "public enum Act").first.map(String.init) ?? ""
        let moments = enumeration.split(separator: "\n").compactMap { line -> String? in
            let words = line.drop { $0 == " " }
            return words.hasPrefix("case ") ? String(words.dropFirst(5).prefix { $0.isLetter }) : nil
        }
        try #require(moments.count >= 10)
        for moment in moments {
            let isSaid = Words.moment.pairs.contains {
                "\($0.value)".hasSuffix(moment) || "\($0.value)".contains("\(moment)(")
            }
            #expect(isSaid, "\(moment) has no word")
        }
    }

    @Test("each request of an operator has a sentence")
    func requests() throws {
        let text = try ScenarioFolder.text(of: "Sources/LivesetEngine/EngineSettings.swift")
        let after = text.firstRange(of: "public enum OperatorRequest").map { text[$0.upperBound...] } ?? ""
        let body = after.prefix { $0 != "}" }
        let requests = body.split(separator: "\n").compactMap { line -> String? in
            let words = line.drop { $0 == " " }
            return words.hasPrefix("case ") ? String(words.dropFirst(5).prefix { $0.isLetter }) : nil
        }
        try #require(requests.count >= 12)
        let path = "Sources/SimulatorScenarios/Story/ActSentences.swift"
        let sentences = try ScenarioFolder.text(of: path)
        for request in requests {
            let isSaid = Words.request.pairs.contains { "\($0.value)" == request }
            #expect(isSaid || sentences.contains("OperatorRequest.\(request))"), "\(request) has no sentence")
        }
    }
}
