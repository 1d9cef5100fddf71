import ByteFormat
import PoolModel
import StatefileLayout
import Testing

@Suite("Pool records")
struct PoolRecordTests {
    private func encode(
        _ bench: inout Bench,
        _ heading: PoolRecordHeading,
        copy: Int,
        payload: [UInt8]
    ) throws(PoolRecordTooLarge) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: bench.codec.geometry.poolCopyBytes)
        var span = bytes.mutableSpan
        let written = try bench.codec.encode(
            heading,
            copy: copy,
            payload: payload.span,
            into: &span,
            authenticator: &bench.authenticator
        )
        #expect(written == bench.codec.poolRecordBytes(payloadBytes: payload.count))
        #expect(written % bench.codec.geometry.blockBytes == 0)
        return Array(bytes[0..<written])
    }

    @Test("a pool record of any length is read back, and its first block tells how much there is to read")
    func roundTrip() throws {
        var bench = try Bench(hostCount: 3)
        var random = SeededGenerator(seed: 40)
        for length in [0, 1, 3996, 3997, 10_000, bench.codec.poolPayloadLimit] {
            let payload = random.bytes(length)
            let heading = PoolRecordHeading(
                writer: HostIndex(2),
                epoch: Epoch(random.next()),
                sequence: random.next(),
                payloadBytes: length
            )
            let bytes = try encode(&bench, heading, copy: 3, payload: payload)
            #expect(bench.codec.poolRecordBytes(firstBlock: bytes.span.extracting(0..<4096)) == bytes.count)
            let reading = bench.codec.decodePoolRecord(
                bytes.span,
                of: HostIndex(2),
                copy: 3,
                authenticator: &bench.authenticator
            )
            #expect(reading == .valid(heading, payload: 64..<64 + length))
            #expect(Array(bytes[64..<64 + length]) == payload)
            for (row, copy) in [(1, 3), (2, 2)] {
                let moved = bench.codec.decodePoolRecord(
                    bytes.span,
                    of: HostIndex(row),
                    copy: copy,
                    authenticator: &bench.authenticator
                )
                #expect(moved == .rejected(.wrongOwner))
            }
        }
    }

    @Test("a record that does not fit is refused with both figures")
    func tooLarge() throws {
        var bench = try Bench(hostCount: 3)
        let limit = bench.codec.poolPayloadLimit
        #expect(limit == (1 << 20) - 100)
        let heading = PoolRecordHeading(
            writer: HostIndex(0),
            epoch: .zero,
            sequence: 1,
            payloadBytes: limit + 1
        )
        do throws(PoolRecordTooLarge) {
            _ = try encode(&bench, heading, copy: 0, payload: [UInt8](repeating: 0, count: limit + 1))
            Issue.record("a record above the limit was encoded")
        } catch {
            #expect(error.payloadBytes == limit + 1)
            #expect(error.limitBytes == limit)
        }
        let small = try Bench(hostCount: 12, deviceBytes: 266_240)
        #expect(small.codec.poolPayloadLimit == 0)
    }

    @Test("the record of the higher epoch counts, then the higher sequence, whoever wrote it")
    func order() {
        func heading(_ row: Int, _ epoch: UInt64, _ sequence: UInt64) -> PoolRecordHeading {
            PoolRecordHeading(
                writer: HostIndex(row),
                epoch: Epoch(epoch),
                sequence: sequence,
                payloadBytes: 0
            )
        }
        #expect(heading(0, 3, 1).isNewer(than: heading(1, 2, 9)))
        #expect(heading(0, 3, 2).isNewer(than: heading(1, 3, 1)))
        #expect(!heading(0, 3, 1).isNewer(than: heading(0, 3, 1)))
    }

    @Test("a record cut short, torn or with mutated bytes is never accepted and never traps")
    func fuzz() throws {
        var bench = try Bench(hostCount: 3)
        var random = SeededGenerator(seed: 41)
        let payload = random.bytes(9000)
        let heading = PoolRecordHeading(
            writer: HostIndex(0),
            epoch: Epoch(1),
            sequence: 1,
            payloadBytes: payload.count
        )
        let good = try encode(&bench, heading, copy: 0, payload: payload)
        for round in 0..<300 {
            var bytes = good
            let place = Int(random.next() % UInt64(good.count))
            if round % 2 == 0 {
                bytes[place] ^= 1 << UInt8(random.next() % 8)
            } else {
                bytes.removeLast(good.count - place)
            }
            let reading = bench.codec.decodePoolRecord(
                bytes.span,
                of: HostIndex(0),
                copy: 0,
                authenticator: &bench.authenticator
            )
            if round % 2 == 0 || place < 9100 {
                guard case .rejected = reading else {
                    Issue.record("accepted with a change at \(place)")
                    continue
                }
            }
            _ = bench.codec.poolRecordBytes(firstBlock: bytes.span)
        }
    }
}
