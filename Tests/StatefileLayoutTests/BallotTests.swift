import ByteFormat
import PoolModel
import StatefileLayout
import Testing

@Suite("Ballot records")
struct BallotTests {
    @Test("a ballot record is read back as it was written", arguments: [1, 3, 16, 64])
    func roundTrip(hostCount: Int) throws {
        for block in [512, 4096] {
            var bench = try Bench(hostCount: hostCount, blockBytes: block)
            var records = RandomRecords(seed: UInt64(hostCount), hostCount: hostCount)
            for subBlock in 0..<4 {
                let owner = records.host()
                let ballot = records.ballot(of: owner)
                var read = records.ballot(of: records.host())
                let bytes = bench.bytes(of: ballot, subBlock: subBlock)
                #expect(bench.decode(bytes, of: owner.row, subBlock: subBlock, into: &read) == nil)
                #expect(read == ballot)
                #expect(
                    bench.decode(bytes, of: owner.row, subBlock: (subBlock + 1) % 4, into: &read)
                        == .wrongOwner
                )
            }
        }
    }

    @Test("the bytes of a ballot record are those of docs/FORMATS.md")
    func goldenBytes() throws {
        var bench = try Bench(hostCount: 2, blockBytes: 512)
        var ballot = BallotRecord(formattedFor: HostIndex(1))
        (ballot.run, ballot.sequence, ballot.instance) = (2, 3, Epoch(4))
        (ballot.mbal, ballot.bal) = (BallotNumber(65), BallotNumber(1))
        ballot.proposal = View(epoch: Epoch(4), state: .active)
        ballot.proposal.master = HostIndex(1)
        ballot.proposal.configurationEpoch = 5
        ballot.proposal.entries[HostIndex(0)] = ViewEntry(
            number: IncarnationNumber(6),
            standing: .removed,
            reason: .partitioned,
            removedIn: Epoch(4)
        )
        ballot.proposal.entries[HostIndex(1)].number = IncarnationNumber(7)
        ballot.proposal.entries[HostIndex(1)].standing = .member
        let bytes = bench.bytes(of: ballot, subBlock: 3)
        let body: [UInt8] =
            [2, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0, 0, 0, 0, 0] + [3, 0, 0, 0, 0, 0, 0, 0] + [
                4, 0, 0, 0, 0, 0, 0, 0,
            ]
            + [65, 0, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 0, 0]
            + [4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, 0, 2, 1]
            + [6, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0x22] + [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01]
            + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 255] + [UInt8](repeating: 0, count: 26)
        #expect(Array(bytes[0..<8]) == Array("HFbl".utf8) + [1, 0, 1, 0])
        #expect(Array(bytes[24..<32]) == [200, 0, 0, 0, 1, 3, 0, 0])
        #expect(Array(bytes[32..<164]) == body)
        #expect(sealed(bytes, &bench.authenticator) == bytes)
    }

    @Test("a ballot that holds a meaningless value is refused although it is authentic")
    func wrongContent() throws {
        var bench = try Bench(hostCount: 3)
        var records = RandomRecords(seed: 4, hostCount: 3)
        let good = bench.bytes(of: records.ballot(of: HostIndex(0)), subBlock: 0)
        // host count; state and master of the proposal, standing and reason of its first row; state of the
        // decided view
        for (offset, value) in [(32, 4), (94, 0), (94, 4), (95, 3), (108, 0x03), (108, 0x81), (149, 9)]
            as [(Int, UInt8)]
        {
            var bytes = good
            bytes[offset] = value
            var read = BallotRecord(formattedFor: HostIndex(0))
            let rejection = bench.decode(
                sealed(bytes, &bench.authenticator),
                of: 0,
                subBlock: 0,
                into: &read
            )
            #expect(rejection == .wrongContent, "offset \(offset)")
        }
    }

    @Test("random and mutated bytes never trap, and a flip of any one bit is never accepted")
    func fuzz() throws {
        var bench = try Bench(hostCount: 3, blockBytes: 512)
        var records = RandomRecords(seed: 12, hostCount: 3)
        var read = BallotRecord(formattedFor: HostIndex(0))
        var bytes = bench.bytes(of: records.ballot(of: HostIndex(2)), subBlock: 1)
        for bit in 0..<bytes.count * 8 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(bench.decode(bytes, of: 2, subBlock: 1, into: &read) != nil)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        for _ in 0..<2000 {
            var mutated = bytes
            for _ in 0...records.random.next() % 8 {
                mutated[32 + Int(records.random.next() % 168)] = records.random.next()
            }
            mutated[24..<28] = bytes[24..<28]
            _ = bench.decode(sealed(mutated, &bench.authenticator), of: 2, subBlock: 1, into: &read)
        }
    }
}
