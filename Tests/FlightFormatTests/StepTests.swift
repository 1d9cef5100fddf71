import ByteFormat
import LivesetEngine
import PoolModel
import Testing

@testable import FlightFormat

@Suite("Steps of a flight recording")
struct StepTests {
    private static func instant(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
    }

    @Test("words are read back as they were written, whatever was predicted", arguments: 1...50)
    func wordsRoundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int(random.next() % 400)
        let words = (0..<count).map { _ in random.next() % 3 == 0 ? random.next() : 0 }
        let guesses = words.map { random.next() % 2 == 0 ? $0 : random.next() >> (random.next() % 64) }
        var bytes = [UInt8](repeating: 0, count: WordDelta.largestBytes(wordCount: count))
        var span = bytes.mutableSpan
        var writer = ByteWriter()
        WordDelta.encode(words, writer: &writer, to: &span) { index, before in
            index % 2 == 0 ? guesses[index] : before
        }
        var reader = ByteReader(0..<writer.offset)
        var read = [UInt64](repeating: 7, count: count)
        let isWhole = WordDelta.decode(into: &read, reader: &reader, from: bytes.span) { index, before in
            index % 2 == 0 ? guesses[index] : before
        }
        #expect(isWhole)
        #expect(read == words)
        #expect(reader.remaining == 0)
    }

    @Test("heartbeats and rounds of any content are read back as they were", arguments: [1, 3, 16, 64])
    func recordsRoundTrip(hostCount: Int) throws {
        var random = RandomSteps(seed: UInt64(hostCount), hostCount: hostCount)
        var bench = BodyBench(hostCount: hostCount)
        var heartbeats: [[UInt64]] = []
        var rounds: [[UInt64]] = []
        for place in 0..<12 {
            let now = Self.instant(1000 + Double(place))
            let heartbeat = random.heartbeat()
            let round = random.round()
            heartbeats.append(words(of: heartbeat, hostCount: hostCount))
            rounds.append(Self.roundWords(round, hostCount: hostCount))
            bench.write { $0.write(heartbeat, now, &$1, to: &$2) }
            bench.write { $0.write(round, now, &$1, to: &$2) }
        }
        var readHeartbeats: [[UInt64]] = []
        var readRounds: [[UInt64]] = []
        for entry in try bench.entries(hostCount: hostCount) {
            switch entry.step {
            case .heartbeat(let heartbeat): readHeartbeats.append(words(of: heartbeat, hostCount: hostCount))
            case .round(let round):
                let result = RoundResult(hostCount: hostCount)
                round.put(into: result)
                readRounds.append(Self.roundWords(result, hostCount: hostCount))
            default: Issue.record("\(entry.step) was not written")
            }
        }
        #expect(readHeartbeats == heartbeats)
        #expect(readRounds == rounds)
    }

    private static func roundWords(_ round: RoundResult, hostCount: Int) -> [UInt64] {
        var words = StateWords(rowCount: hostCount)
        words.takeOut(RoundFacts(round))
        if round.slotsRead { for reading in round.slots { words.takeOut(reading) } }
        if round.ballotsRead { for reading in round.ballots { words.takeOut(reading) } }
        return words.list
    }

    @Test("a counter that moves on by as much as before takes no room")
    func regularRecordsAreShort() throws {
        var heartbeat = Heartbeat(
            sender: HostIndex(1),
            incarnation: Incarnation(number: IncarnationNumber(4), boot: BootID(9), nonce: RunNonce(77))
        )
        var bench = BodyBench(hostCount: 64)
        var before = 0
        for place in 0..<5 {
            heartbeat.sequence += 1
            for row in 0..<64 { heartbeat.echoes[HostIndex(row)].sequence += 1 }
            before = bench.writer.offset
            let (copy, now) = (heartbeat, Self.instant(1000 + Double(place)))
            bench.write { $0.write(copy, now, &$1, to: &$2) }
        }
        // Code, time, row, and no word that differs.
        #expect(bench.writer.offset - before == 1 + 5 + 1 + 1)
    }

    @Test("small steps are read back as they were")
    func smallStepsRoundTrip() throws {
        var bench = BodyBench(hostCount: 3)
        let now = Self.instant(5)
        let record = PersistedIncarnation(
            boot: BootID(1 << 100 | 5),
            number: IncarnationNumber(3),
            mark: .held
        )
        let requests: [OperatorRequest] = [
            .fence(HostIndex(2)), .confirmOff(HostIndex(1)), .confirmDead(HostIndex(0)), .leave, .stay,
            .moveMaster(HostIndex(2)), .disable, .enable, .emergencyDisable, .clearHoldOut, .forceForm,
        ]
        bench.write { $0.writeBegin(now, &$1, to: &$2) }
        bench.write { $0.writeLinks(allUp: true, now, &$1, to: &$2) }
        bench.write { $0.writeGuests(running: true, now, &$1, to: &$2) }
        bench.write { $0.writeGuestsStopped(proven: false, now, &$1, to: &$2) }
        bench.write { $0.write(record, succeeded: true, now, &$1, to: &$2) }
        bench.write { $0.write(WatchdogOutcome.failed, now, &$1, to: &$2) }
        bench.write { $0.write(WatchdogOutcome.opened(readBack: .seconds(4)), now, &$1, to: &$2) }
        for request in requests { bench.write { $0.write(request, now, &$1, to: &$2) } }
        let read = try bench.entries(hostCount: 3).map { "\($0.step)" }
        let expected =
            ["begin", "links(allUp: true)", "guests(running: true)", "guestsStopped(proven: false)"]
            + ["\(FlightStep.persisted(record, succeeded: true))"]
            + ["\(FlightStep.watchdog(.failed))", "\(FlightStep.watchdog(.opened(readBack: .seconds(4))))"]
            + requests.map { "\(FlightStep.request($0))" }
        #expect(read == expected)
    }

    @Test("the bytes of steps are those of docs/FORMATS.md")
    func goldenBytes() throws {
        var bench = BodyBench(hostCount: 2)
        let now = MonotonicInstant(nanoseconds: 300)
        bench.write { $0.writeTick(now, &$1, to: &$2) }
        bench.write {
            FlightEncoder.write(orders: 0x0102_0304_0506_0708, &$1, to: &$2); _ = $0
        }
        bench.write { $0.writeLinks(allUp: true, now + TimeSpan(nanoseconds: 1), &$1, to: &$2) }
        bench.write { $0.write(OperatorRequest.moveMaster(HostIndex(1)), now, &$1, to: &$2) }
        #expect(
            bench.body == [
                2, 0xD8, 0x04,  // tick, 300 ns after 0
                15, 8, 7, 6, 5, 4, 3, 2, 1,  // hash of the orders
                5, 2, 1,  // links, 1 ns later, all up
                10, 1, 2, 0, 10, 0, 2,  // request, 1 ns earlier: two words differ from 0: 5 (move), 1 (row)
            ]
        )
        let entries = try bench.entries(hostCount: 2)
        #expect(entries.map(\.orders) == [.hash(0x0102_0304_0506_0708), .none, .unknown])
        #expect(entries.map(\.now.nanoseconds) == [300, 301, 300])
    }

    @Test("bytes of any content are read or refused, never more", arguments: 1...200)
    func garbage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var body = random.bytes(Int(random.next() % 300) + 1)
        body[0] = UInt8(random.next() % 11 + 1)
        var decoder = FlightDecoder(rowCount: 3, range: 0..<body.count)
        var count = 0
        while (try? decoder.next(in: body.span)) != nil { count += 1 }
        #expect(count <= body.count)
    }
}
