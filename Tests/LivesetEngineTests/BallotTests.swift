import PoolModel
import Testing

@testable import LivesetEngine

private func host(_ row: Int) -> HostIndex { HostIndex(row) }

private func view(_ epoch: UInt64, master row: Int) -> View {
    var view = View(epoch: Epoch(epoch), state: .active)
    view.master = host(row)
    return view
}

private func reading(_ record: BallotRecord, subBlock: UInt8 = 0) -> BallotReading {
    BallotReading(validCount: 1, newestSubBlock: subBlock, newest: record)
}

private func record(
    _ row: Int,
    instance: UInt64,
    mbal: BallotNumber,
    bal: BallotNumber = .none,
    proposal: View = .zero,
    decided: View
) -> BallotRecord {
    var record = BallotRecord(formattedFor: host(row))
    record.instance = Epoch(instance)
    record.mbal = mbal
    record.bal = bal
    record.proposal = proposal
    record.decided = decided
    return record
}

/// A proposer of host 0 in phase 1 of instance 5.
private func inPhase1(above: BallotNumber = .none) -> Proposer {
    var proposer = Proposer()
    proposer.enter(Epoch(5))
    proposer.startPhase1(own: host(0), above: above)
    return proposer
}

@Suite("VIEW-1: one ballot of Disk Paxos")
struct ProposerTests {
    @Test("a ballot number is unique a host and above what was seen")
    func ballotNumbers() {
        let first = BallotNumber.none.next(for: host(3))
        #expect(first.next(for: host(0)) > first)
        #expect(first.rawValue % 64 == 3)
        #expect(first.next(for: host(3)) != first.next(for: host(2)))
    }

    @Test("phase 1 with nobody ahead is clear and free")
    func clear() {
        let proposer = inPhase1()
        let ballots = [
            reading(record(0, instance: 5, mbal: proposer.ballot, decided: view(4, master: 0))),
            reading(record(1, instance: 4, mbal: BallotNumber(9999), decided: view(4, master: 0))),
        ]
        guard case .clear(let accepted) = proposer.judge(ballots, own: host(0)) else {
            Issue.record("not clear")
            return
        }
        #expect(accepted == nil)
    }

    @Test("a value accepted by anyone must be proposed: the one of the highest ballot")
    func acceptedValue() {
        let proposer = inPhase1(above: BallotNumber(640))
        let older = BallotNumber.none.next(for: host(1))
        let newer = older.next(for: host(2))
        let ballots = [
            reading(record(0, instance: 5, mbal: proposer.ballot, decided: view(4, master: 0))),
            reading(
                record(
                    1,
                    instance: 5,
                    mbal: older,
                    bal: older,
                    proposal: view(5, master: 1),
                    decided: view(4, master: 0)
                )
            ),
            reading(
                record(
                    2,
                    instance: 5,
                    mbal: newer,
                    bal: newer,
                    proposal: view(5, master: 2),
                    decided: view(4, master: 0)
                )
            ),
        ]
        guard case .clear(let accepted) = proposer.judge(ballots, own: host(0)) else {
            Issue.record("not clear")
            return
        }
        #expect(accepted?.master == host(2))
    }

    @Test("a higher ballot of this instance wins; of an index outside the view as well")
    func overtaken() {
        let proposer = inPhase1()
        let higher = proposer.ballot.next(for: host(9))
        var ballots = (0..<10).map {
            reading(record($0, instance: 0, mbal: .none, decided: view(4, master: 0)))
        }
        ballots[9] = reading(record(9, instance: 5, mbal: higher, decided: view(4, master: 0)))
        guard case .overtaken(let seen) = proposer.judge(ballots, own: host(0)) else {
            Issue.record("not overtaken")
            return
        }
        #expect(seen == higher)
    }

    @Test("a decided view of this instance or later ends the ballot")
    func decidedElsewhere() {
        let proposer = inPhase1()
        let ballots = [reading(record(1, instance: 5, mbal: .none, decided: view(5, master: 1)))]
        guard case .decidedElsewhere = proposer.judge(ballots, own: host(0)) else {
            Issue.record("not noticed")
            return
        }
    }

    @Test("phase 2 writes bal and value on the newest own record, with the decided view in the same block")
    func phaseTwoRecord() {
        var proposer = inPhase1()
        proposer.startPhase2(view(5, master: 1))
        let old = record(
            0,
            instance: 3,
            mbal: BallotNumber(77),
            bal: BallotNumber(77),
            decided: view(3, master: 0)
        )
        let next = proposer.record(over: old, decided: view(4, master: 0))
        #expect(next?.instance == Epoch(5))
        #expect(next?.bal == proposer.ballot)
        #expect(next?.mbal == proposer.ballot)
        #expect(next?.proposal.master == host(1))
        #expect(next?.decided.epoch == Epoch(4))
    }

    @Test("entering a new instance forgets the ballot accepted in the former one")
    func newInstance() {
        let proposer = inPhase1()
        let old = record(
            0,
            instance: 4,
            mbal: BallotNumber(640),
            bal: BallotNumber(640),
            decided: view(4, master: 0)
        )
        let next = proposer.record(over: old, decided: view(4, master: 0))
        #expect(next?.bal == BallotNumber.none)
        #expect(next?.mbal == proposer.ballot)
    }

    @Test("VIEW-2a: a decided value is unpublished until it is known to be on the medium")
    func unpublished() {
        var proposer = inPhase1()
        proposer.startPhase2(view(5, master: 1))
        #expect(!proposer.isDecidedUnpublished)
        proposer.startPublishing()
        #expect(proposer.isDecidedUnpublished)
        #expect(
            proposer.record(
                over: record(0, instance: 5, mbal: .none, decided: view(4, master: 0)),
                decided: view(4, master: 0)
            )?
            .decided.epoch == Epoch(5)
        )
    }
}

@Suite("VIEW-3: ballot records rotate")
struct BallotBookTests {
    private func prepared(_ book: inout BallotBook, unsettled: UInt8 = 0) -> BallotWrite? {
        book.prepare(book.record, unsettled: unsettled)
    }

    private func certainBook(subBlock: UInt8) -> BallotBook {
        var book = BallotBook(owner: host(0))
        book.read(reading(BallotRecord(formattedFor: host(0)), subBlock: subBlock))
        return book
    }

    @Test("nothing is written before the own block was read")
    func uncertain() {
        var book = BallotBook(owner: host(0))
        #expect(prepared(&book) == nil)
    }

    @Test("the sub-block of the newest record is never the one overwritten", arguments: [UInt8(0), 1, 2, 3])
    func neverTheNewest(subBlock: UInt8) {
        var book = certainBook(subBlock: subBlock)
        for _ in 0..<20 {
            let before = book.subBlock
            let write = book.prepare(book.record, unsettled: 0)
            #expect(write != nil)
            #expect(write?.subBlock != before)
            let isWritten = book.finish(.succeeded)
            #expect(isWritten)
        }
    }

    @Test("a sub-block with a write that may still land is left alone; with all of them nothing is written")
    func unsettled() {
        var book = certainBook(subBlock: 0)
        #expect(prepared(&book, unsettled: 0b0110)?.subBlock == 3)
        _ = book.finish(.succeeded)
        #expect(prepared(&book, unsettled: 0b0111) == nil)
    }

    @Test(
        "after a write of unknown outcome the own block is read before the next one, with a higher sequence"
    )
    func unknownOutcome() {
        var book = certainBook(subBlock: 0)
        let lost = book.prepare(book.record, unsettled: 0)
        let isWritten = book.finish(.unknown)
        #expect(!isWritten)
        #expect(prepared(&book) == nil)
        book.read(reading(BallotRecord(formattedFor: host(0)), subBlock: 0))
        let next = book.prepare(book.record, unsettled: 0b0010)
        #expect(next?.subBlock == 2)
        #expect((next?.record.sequence ?? 0) > (lost?.record.sequence ?? 0))
    }
}
