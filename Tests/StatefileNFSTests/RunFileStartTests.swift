import Testing

@testable import StatefileNFS

/// [VIEW-3] on NFS: a crash at every step of the start, with the request that was under way landing at every
/// later moment or never, and readers looking at every moment.
@Suite struct RunFileStartTests {
    /// The promises of a host's ballot block, for all that readers can have seen of `history`.
    ///
    /// 1. A reading that begins after a write was acknowledged shows it, or a newer one.
    /// 2. When a life begins to write, its file holds whatever any reading ever shows of former lives, sooner
    ///    or later.
    /// 3. There is always something to read.
    private func check(_ history: FolderHistory, allReaders: Bool, _ name: String) -> Int {
        let count = history.states.count
        var readings = 0
        for fault in history.faults { Issue.record("\(name): \(fault)") }
        for first in 0..<count {
            if history.reading(first, first, first) == nil {
                Issue.record("\(name): nothing to read at \(first)")
            }
            for last in first..<count {
                for middle in allReaders ? Array(first...last) : [first, last] {
                    guard let seen = history.reading(first, middle, last) else { continue }
                    readings += 1
                    if seen.tag < history.acknowledged[first] {
                        Issue.record(
                            "\(name): a reader at \(first), \(middle), \(last) misses an acknowledged write"
                        )
                    }
                    for (held, issued) in history.beginnings where seen.tag > held && seen.tag <= issued {
                        Issue.record("\(name): \(seen) was seen at \(last), and a run began with \(held)")
                    }
                }
            }
        }
        return readings
    }

    /// How many requests a whole life takes.
    private func requestCount(after prefix: FolderHistory, writeCount: Int) -> Int {
        var trial = prefix
        let before = trial.states.count
        trial.live(writeCount: writeCount, crash: nil)
        return trial.states.count - before
    }

    @Test(arguments: [true, false])
    func aCrashAtEveryStepLosesNothing(keepsRuns: Bool) {
        var scenarios = 0
        var readings = 0
        let fresh = FolderHistory(keepsRuns: keepsRuns)
        for at in 0..<requestCount(after: fresh, writeCount: 3) {
            for after in Array(-1...14) {
                var history = fresh
                history.live(writeCount: 3, crash: .init(atRequest: at, landsAfter: after < 0 ? nil : after))
                #expect(!history.isComplete)
                history.live(writeCount: 2, crash: nil)
                #expect(history.isComplete)
                history.landTheRest()
                readings += check(history, allReaders: true, "crash at \(at), landing after \(after)")
                scenarios += 1
            }
        }
        #expect(scenarios == 7 * 16)
        #expect(readings > 5_000)
    }

    @Test(arguments: [true, false])
    func twoCrashesAfterEachOtherLoseNothing(keepsRuns: Bool) {
        var scenarios = 0
        let fresh = FolderHistory(keepsRuns: keepsRuns)
        for first in 0..<requestCount(after: fresh, writeCount: 2) {
            for firstLands in Array(-1...16) {
                var once = fresh
                once.live(
                    writeCount: 2,
                    crash: .init(atRequest: first, landsAfter: firstLands < 0 ? nil : firstLands)
                )
                for second in 0..<requestCount(after: once, writeCount: 1) {
                    for secondLands in Array(-1...9) {
                        var history = once
                        history.live(
                            writeCount: 1,
                            crash: .init(atRequest: second, landsAfter: secondLands < 0 ? nil : secondLands)
                        )
                        history.live(writeCount: 1, crash: nil)
                        history.landTheRest()
                        _ = check(
                            history,
                            allReaders: false,
                            "crashes at \(first) (lands \(firstLands)) and \(second) (lands \(secondLands))"
                        )
                        scenarios += 1
                    }
                }
            }
        }
        #expect(scenarios > 5_000)
    }

    /// Two starts that do not come to their end, and a third that does.
    @Test func threeCrashesAfterEachOtherLoseNothing() {
        let seed: UInt64 = 4
        var generator = SmallGenerator(seed)
        for scenario in 0..<6_000 {
            var history = FolderHistory(keepsRuns: scenario % 2 == 0)
            var crashes: [String] = []
            for _ in 0..<3 {
                let at = Int.random(in: 0...8, using: &generator)
                let after = Int.random(in: -2...14, using: &generator)
                crashes.append("\(at) (lands \(after))")
                history.live(
                    writeCount: 2,
                    crash: .init(atRequest: at, landsAfter: after < 0 ? nil : after)
                )
            }
            history.live(writeCount: 1, crash: nil)
            history.landTheRest()
            _ = check(history, allReaders: false, "seed \(seed): crashes at \(crashes)")
        }
    }

    @Test func namesOfOtherThingsAreIgnored() {
        let names = [
            "0.3", "1.0", ".0.4.abc.new", ".nfs000012", "0.03", "+0.3", "0.3.bak", "x.1", "7.1", "..", "0.-1",
            "0.18446744073709551615", "1.18446744073709551616",
        ]
        let listing = RunFileListing(names, hostCount: 2)
        #expect(listing.files.map(\.description) == ["0.3", "0.18446744073709551615", "1.0"])
        #expect(listing.files(of: 1) == [RunFileName(row: 1, run: 0)])
    }

    @Test func aRunIsAboveTheFolderAndTheHostsOwnRecord() {
        for (lastRun, names, expected) in [
            (UInt64(0), ["2.0", "2.7", "1.9"], UInt64(8)), (12, ["2.0", "2.7"], 13), (7, ["2.0"], 8),
        ] {
            var start = RunFileStart<RunArea>(row: 2, hostCount: 3, lastRun: lastRun, nonce: 1)
            #expect(start.next(.done) == .list)
            #expect(start.next(.names(names)) == .keepRun(expected))
        }
    }

    @Test func aHostWithoutAnyRecordGivesUp() {
        var start = RunFileStart<RunArea>(row: 0, hostCount: 1, lastRun: 0, nonce: 1)
        #expect(start.next(.done) == .list)
        #expect(start.next(.names(["0.0"])) == .keepRun(1))
        #expect(start.next(.done) == .read(RunFileName(row: 0, run: 0)))
        #expect(start.next(.content(nil)) == .giveUp)
    }

    @Test func theOldestFileIsRemovedFirst() {
        var start = RunFileStart<RunArea>(row: 0, hostCount: 1, lastRun: 0, nonce: 1)
        let note = RunArea(records: [nil, Note(sequence: 5, position: 1, tag: 1).record, nil, nil])
        var answer = RunFileStart<RunArea>.Answer.done
        var removed: [String] = []
        for _ in 0..<40 {
            let order = start.next(answer)
            answer = .done
            switch order {
            case .list: answer = .names(["0.1", "0.0", "0.2"])
            case .read: answer = .content(note)
            case .remove(let name): removed.append(name.description)
            case .begin:
                #expect(removed == ["0.0", "0.1", "0.2"])
                return
            default: break
            }
        }
        Issue.record("a start has no end")
    }
}

/// Numbers that a seed gives again (SplitMix64).
struct SmallGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
