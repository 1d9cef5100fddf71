import FoundationEssentials
import Testing

@testable import Explorer

@Suite("A search's copies and hashes of engines")
struct EngineCopyTests {
    private func source(_ name: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try String(contentsOfFile: "/\(root)/Sources/LivesetEngine/\(name)", encoding: .utf8)
    }

    /// The stored properties of the type that begins with `head`.
    private func properties(of head: String, in name: String) throws -> [String] {
        let text = try source(name)
        let body = try #require(text.range(of: head)).upperBound
        var names: [String] = []
        for line in text[body...].split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "}" { break }
            let words = line.split(separator: " ")
            guard line.hasPrefix("    "), !line.hasPrefix("     ") else { continue }
            guard let key = words.firstIndex(where: { $0 == "let" || $0 == "var" }), key <= 1 else { continue }
            let isComputed = line.hasSuffix("{") || line.hasSuffix("}")
            guard !isComputed, !words.contains("static"), key + 1 < words.count else { continue }
            names.append(String(words[key + 1].prefix { $0.isLetter || $0.isNumber }))
        }
        return names
    }

    @Test("no stored property of an engine is forgotten in a copy")
    func copiesAreWhole() throws {
        let names = try properties(of: "public struct Engine: ~Copyable {", in: "Engine.swift")
        #expect(names.count > 30)
        let copy = try source("Engine+Copy.swift")
        for name in names where !["settings", "start", "startedAt"].contains(name) {
            #expect(copy.contains("twin.\(name) = \(name)\n"), "\(name) is not copied")
        }
    }

    @Test(
        "whatever decides what an engine does next is in its hash",
        arguments: [
            ("public struct Engine: ~Copyable {", "Engine.swift", "", ["settings", "start", "lastFence", "lastWords", "told"]),
            ("struct RoundState: BitwiseCopyable {", "Engine.swift", "round.", ["id", "slotSequence", "unsettled"]),
            ("struct FenceProgress: BitwiseCopyable {", "Engine.swift", "fence.", ["reason"]),
            ("struct PeerRecord: BitwiseCopyable {", "PeerRecord.swift", "record.", ["wasReportedStale", "wasReportedUnheard"]),
            ("struct LeaseRule: BitwiseCopyable {", "LeaseRule.swift", "lease.", []),
            ("struct PartitionRule: BitwiseCopyable {", "PartitionRule.swift", "partition.", []),
            ("struct MastershipRule: BitwiseCopyable {", "MastershipRule.swift", "mastership.", []),
            ("struct NetworkHealth: BitwiseCopyable {", "NetworkHealth.swift", "health.", []),
            ("struct Proposer: BitwiseCopyable {", "Proposer.swift", "proposer.", []),
            ("struct BallotBook: BitwiseCopyable {", "BallotBook.swift", "book.", []),
        ]
    )
    func hashesAreWhole(head: String, file: String, prefix: String, leftOut: [String]) throws {
        let hash = try source("Engine+Fingerprint.swift")
        let names = try properties(of: head, in: file)
        #expect(!names.isEmpty)
        for name in names where !leftOut.contains(name) {
            #expect(hash.contains(prefix + name), "\(prefix)\(name) is not in the hash")
        }
    }

    @Test("a copy goes on as its original does, and neither touches the other", arguments: PoolStart.allCases)
    func copiesGoOnAlike(start: PoolStart) throws {
        let bench = PoolBench(hostCount: 3)
        let original = try #require(start.situation(hostCount: 3, on: bench))
        let before = original.fingerprint()
        let twin = original.copy()
        for deviations in [[], [Deviation.heartbeatsLost(original.hosts[0].row, original.hosts[1].row)], []] {
            twin.advance(deviations, on: bench)
        }
        #expect(original.fingerprint() == before)
        for deviations in [[], [Deviation.heartbeatsLost(original.hosts[0].row, original.hosts[1].row)], []] {
            original.advance(deviations, on: bench)
        }
        #expect(original.fingerprint() == twin.fingerprint())
    }

    @Test("a calm pool looks the same a step later, and other than after a fault")
    func hashesAreRelative() throws {
        let bench = PoolBench(hostCount: 3)
        let calm = try #require(PoolStart.formed.situation(hostCount: 3, on: bench))
        let later = calm.copy()
        for _ in 0..<3 { later.advance([], on: bench) }
        #expect(later.fingerprint() == calm.fingerprint())
        for deviation in calm.deviations(.all) {
            let other = calm.copy()
            other.advance([deviation], on: bench)
            let isHarmless = deviation == .networkMended || deviation == .pathsMended
            #expect(isHarmless || other.fingerprint() != calm.fingerprint(), "\(deviation.words)")
        }
    }
}
