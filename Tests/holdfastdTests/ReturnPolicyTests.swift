import LivesetEngine
import PoolModel
import Testing

@testable import holdfastd

private let policy = ReturnPolicy(removalLimit: 3, selfFenceLimit: 3)

private func number(_ value: UInt32) -> IncarnationNumber { IncarnationNumber(value) }

@Suite struct ReturnPolicyTests {
    @Test func aHostWithACleanPastJoins() {
        var record = ReturnRecord()
        #expect(
            policy.decide(&record, wallSeconds: 1000)
                == ReturnDecision(holdOut: nil, recentRemovals: 0, selfFences: 0)
        )
    }

    @Test func threeRemovalsWithinAnHourHoldTheHostOutForTwoHours() {
        var record = ReturnRecord()
        for life in 1...3 { record.noteUncleanEnd(number(UInt32(life)), at: Int64(life) * 1000) }
        let decision = policy.decide(&record, wallSeconds: 3000)
        #expect(decision.holdOut == .flapping)
        #expect(decision.recentRemovals == 3)
        #expect(policy.decide(&record, wallSeconds: 3000 + 7199).holdOut == .flapping)
        #expect(policy.decide(&record, wallSeconds: 3000 + 7200).holdOut == nil)
        #expect(record.heldOut == nil)
    }

    @Test func removalsFurtherApartDoNotCount() {
        var record = ReturnRecord()
        for life in 1...3 { record.noteUncleanEnd(number(UInt32(life)), at: Int64(life) * 1900) }
        #expect(policy.decide(&record, wallSeconds: 5700).holdOut == nil)
    }

    @Test func threeSelfFencesInARowHoldTheHostOutUntilCleared() {
        var record = ReturnRecord()
        for life in 1...3 { record.noteSelfFence(number(UInt32(life)), at: Int64(life) * 100_000) }
        #expect(policy.decide(&record, wallSeconds: 300_000).holdOut == .bootLoop)
        #expect(policy.decide(&record, wallSeconds: 10_000_000).holdOut == .bootLoop)
        record.clear()
        #expect(policy.decide(&record, wallSeconds: 10_000_000).holdOut == nil)
    }

    @Test func aStableHourEndsTheRow() {
        var record = ReturnRecord()
        record.noteSelfFence(number(1), at: 0)
        record.noteSelfFence(number(2), at: 10_000)
        record.noteStableHour()
        record.noteSelfFence(number(3), at: 20_000)
        let decision = policy.decide(&record, wallSeconds: 20_000)
        #expect(decision.holdOut == nil)
        #expect(decision.selfFences == 1)
    }

    @Test func oneLifeCountsOnceWhateverEndedIt() {
        var record = ReturnRecord()
        record.noteSelfFence(number(1), at: 100)
        record.noteUncleanEnd(number(1), at: 160)
        record.noteSelfFence(number(1), at: 170)
        #expect(record.ends.count == 1)
        #expect(record.selfFencesInRow == 1)
        record.noteUncleanEnd(number(2), at: 200)
        record.noteSelfFence(number(2), at: 210)
        #expect(record.ends.map(\.didFenceItself) == [true, true])
        #expect(record.selfFencesInRow == 2)
    }

    @Test func aLimitOfZeroTurnsTheBreakerOff() {
        var record = ReturnRecord()
        for life in 1...50 { record.noteSelfFence(number(UInt32(life)), at: 100) }
        let off = ReturnPolicy(removalLimit: 0, selfFenceLimit: 0)
        #expect(off.decide(&record, wallSeconds: 100).holdOut == nil)
    }

    @Test func aClockSetBackNeverLetsAFlappingHostInEarly() {
        var record = ReturnRecord()
        for life in 1...3 { record.noteUncleanEnd(number(UInt32(life)), at: 1_000_000) }
        #expect(policy.decide(&record, wallSeconds: 1_000_000).holdOut == .flapping)
        #expect(policy.decide(&record, wallSeconds: 500).holdOut == .flapping)
    }

    @Test func theRecordSurvivesItsFile() throws {
        var record = ReturnRecord()
        #expect(ReturnRecord(pairs: [:]) == nil)
        record.noteSelfFence(number(7), at: 1_769_860_700)
        record.noteUncleanEnd(number(8), at: 1_769_860_790)
        record.heldOut = ReturnRecord.HeldOut(isBootLoop: true, sinceWallSeconds: 1_769_860_800)
        let pairs = Dictionary(uniqueKeysWithValues: record.pairs.map { ($0.key, $0.value) })
        #expect(pairs["ends"] == "7:1769860700:fenced 8:1769860790:unclean")
        #expect(ReturnRecord(pairs: pairs) == record)
        for broken in ["7", "7:x:fenced", "7:1:lost", "7:1:fenced:2"] {
            #expect(ReturnRecord(pairs: ["row": "0", "ends": broken]) == nil)
        }
        #expect(ReturnRecord(pairs: ["row": "-1"]) == nil)
        #expect(ReturnRecord(pairs: ["row": "0", "held-out": "boot-loop"]) == nil)
    }

    @Test func theRecordStaysSmall() {
        var record = ReturnRecord()
        for life in 1...1000 { record.noteUncleanEnd(number(UInt32(life)), at: Int64(life)) }
        #expect(record.ends.count == ReturnRecord.limit)
        #expect(record.ends.last?.number == number(1000))
    }
}
