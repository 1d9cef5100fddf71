import FoundationEssentials
import PoolModel
import Testing

@testable import LivesetEngine

/// The state as words is complete: a field that is forgotten there would make a replay another run.
@Suite("The engine's state as words")
struct EngineWordsTests {
    private static func source(_ file: String) throws -> String {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        let path = root.joined(separator: "/") + "/Sources/LivesetEngine/" + file
        return try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }

    /// The fields that `text` carries: `words.carry(&name`, elements of `name` included.
    private static func carried(in text: String) -> Set<String> {
        var names: Set<String> = []
        for piece in text.split(separator: "carry(&").dropFirst() {
            names.insert(String(piece.prefix { $0.isLetter || $0.isNumber }))
        }
        return names
    }

    @Test("every variable of the engine is carried")
    func engineIsWhole() throws {
        let body = try Self.source("Engine.swift").split(separator: "public struct Engine").last ?? ""
        let end = body.split(separator: "\n}\n").first ?? ""
        var variables: Set<String> = []
        for line in end.split(separator: "\n") where line.hasPrefix("    var ") && !line.hasSuffix("}") {
            variables.insert(String(line.dropFirst(8).prefix { $0.isLetter || $0.isNumber }))
        }
        #expect(variables.count > 35)
        let carried = Self.carried(in: try Self.source("Engine+Words.swift"))
        #expect(variables.subtracting(carried).isEmpty)
    }

    @Test("every field of the engine's parts is carried")
    func partsAreWhole() throws {
        let parts: [(Any, String)] = [
            (RoundState(), "Engine+Words.swift"), (PublishedRow(), "Engine+Words.swift"),
            (Told(), "Engine+Words.swift"), (FenceProgress(), "Engine+Words.swift"),
            (PeerRecord(host: HostIndex(0)), "PeerRecord.swift"), (LeaseRule(), "LeaseRule.swift"),
            (PartitionRule(), "PartitionRule.swift"), (MastershipRule(), "MastershipRule.swift"),
            (Proposer(), "Proposer.swift"), (BallotBook(owner: HostIndex(0)), "BallotBook.swift"),
            (SendLog(), "SendLog.swift"), (NetworkHealth(now: .distantPast), "NetworkHealth.swift"),
        ]
        for (part, file) in parts {
            let fields = Set(Mirror(reflecting: part).children.compactMap(\.label))
            #expect(!fields.isEmpty)
            let missing = fields.subtracting(Self.carried(in: try Self.source(file)))
            #expect(missing.isEmpty, "\(type(of: part)) does not carry \(missing.sorted())")
        }
    }

    @Test("a state that is put back is the same, and every word counts")
    func everyWordCounts() throws {
        var engine = Self.engine()
        var words = StateWords(rowCount: 3)
        engine.carry(in: &words)
        let list = words.list
        for index in list.indices {
            // Small enough for every field but a truth; those are covered by 0 and 1.
            var changed = list
            changed[index] = list[index] == 1 ? 0 : 1
            var other = Self.engine()
            words.beginPuttingBack(changed)
            other.carry(in: &words)
            guard words.isPutBackWhole else { continue }
            words.beginTakingOut()
            other.carry(in: &words)
            // An optional that is not there keeps no content.
            #expect(words.list == changed || words.list[index] == list[index], "word \(index)")
        }
    }

    private static func engine() -> Engine {
        Engine(
            settings: EngineSettings(
                own: HostIndex(1),
                hostCount: 3,
                timing: Timing(.fast),
                largestD: .seconds(12)
            ),
            start: EngineStart(boot: BootID(5), nonce: RunNonce(6), persisted: nil),
            now: MonotonicInstant(nanoseconds: 1_000_000_000)
        )
    }
}
