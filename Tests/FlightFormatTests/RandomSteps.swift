import ByteFormat
import LivesetEngine
import PoolModel

@testable import FlightFormat

/// Makes records with arbitrary, meaningful values for `hostCount` rows, by putting random words into them.
struct RandomSteps {
    var random: SeededGenerator
    let hostCount: Int

    init(seed: UInt64, hostCount: Int) {
        random = SeededGenerator(seed: seed)
        self.hostCount = hostCount
    }

    /// A number of any length in bits.
    mutating func number() -> UInt64 { random.next() >> (random.next() % 64) }

    mutating func host() -> HostIndex { HostIndex(Int(random.next() % UInt64(hostCount))) }

    mutating func incarnation() -> Incarnation {
        Incarnation(
            number: IncarnationNumber(UInt32(truncatingIfNeeded: number())),
            boot: BootID(UInt128(random.next()) << 64 | UInt128(random.next())),
            nonce: RunNonce(random.next())
        )
    }

    mutating func view() -> View {
        var view = View(epoch: Epoch(number()), state: .active)
        view.configurationEpoch = UInt32(truncatingIfNeeded: number())
        view.master = Bool.random(using: &random) ? host() : nil
        for row in 0..<hostCount {
            view.entries[HostIndex(row)] = ViewEntry(
                number: IncarnationNumber(UInt32(truncatingIfNeeded: number())),
                standing: [HostStanding.absent, .member, .removed].randomElement(using: &random) ?? .member,
                reason: Bool.random(using: &random)
                    ? RemovalReason.allCases.randomElement(using: &random) : nil,
                removedIn: Epoch(number())
            )
        }
        return view
    }

    mutating func heartbeat() -> Heartbeat {
        var heartbeat = Heartbeat(sender: host(), incarnation: incarnation())
        heartbeat.sequence = random.next()
        heartbeat.phase = HostPhase.allCases.randomElement(using: &random) ?? .member
        heartbeat.epoch = Epoch(number())
        heartbeat.isRoundOld = Bool.random(using: &random)
        heartbeat.certainlyDead = TimeSpan(nanoseconds: Int64(bitPattern: random.next()))
        for row in 0..<hostCount {
            let echo = Echo(kind: .grant, number: .none, nonce: RunNonce(random.next()), sequence: number())
            heartbeat.echoes[HostIndex(row)] = echo
        }
        heartbeat.view = Bool.random(using: &random) ? view() : nil
        return heartbeat
    }

    mutating func slot() -> Slot {
        var slot = Slot(emptyFor: host())
        slot.sequence = number()
        slot.incarnation = incarnation()
        slot.phase = HostPhase.allCases.randomElement(using: &random) ?? .member
        slot.lastFence = Bool.random(using: &random) ? .stalledFeed : nil
        slot.requests.asksMaster = Bool.random(using: &random) ? host() : nil
        slot.requests.asksOut = HostSet(bits: number())
        slot.weight = UInt16(truncatingIfNeeded: number())
        for row in 0..<hostCount {
            slot.hears[HostIndex(row)] = IncarnationNumber(UInt32(truncatingIfNeeded: number()))
            slot.grantAges[HostIndex(row)] = GrantAge(milliseconds: UInt32(truncatingIfNeeded: number()))
        }
        slot.lastWords = LastWords(String(repeating: "word ", count: Int(random.next() % 48)))
        return slot
    }

    mutating func round() -> RoundResult {
        let result = RoundResult(hostCount: hostCount)
        result.id = number()
        result.issuedAt = MonotonicInstant(nanoseconds: Int64(bitPattern: number()))
        result.completedAt = MonotonicInstant(nanoseconds: Int64(bitPattern: number()))
        result.slotWrite = .unknown
        result.slotsRead = Bool.random(using: &random)
        result.ballotsRead = Bool.random(using: &random)
        result.unsettledSubBlocks = UInt8(truncatingIfNeeded: random.next())
        for row in 0..<hostCount where result.slotsRead {
            result.slots[row] = SlotReading(verdict: .valid, fingerprint: random.next(), slot: slot())
        }
        for row in 0..<hostCount where result.ballotsRead {
            var record = BallotRecord(formattedFor: HostIndex(row))
            (record.proposal, record.decided) = (view(), view())
            record.mbal = BallotNumber(number())
            result.ballots[row] = BallotReading(validCount: 4, newestSubBlock: 3, newest: record)
        }
        return result
    }
}

/// The words of a value, by which two values are compared.
func words<Value: WordCarried>(of value: Value, hostCount: Int) -> [UInt64] {
    var words = StateWords(rowCount: hostCount)
    words.takeOut(value)
    return words.list
}

/// A segment's body that is written step by step.
struct BodyBench: ~Copyable {
    var encoder: FlightEncoder
    var bytes: [UInt8]
    var writer = ByteWriter()

    init(hostCount: Int) {
        encoder = FlightEncoder(rowCount: hostCount)
        bytes = [UInt8](repeating: 0xEE, count: encoder.largestStepBytes * 40)
    }

    var body: [UInt8] { Array(bytes.prefix(writer.offset)) }

    mutating func write(
        _ step: (inout FlightEncoder, inout ByteWriter, inout MutableSpan<UInt8>) -> Void
    ) {
        // A span of a stored array would borrow the whole bench.
        var room = bytes
        bytes = []
        var (ownEncoder, ownWriter) = (encoder, writer)
        var span = room.mutableSpan
        step(&ownEncoder, &ownWriter, &span)
        (encoder, writer) = (ownEncoder, ownWriter)
        bytes = room
    }

    /// Every entry that is read back.
    func entries(hostCount: Int) throws(FlightDamage) -> [FlightEntry] {
        let body = body
        var decoder = FlightDecoder(rowCount: hostCount, range: 0..<body.count)
        var found: [FlightEntry] = []
        while let entry = try decoder.next(in: body.span) { found.append(entry) }
        return found
    }
}
