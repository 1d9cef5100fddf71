import PoolModel
import Testing

@testable import LivesetEngine

private let timing = Timing(.fast)
private func host(_ row: Int) -> HostIndex { HostIndex(row) }
private func at(_ seconds: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
}
private func life(_ number: UInt32, boot: UInt128 = 1, nonce: UInt64 = 1) -> Incarnation {
    Incarnation(number: IncarnationNumber(number), boot: BootID(boot), nonce: RunNonce(nonce))
}
private func slot(
    _ row: Int,
    _ life: Incarnation,
    sequence: UInt64,
    phase: HostPhase = .member,
    epoch: UInt64 = 1
) -> Slot {
    var slot = Slot(emptyFor: host(row))
    slot.incarnation = life
    slot.sequence = sequence
    slot.phase = phase
    slot.epoch = Epoch(epoch)
    slot.certainlyDead = timing.certainlyDead
    slot.grace = timing.grace
    return slot
}
private func seen(
    _ record: inout PeerRecord,
    _ slot: Slot,
    _ seconds: Double,
    verdict: SlotReading.Verdict = .valid
) -> Bool {
    let reading = SlotReading(
        verdict: verdict,
        fingerprint: slot.sequence &* 31 &+ UInt64(slot.incarnation.number.rawValue),
        slot: slot
    )
    return record.observe(reading, at: at(seconds), timing)
}

private func met(_ record: inout PeerRecord, _ life: Incarnation) -> Bool { record.meet(life) }

@Suite("what counts as news of a host")
struct PeerRecordTests {
    @Test("INC-1: a slot of a lower number is no news, but counts for E")
    func lowerNumber() {
        var record = PeerRecord(host: host(1))
        _ = seen(&record, slot(1, life(5), sequence: 10), 1)
        #expect(seen(&record, slot(1, life(5), sequence: 11), 2))
        #expect(!seen(&record, slot(1, life(4), sequence: 99), 3))
        #expect(record.freshAt == at(2))
        #expect(record.seenAt == at(3))
        #expect(record.newest.number == IncarnationNumber(5))
    }

    @Test("H4: a slot that goes back is news for E only")
    func goesBack() {
        var record = PeerRecord(host: host(1))
        _ = seen(&record, slot(1, life(5), sequence: 10), 1)
        _ = seen(&record, slot(1, life(5), sequence: 11), 2)
        #expect(!seen(&record, slot(1, life(5), sequence: 10), 3))
        #expect(record.seenAt == at(3))
        #expect(record.freshAt == at(2))
    }

    @Test("a torn slot is news for E only, and leaves the last valid one standing")
    func torn() {
        var record = PeerRecord(host: host(1))
        _ = seen(&record, slot(1, life(5), sequence: 10), 1)
        #expect(!seen(&record, slot(1, life(5), sequence: 12), 4, verdict: .torn))
        #expect(record.seenAt == at(4))
        #expect(record.slot.sequence == 10)
        #expect(
            CertificateRule.bound(record, number: IncarnationNumber(5), largestD: .seconds(75))
                == .seconds(75)
        )
    }

    @Test("the first look at a row does not make its host storage-live")
    func firstLook() {
        var record = PeerRecord(host: host(1))
        _ = seen(&record, slot(1, life(5), sequence: 10), 1)
        #expect(record.freshAt == .distantPast)
        #expect(record.seenAt == at(1))
    }
}

@Suite("DEAD-1 to DEAD-5: certificates")
struct CertificateRuleTests {
    private let certifier = CertificateRule.Certifier(
        startedAt: at(0),
        adoptedFirstAt: at(1),
        gapEndedAt: at(2)
    )

    private func evidence(
        _ peers: [PeerRecord],
        _ book: DepartureBook,
        certifier: CertificateRule.Certifier? = nil,
        repeats: Bool = false
    ) -> MonotonicInstant {
        CertificateRule.evidence(
            against: host(1),
            peers: peers,
            own: host(0),
            departures: book,
            certifier: certifier ?? self.certifier,
            pathMayRepeatWrites: repeats,
            largestD: timing.certainlyDead
        )
    }

    /// Host 1 silent since 10 s; host 2 in the new epoch since 12 s with no promise.
    private func situation() -> ([PeerRecord], DepartureBook) {
        var peers = (0..<3).map { PeerRecord(host: host($0)) }
        _ = seen(&peers[1], slot(1, life(5), sequence: 10), 9)
        _ = seen(&peers[1], slot(1, life(5), sequence: 11), 10)
        var book = DepartureBook(hostCount: 3)
        _ = seen(&peers[2], slot(2, life(7), sequence: 4, epoch: 2), 12)
        book.note(host(2), peers[2], removed: host(1), removedIn: Epoch(2))
        return (peers, book)
    }

    @Test("(a): from the first sight of the slot as it stands")
    func slotSight() {
        let (peers, book) = situation()
        #expect(evidence(peers, book) == at(10))
    }

    @Test("H3: the certifier's own start and first adoption count")
    func ownStart() {
        let (peers, book) = situation()
        var late = certifier
        late.adoptedFirstAt = at(30)
        #expect(evidence(peers, book, certifier: late) == at(30))
        late.startedAt = at(31)
        #expect(evidence(peers, book, certifier: late) == at(31))
    }

    @Test("the end of the last gap between good rounds counts")
    func gap() {
        let (peers, book) = situation()
        var late = certifier
        late.gapEndedAt = at(15)
        #expect(evidence(peers, book, certifier: late) == at(15))
    }

    @Test("(b): the own newest grant or all-lost echo counts")
    func ownPromise() {
        var peers: [PeerRecord]
        let book: DepartureBook
        (peers, book) = situation()
        peers[1].promisedAt = at(20)
        #expect(evidence(peers, book) == at(20))
    }

    @Test(
        "H2: every other host counts, its vouch seen or not: its slot's standing plus G, until it shows the new epoch"
    )
    func otherVoucher() {
        var (peers, book) = situation()
        book.forget(host(1))
        #expect(evidence(peers, book) == at(12) + timing.graceOnOtherClocks)
        var promised = slot(2, life(7), sequence: 5, epoch: 2)
        promised.grantAges[host(1)] = GrantAge(milliseconds: 500)
        _ = seen(&peers[2], promised, 13)
        book.note(host(2), peers[2], removed: host(1), removedIn: Epoch(2))
        #expect(evidence(peers, book) == at(12.5))
        // Only the first sight counts.
        _ = seen(&peers[2], slot(2, life(7), sequence: 6, epoch: 3), 40)
        book.note(host(2), peers[2], removed: host(1), removedIn: Epoch(2))
        #expect(evidence(peers, book) == at(12.5))
    }

    @Test("a host whose row was never read keeps everyone waiting")
    func unreadRow() {
        var (peers, book) = situation()
        peers[2] = PeerRecord(host: host(2))
        book.forget(host(1))
        #expect(evidence(peers, book) == .distantFuture)
    }

    @Test("a joining run has promised nothing since it was first seen")
    func joiningRun() {
        var (peers, book) = situation()
        book.forget(host(1))
        for step in 0..<5 {
            _ = seen(
                &peers[2],
                slot(2, life(8), sequence: UInt64(step), phase: .joining, epoch: 0),
                14 + Double(step)
            )
        }
        #expect(evidence(peers, book) == at(14))
    }

    @Test("a path that may repeat writes: not before the removal was learnt")
    func repeatingPath() {
        var (peers, book) = situation()
        peers[1].removalLearntAt = at(16)
        #expect(evidence(peers, book, repeats: true) == at(16))
        #expect(evidence(peers, book) == at(10))
    }

    @Test("DEAD-2: a tombstone certifies the life that it names, and no other")
    func tombstone() {
        var record = PeerRecord(host: host(1))
        #expect(met(&record, life(5, nonce: 1)))
        record.tombstone = life(5, nonce: 1)
        #expect(CertificateRule.immediate(record, number: IncarnationNumber(5)) == .tombstone)
        #expect(CertificateRule.immediate(record, number: IncarnationNumber(4)) == .newBoot)
        #expect(met(&record, life(5, nonce: 2)))
        #expect(CertificateRule.immediate(record, number: IncarnationNumber(5)) == nil)
    }

    @Test("H6, DEAD-3: only a higher number is a new boot")
    func newBoot() {
        var record = PeerRecord(host: host(1))
        #expect(met(&record, life(5, boot: 1)))
        #expect(!met(&record, life(4, boot: 2)))
        #expect(CertificateRule.immediate(record, number: IncarnationNumber(5)) == nil)
        #expect(met(&record, life(6, boot: 2)))
        #expect(CertificateRule.immediate(record, number: IncarnationNumber(5)) == .newBoot)
    }

    @Test("DEAD-4, DEAD-5: for the number that was confirmed only")
    func confirmed() {
        var record = PeerRecord(host: host(1))
        #expect(met(&record, life(5)))
        record.confirmed = IncarnationNumber(5)
        record.confirmedBy = .operatorConfirmed
        #expect(CertificateRule.immediate(record, number: IncarnationNumber(5)) == .operatorConfirmed)
        #expect(CertificateRule.immediate(record, number: IncarnationNumber(6)) == nil)
    }

    @Test("D is the largest that the incarnation ever published")
    func largestD() {
        var record = PeerRecord(host: host(1))
        var large = slot(1, life(5), sequence: 1)
        large.certainlyDead = .seconds(40)
        _ = seen(&record, large, 1)
        _ = seen(&record, slot(1, life(5), sequence: 2), 2)
        #expect(
            CertificateRule.bound(record, number: IncarnationNumber(5), largestD: .seconds(75))
                == .seconds(40)
        )
        _ = seen(&record, slot(1, life(6), sequence: 1), 3)
        #expect(
            CertificateRule.bound(record, number: IncarnationNumber(6), largestD: .seconds(75))
                == timing.certainlyDead
        )
    }
}
