import FlightFormat
import FlightReplay
import Foundation
import PoolModel
import Testing

@Suite("Replay of field recordings")
struct ReplayTests {
    private static func lines(_ bytes: [UInt8], _ options: ReplayOptions = ReplayOptions()) throws
        -> (lines: [String], outcome: FlightReplay.Outcome)
    {
        var lines: [String] = []
        let outcome = try FlightReplay.play(bytes, options: options) { lines.append($0) }
        return (lines, outcome)
    }

    @Test("a self-fence is told step by step, with the rule and the figures")
    func selfFence() throws {
        let (lines, outcome) = try Self.lines(try FieldRecording.selfFence().bytes())
        let text = lines.joined(separator: "\n")
        #expect(outcome.isFaithful)
        #expect(outcome.stepCount > 1000)
        #expect(lines[0].hasPrefix("flight recording of lab1 (hosts lab1, lab2), saved 2023-11-14 22:13:20"))
        #expect(lines[0].hasSuffix("because it stopped itself"))
        #expect(lines[2].contains("segment 1: this host is empty, incarnation 0, view 0"))
        #expect(lines[3].contains("the daemon's run begins"))
        for part in [
            "view 1 adopted (", "open and arm the watchdog, W = 2 s", "watchdog opened, W = 2 s read back",
            "own file: incarnation 1 held is on the disk", "[LEASE-S], newest good round +",
            "heartbeat 1 of lab2: ", "; echoes ", ": slot written, slots read, ballot blocks read; changed: ",
            "request: stay: wrongPhase", "lab2 is unheard: ", "slot write failed, slots not read",
            "the statefile is lost: newest good round ", "send heartbeat ",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let decisions = lines.filter { $0.contains(" => ") }
        #expect(decisions.contains { $0.contains("this host stops itself: its lease ended") })
        #expect(try #require(decisions.last).hasSuffix("=> reset this host now"))
        #expect(try #require(lines.last).hasSuffix("with orders: all decided as recorded"))
    }

    @Test("only decisions, and only a part, are shown when that is asked for")
    func partsOfIt() throws {
        let bytes = try FieldRecording.selfFence().bytes()
        let all = try Self.lines(bytes).lines
        var options = ReplayOptions()
        options.decisionsOnly = true
        let decisions = try Self.lines(bytes, options).lines
        #expect(decisions.count < all.count / 4)
        // A tick is shown for what it decided, which stands on the next line.
        for (place, line) in decisions.enumerated() where line.hasSuffix("  tick") {
            #expect(decisions[place + 1].contains("=> "))
        }
        options.from = .seconds(-12)
        let last = try Self.lines(bytes, options).lines
        #expect(last.count < decisions.count)
        #expect(last.contains { $0.contains("this host stops itself") })
        #expect(!last.contains { $0.contains("view 1 adopted") })
        options.from = nil
        options.to = .seconds(30)
        let first = try Self.lines(bytes, options).lines
        #expect(first.contains { $0.contains("view 1 adopted") })
        #expect(!first.contains { $0.contains("this host stops itself") })
    }

    @Test("programs get one object a line")
    func json() throws {
        var options = ReplayOptions()
        options.json = true
        let lines = try Self.lines(try FieldRecording.selfFence().bytes(), options).lines
        let objects = try lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(objects.first?["host"] as? String == "lab1")
        #expect(objects[1]["step"] as? String == "the daemon's run begins")
        #expect(objects.contains { ($0["orders"] as? [String])?.contains("reset this host now") == true })
        #expect(objects.dropFirst().dropLast().allSatisfy { $0["verdict"] as? String != "different" })
        #expect(objects.last?["isFaithful"] as? Bool == true)
    }

    @Test("a decision that this program would not take is told")
    func otherDecision() throws {
        let recording = try FieldRecording.selfFence()
        var found = 0
        // Some byte 15 in the last part of the body is the mark of a hash: the eight bytes after it are it.
        for place in 20..<200 where found == 0 {
            let bytes = recording.bytes { _, body in
                if body[body.count - place] == 15 { body[body.count - place + 3] ^= 0x40 }
            }
            guard let (lines, outcome) = try? Self.lines(bytes), outcome.differentCount == 1 else { continue }
            found += 1
            #expect(!outcome.isFaithful)
            #expect(lines.contains { $0.hasSuffix("! the recorded engine decided something else") })
            #expect(try #require(lines.last).contains("1 of them are decided differently by this program"))
        }
        #expect(found == 1)
    }

    @Test("what is damaged or missing is told, and the rest is played")
    func damage() throws {
        let recording = try FieldRecording.selfFence(flightBytes: 1, after: .seconds(400))
        try #require(recording.stretches.count >= 3)
        var cut = recording.bytes()
        cut.removeLast(100)
        let (lines, _) = try Self.lines(cut)
        #expect(lines[2].hasPrefix("! the recording is cut short: "))
        var gap = recording
        gap.stretches.remove(at: 1)
        let (later, outcome) = try Self.lines(gap.bytes())
        #expect(outcome.brokenCount == 1)
        #expect(later.contains { $0.contains("! segments between ") })
        #expect(throws: FlightDamage.noRecording) { try Self.lines(Array("hosts 3".utf8)) }
    }

    @Test("segments go on from each other")
    func segments() throws {
        let recording = try FieldRecording.selfFence(flightBytes: 1, after: .seconds(400))
        #expect(recording.stretches.count > 1)
        let (_, outcome) = try Self.lines(recording.bytes())
        #expect(outcome.isFaithful)
    }

    @Test("files are told apart by their first bytes")
    func magic() throws {
        let folder = FileManager.default.temporaryDirectory.path() + "flight-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let flight = folder + "/a.flight"
        try Data(try FieldRecording.selfFence().bytes()).write(to: URL(filePath: flight))
        try Data("hosts 3\n".utf8).write(to: URL(filePath: folder + "/b"))
        #expect(FlightReplay.isRecording(flight))
        #expect(!FlightReplay.isRecording(folder + "/b"))
        #expect(!FlightReplay.isRecording(folder + "/c"))
        let outcome = try FlightReplay.play(file: flight, options: ReplayOptions()) { _ in }
        #expect(outcome.isFaithful)
        #expect(throws: ReplayFailure.self) {
            try FlightReplay.play(file: folder + "/c", options: ReplayOptions()) { _ in }
        }
    }

    @Test(
        "places in a recording are read as people write them",
        arguments: [
            ("90s", 90.0), ("-30s", -30), ("1.5min", 90), ("250ms", 0.25), ("12", 12), ("1 h", 3600),
        ]
    )
    func places(text: String, seconds: Double) {
        #expect(ReplayOptions.place(text) == .seconds(seconds))
        #expect(ReplayOptions.place(text + "x") == nil)
        #expect(ReplayOptions.place("") == nil)
    }
}
