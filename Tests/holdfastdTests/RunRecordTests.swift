import Testing

@testable import holdfastd

@Suite("Crashes of the daemon in a row")
struct RunRecordTests {
    /// A run after `former` that ends without saying goodbye: what it leaves in its file.
    private func crash(after former: RunRecord?, in boot: String = "a") -> RunRecord {
        RunRecord(startingIn: boot, after: former)
    }

    @Test("the first run of a boot has no crash before it, whatever the boot before left")
    func aBootCountsAnew() {
        let before = crash(after: crash(after: crash(after: nil)))
        #expect(before.crashesInRow == 2)
        #expect(RunRecord(startingIn: "b", after: before).crashesInRow == 0)
    }

    @Test("three crashes in a row are a crash loop with the limit 3, and never with 0")
    func limit() {
        let first = crash(after: nil)
        let second = crash(after: first)
        let third = crash(after: second)
        let fourth = crash(after: third)
        #expect([first, second, third, fourth].map(\.crashesInRow) == [0, 1, 2, 3])
        #expect(!third.isCrashLoop(limit: 3))
        #expect(fourth.isCrashLoop(limit: 3))
        #expect(!fourth.isCrashLoop(limit: 0))
    }

    @Test("a stable minute between two crashes begins a new row")
    func aStableMinute() {
        var second = crash(after: crash(after: nil))
        second.noteStableMinute()
        #expect(crash(after: second).crashesInRow == 1)
    }

    @Test("a run that says goodbye is no crash, and takes none back")
    func aHandOver() {
        var second = crash(after: crash(after: nil))
        second.noteEnd()
        let third = RunRecord(startingIn: "a", after: second)
        #expect(third.crashesInRow == 1)
        #expect(third.isRunning)
    }

    @Test("what is written is what is read, and nonsense is nothing")
    func file() {
        var record = crash(after: crash(after: nil))
        let read = RunRecord(pairs: Dictionary(uniqueKeysWithValues: record.pairs.map { ($0.key, $0.value) }))
        #expect(read == record)
        record.noteEnd()
        #expect(RunRecord(pairs: ["boot": "a", "crashes": "-1", "state": "ended"]) == nil)
        #expect(RunRecord(pairs: ["boot": "a", "crashes": "1", "state": "dead"]) == nil)
        #expect(RunRecord(pairs: [:]) == nil)
    }
}
