import PoolModel
import Testing

@testable import LivesetEngine

@Suite("Grants and all-lost echoes ([LEASE-M], [LEASE-A], [DEAD-1] (c))")
struct GrantRuleTests {
    private let sound = GrantRule.Giver(
        isMember: true,
        isStorageLive: true,
        hasNewestView: true,
        isQuarantineOver: true,
        hadGoodAfterQuarantine: true
    )

    private var asking: PeerRecord {
        var record = PeerRecord(host: HostIndex(1))
        record.newest = Incarnation(number: IncarnationNumber(3), boot: BootID(1), nonce: RunNonce(1))
        record.isRoundOld = true
        record.wantsGrant = true
        record.heartbeatEpoch = Epoch(4)
        (record.lastSequence, record.grantedSequence) = (8, 7)
        return record
    }

    private func isDeserved(_ record: PeerRecord, vouched: UInt32 = 3, underWay: UInt32? = nil) -> Bool {
        GrantRule.isDeserved(
            record,
            in: Epoch(4),
            vouched: IncarnationNumber(vouched),
            underWay: underWay.map(IncarnationNumber.init)
        )
    }

    @Test("who has its storage grants, who has lost it says all-lost, and never both")
    func storageDecides() {
        #expect(sound.mayGrant)
        #expect(!sound.maySayAllLost)
        var lost = sound
        lost.isStorageLive = false
        #expect(!lost.mayGrant)
        #expect(lost.maySayAllLost)
    }

    @Test("nobody promises who is no member, knows a newer view, or may still be written over")
    func giversAreSound() {
        for path in [\GrantRule.Giver.isMember, \.hasNewestView] {
            var giver = sound
            giver[keyPath: path] = false
            #expect(!giver.mayGrant)
            giver.isStorageLive = false
            #expect(!giver.maySayAllLost)
        }
        var giver = sound
        giver.isQuarantineOver = false
        #expect(!giver.mayGrant)
        giver = sound
        giver.isStorageLive = false
        giver.hadGoodAfterQuarantine = false
        #expect(!giver.maySayAllLost)
    }

    @Test("a grant answers a new sequence of a host that asks, in the same epoch, with the vouch on disk")
    func receiversDeserve() {
        #expect(isDeserved(asking))
        var record = asking
        record.grantedSequence = 8
        #expect(!isDeserved(record))
        record = asking
        record.wantsGrant = false
        #expect(!isDeserved(record))
        record = asking
        record.heartbeatEpoch = Epoch(3)
        #expect(!isDeserved(record))
        #expect(!isDeserved(asking, vouched: 2))
        #expect(!isDeserved(asking, underWay: 0))
        #expect(isDeserved(asking, underWay: 3))
    }

    @Test("a slot states the age of the newest promise or of the run's start; none only after the largest D")
    func agesAreStated() {
        let now = MonotonicInstant(nanoseconds: 100_000_000_000)
        func age(promised: Double, started: Double) -> GrantAge {
            GrantRule.statedAge(
                promisedAt: now - .seconds(promised),
                startedAt: now - .seconds(started),
                largestD: .seconds(10),
                now: now
            )
        }
        #expect(age(promised: 2, started: 5) == GrantAge(milliseconds: 2000))
        #expect(age(promised: 9, started: 5) == GrantAge(milliseconds: 5000))
        #expect(age(promised: 10.005, started: 50) == GrantAge(milliseconds: 10_005))
        #expect(age(promised: 10.02, started: 50) == .none)
    }
}
