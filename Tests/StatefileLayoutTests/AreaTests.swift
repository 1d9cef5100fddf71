import ByteFormat
import PoolModel
import StatefileLayout
import Testing

@Suite("Reading whole areas")
struct AreaTests {
    @Test("one foreign or torn row never takes the statefile from the others")
    func slots() throws {
        var bench = try Bench(hostCount: 4)
        var records = RandomRecords(seed: 20, hostCount: 4)
        let slots = (0..<4).map { records.slot(of: HostIndex($0)) }
        var area: [UInt8] = []
        for slot in slots { area += bench.bytes(of: slot) }
        area[4096 + 60] ^= 1  // row 1 torn
        area[3 * 4096..<4 * 4096] = area[2 * 4096..<3 * 4096]  // row 2 copied to row 3
        let result = RoundResult(hostCount: 4)
        var counters = RecordCounters()
        bench.codec.decodeSlots(
            area.span,
            into: result,
            counters: &counters,
            authenticator: &bench.authenticator
        )
        #expect(result.slots.map(\.verdict) == [.valid, .torn, .valid, .foreign])
        #expect(result.slots[0].slot == slots[0])
        #expect(result.slots[2].slot == slots[2])
        #expect(result.slots[2].fingerprint == result.slots[3].fingerprint)
        #expect(counters.valid == 2)
        #expect(counters[.wrongChecksum] == 1)
        #expect(counters[.wrongOwner] == 1)
    }

    @Test("any change of a slot's block changes its fingerprint, also where the slot stays torn")
    func fingerprints() throws {
        var bench = try Bench(hostCount: 1)
        var records = RandomRecords(seed: 21, hostCount: 1)
        var area = bench.bytes(of: records.slot(of: HostIndex(0)))
        let result = RoundResult(hostCount: 1)
        var counters = RecordCounters()
        var seen = Set<UInt64>()
        for offset in stride(from: 0, to: 4096, by: 97) {
            area[offset] ^= 0x40
            bench.codec.decodeSlots(
                area.span,
                into: result,
                counters: &counters,
                authenticator: &bench.authenticator
            )
            #expect(seen.insert(result.slots[0].fingerprint).inserted)
        }
    }

    @Test("the newest valid ballot record wins by run, then sequence, and torn ones only count")
    func ballots() throws {
        var bench = try Bench(hostCount: 2)
        var records = RandomRecords(seed: 22, hostCount: 2)
        func ballot(_ row: Int, run: UInt64, sequence: UInt64) -> BallotRecord {
            var ballot = records.ballot(of: HostIndex(row))
            (ballot.run, ballot.sequence) = (run, sequence)
            return ballot
        }
        let first = [
            ballot(0, run: 1, sequence: 9), ballot(0, run: 2, sequence: 3), ballot(0, run: 2, sequence: 4),
        ]
        let second = ballot(1, run: 0, sequence: 1)
        var area: [UInt8] = []
        for (subBlock, record) in first.enumerated() { area += bench.bytes(of: record, subBlock: subBlock) }
        area += [UInt8](repeating: 0, count: 4096)
        area += bench.bytes(of: second, subBlock: 0) + [UInt8](repeating: 0, count: 3 * 4096)
        let result = RoundResult(hostCount: 2)
        var counters = RecordCounters()
        #expect(
            bench.codec.decodeBallots(
                area.span,
                into: result,
                counters: &counters,
                authenticator: &bench.authenticator
            )
        )
        #expect(result.ballots.map(\.validCount) == [3, 1])
        #expect(result.ballots.map(\.newestSubBlock) == [2, 0])
        #expect(result.ballots[0].newest == first[2])
        #expect(result.ballots[1].newest == second)
        #expect(counters[.blank] == 4)

        area[2 * 4096 + 50] ^= 1
        area[4 * 4096 + 50] ^= 1
        #expect(
            !bench.codec.decodeBallots(
                area.span,
                into: result,
                counters: &counters,
                authenticator: &bench.authenticator
            )
        )
        #expect(result.ballots.map(\.validCount) == [2, 0])
        #expect(result.ballots[0].newestSubBlock == 1)
        #expect(result.ballots[0].newest == first[1])
    }
}
