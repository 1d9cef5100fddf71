import ByteFormat
import LivesetEngine
import PoolModel
import Testing

@testable import FlightFormat

@Suite("Files of flight recordings")
struct FileTests {
    private static let head = FlightHead(
        reason: .selfFence,
        own: HostIndex(1),
        hostNames: ["lab1", "lab2"],
        product: "0.1",
        savedAtUnixNanoseconds: 0x0102_0304_0506_0708,
        savedAt: MonotonicInstant(nanoseconds: 9)
    )

    private static func engine(hostCount: Int = 2) -> Engine {
        Engine(
            settings: EngineSettings(
                own: HostIndex(1),
                hostCount: hostCount,
                timing: Timing(.fast),
                largestD: .seconds(12)
            ),
            start: EngineStart(boot: BootID(5), nonce: RunNonce(6), persisted: nil),
            now: MonotonicInstant(nanoseconds: 1_000_000_000)
        )
    }

    /// A recording of an engine that begins and ticks; `hostCount` 2.
    private static func recording(segments: Int = 1) -> [UInt8] {
        var engine = engine()
        var orders = Orders(own: HostIndex(1))
        var hash = OrderHash(rowCount: 2)
        var file = FlightFile.encode(head)
        var now = MonotonicInstant(nanoseconds: 1_000_000_000)
        for number in 1...segments {
            var bench = BodyBench(hostCount: 2)
            var words = StateWords(rowCount: 2)
            bench.write {
                FlightCheckpoint.encode(&engine, words: &words, writer: &$1, to: &$2); _ = $0
            }
            let begun = now
            for place in 0..<20 {
                let instant = now
                if number == 1 && place == 0 {
                    bench.write { $0.writeBegin(instant, &$1, to: &$2) }
                    engine.begin(now: now, into: &orders)
                } else {
                    bench.write { $0.writeTick(instant, &$1, to: &$2) }
                    engine.tick(now: now, into: &orders)
                }
                if !orders.list.isEmpty {
                    let value = hash.of(orders)
                    bench.write {
                        FlightEncoder.write(orders: value, &$1, to: &$2); _ = $0
                    }
                }
                orders.removeAll()
                now = now + .milliseconds(60)
            }
            let body = bench.body
            file += FlightFile.encode(number: UInt64(number), begunAt: begun, endedAt: now, body: body.span)
        }
        return file
    }

    @Test("the head's bytes are those of docs/FORMATS.md")
    func goldenHead() throws {
        var expected: [UInt8] = Array("HFflight".utf8) + [1, 0, 1, 0, 53, 0, 0, 0]
        expected += [2, 1, 2, 3, 8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 0, 0, 0, 0, 0]
        expected += Array("0.1".utf8) + [4] + Array("lab1".utf8) + [4] + Array("lab2".utf8)
        let checksum = CRC32C.checksum(of: expected.span)
        for place in 0..<4 { expected.append(UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place))) }
        let bytes = FlightFile.encode(Self.head)
        #expect(bytes == expected)
        let file = try FlightFile(reading: bytes.span)
        #expect(file.head == Self.head)
        #expect(file.segments.isEmpty)
        #expect(file.damage == nil)
    }

    @Test("a segment's bytes are those of docs/FORMATS.md")
    func goldenSegment() throws {
        let body: [UInt8] = [0xAA, 0xBB]
        let bytes = FlightFile.encode(
            number: 3,
            begunAt: MonotonicInstant(nanoseconds: 1),
            endedAt: MonotonicInstant(nanoseconds: 2),
            body: body.span
        )
        var expected: [UInt8] = Array("HFfs".utf8) + [2, 0, 0, 0] + [3, 0, 0, 0, 0, 0, 0, 0]
        expected += [1, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0, 0, 0, 0, 0] + body
        let checksum = CRC32C.checksum(of: expected.span)
        for place in 0..<4 { expected.append(UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place))) }
        #expect(bytes == expected)
        let file = FlightFile.encode(Self.head) + bytes
        let read = try FlightFile(reading: file.span)
        let start = FlightFile.encode(Self.head).count + 32
        #expect(read.segments.map(\.number) == [3])
        #expect(read.segments.first?.body == start..<start + 2)
    }

    @Test("a recording plays, segment after segment, with the same decisions and the same state")
    func plays() throws {
        let bytes = Self.recording(segments: 3)
        let file = try FlightFile(reading: bytes.span)
        #expect(file.segments.map(\.number) == [1, 2, 3])
        var ended: UInt64?
        for segment in file.segments {
            var player = try FlightPlayer(segment.body, of: bytes.span, hostCount: 2)
            if let ended { #expect(player.stateHash() == ended) }
            var count = 0
            while let step = try player.next(in: bytes.span) {
                count += 1
                #expect(step.verdict == .same || count == 20 && step.verdict == .unknown)
            }
            #expect(count == 20)
            ended = player.stateHash()
        }
    }

    @Test("a bit that is flipped anywhere is noticed")
    func flippedBits() throws {
        let whole = Self.recording()
        let head = FlightFile.encode(Self.head).count
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 1 << UInt8(index % 8)
            if index < head {
                #expect(throws: FlightDamage.self) { try FlightFile(reading: bytes.span) }
            } else {
                let file = try FlightFile(reading: bytes.span)
                #expect(file.damage != nil, "byte \(index)")
                #expect(file.segments.isEmpty)
            }
        }
    }

    @Test("of a recording that is cut short the whole segments are read")
    func cutShort() throws {
        let whole = Self.recording(segments: 2)
        let first = try FlightFile(reading: whole.span).segments[0].body.upperBound + 4
        for count in stride(from: 0, through: whole.count - 1, by: 7) {
            let bytes = Array(whole.prefix(count))
            guard let file = try? FlightFile(reading: bytes.span) else { continue }
            #expect(file.segments.count == (count >= first ? 1 : 0))
            #expect(file.damage != nil || count == first || count == FlightFile.encode(Self.head).count)
        }
    }

    @Test("one damaged segment does not take the others")
    func damagedSegment() throws {
        var bytes = Self.recording(segments: 3)
        let middle = try FlightFile(reading: bytes.span).segments[1].body
        bytes[middle.lowerBound + 9] ^= 0x10
        let file = try FlightFile(reading: bytes.span)
        #expect(file.segments.map(\.number) == [1, 3])
        #expect(file.damage == .wrongChecksum("segment 2"))
    }

    @Test("another version's recording is told as such")
    func otherVersions() throws {
        var bytes = FlightFile.encode(Self.head)
        bytes[10] = 2
        #expect(throws: FlightDamage.newerFormat(version: 1)) { try FlightFile(reading: bytes.span) }
        #expect(throws: FlightDamage.noRecording) { try FlightFile(reading: [1, 2, 3].span) }
        // The state of an engine for three hosts, read as one for two.
        var engine = Self.engine(hostCount: 3)
        var words = StateWords(rowCount: 3)
        var bench = BodyBench(hostCount: 3)
        bench.write {
            FlightCheckpoint.encode(&engine, words: &words, writer: &$1, to: &$2); _ = $0
        }
        let body = bench.body
        var reader = ByteReader(0..<body.count)
        do throws(FlightDamage) {
            _ = try FlightCheckpoint.decode(rowCount: 2, reader: &reader, from: body.span)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)" == "the settings of an engine has no meaning although its checksum fits")
        }
    }
}
