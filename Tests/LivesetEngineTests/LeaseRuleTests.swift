import PoolModel
import Testing

@testable import LivesetEngine

private let timing = Timing(.fast)
private func host(_ row: Int) -> HostIndex { HostIndex(row) }
private func at(_ seconds: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
}

/// Records of `echoes.count` hosts whose newest echoes answer heartbeats composed at these seconds.
private func peers(echoes: [Double?]) -> [PeerRecord] {
    echoes.enumerated().map { row, echo in
        var record = PeerRecord(host: host(row))
        if let echo { record.newestEcho = at(echo) }
        return record
    }
}

@Suite("LEASE-S, LEASE-M, LEASE-A")
struct LeaseRuleTests {
    private func vouched(
        _ members: Int,
        echoes: [Double?],
        granted: Double,
        policy: StorageLossPolicy = .stay,
        left: HostSet = HostSet()
    ) -> MonotonicInstant {
        var rule = LeaseRule()
        let all = HostSet(first: members)
        rule.follow(members: all, isStorageLost: true)
        rule.follow(members: all.subtracting(left), isStorageLost: true)
        rule.takeVouches(
            peers: peers(echoes: echoes),
            members: all.subtracting(left),
            granted: at(granted),
            policy: policy,
            timing: timing,
            now: at(10)
        )
        return rule.until
    }

    @Test("LEASE-S runs G from the issue of the round's write")
    func storage() {
        var rule = LeaseRule()
        rule.takeRound(issuedAt: at(10), grace: timing.grace)
        #expect(rule.until == at(14))
        rule.takeRound(issuedAt: at(9), grace: timing.grace)
        #expect(rule.until == at(14))
        #expect(rule.ground == .storage)
    }

    @Test("LEASE-M: of three, both peers must echo: the older echo counts")
    func vouchedOfThree() {
        #expect(vouched(3, echoes: [nil, 9, 8], granted: 9) == at(12))
        #expect(vouched(3, echoes: [nil, 9, nil], granted: 9) == .distantPast)
    }

    @Test("LEASE-M: the grant bounds the lease as well as the echoes")
    func grantBounds() {
        #expect(vouched(3, echoes: [nil, 9.5, 9.4], granted: 7) == at(11))
    }

    @Test("LEASE-M: one of two has no majority")
    func vouchedOfTwo() { #expect(vouched(2, echoes: [nil, 9], granted: 9) == .distantPast) }

    @Test("H18: hosts that left the view since storage was lost count for the majority")
    func departuresCount() {
        #expect(vouched(3, echoes: [nil, 9, nil], granted: 9, left: HostSet(host(2))) == at(13))
    }

    @Test("on-storage-loss = fence drops LEASE-M")
    func policyFence() {
        #expect(vouched(3, echoes: [nil, 9, 9], granted: 9, policy: .fence) == .distantPast)
    }

    @Test("equal echoes count each for itself")
    func equalEchoes() { #expect(vouched(5, echoes: [nil, 9, 9, 9, nil], granted: 9) == at(13)) }

    @Test("LEASE-A: the oldest of the newest echoes; too old gives nothing")
    func allLost() {
        var rule = LeaseRule()
        rule.takeAllLost(oldest: at(8), isAlone: false, now: at(10), grace: timing.grace)
        #expect(rule.until == at(12))
        #expect(rule.ground == .allLost)
        var late = LeaseRule()
        late.takeAllLost(oldest: at(5), isAlone: false, now: at(10), grace: timing.grace)
        #expect(!late.hasStarted)
    }

    @Test("H19: after LEASE-A a grant alone carries a host of two over the skewed return")
    func waived() {
        var rule = LeaseRule()
        rule.follow(members: HostSet(first: 2), isStorageLost: true)
        #expect(!rule.couldUseGrant(at: at(10), members: HostSet(first: 2), policy: .stay, timing))
        rule.takeAllLost(oldest: at(10), isAlone: false, now: at(10), grace: timing.grace)
        #expect(rule.couldUseGrant(at: at(20), members: HostSet(first: 2), policy: .stay, timing))
        rule.takeVouches(
            peers: peers(echoes: [nil, 20]),
            members: HostSet(first: 2),
            granted: at(20),
            policy: .stay,
            timing: timing,
            now: at(20)
        )
        #expect(rule.until == at(24))
        #expect(!rule.couldUseGrant(at: at(41), members: HostSet(first: 2), policy: .stay, timing))
    }
}

@Suite("echoes map to issue times")
struct SendLogTests {
    @Test("an echo counts from when its heartbeat was composed; unknown sequences map to nothing")
    func mapping() {
        var log = SendLog()
        for second in 1...300 {
            let sequence = log.record(at: at(Double(second)))
            #expect(sequence == UInt64(second))
        }
        #expect(log.issueTime(of: 300) == at(300))
        #expect(log.issueTime(of: 45) == at(45))
        #expect(log.issueTime(of: 44) == nil)
        #expect(log.issueTime(of: 301) == nil)
        #expect(log.issueTime(of: 0) == nil)
    }
}

@Suite("FAULT-3: netOK")
struct NetworkHealthTests {
    @Test("false at once, true only after 2 Tn + 2h without a break")
    func hysteresis() {
        var health = NetworkHealth(now: at(0))
        health.advance(now: at(4.9), timing: timing)
        #expect(!health.isPublishedOK)
        health.advance(now: at(5), timing: timing)
        #expect(health.isPublishedOK)
        health.observe(allUp: false, now: at(6))
        #expect(!health.isPublishedOK)
        health.observe(allUp: true, now: at(7))
        health.observe(allUp: true, now: at(9))
        health.advance(now: at(11.9), timing: timing)
        #expect(!health.isPublishedOK)
        health.advance(now: at(12), timing: timing)
        #expect(health.isPublishedOK)
    }
}
