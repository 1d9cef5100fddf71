import ByteFormat
import MessageAuthentication
import PoolModel
import StatefileLayout
import Testing

/// Makes records with arbitrary, meaningful values for `hostCount` rows.
struct RandomRecords {
    var random: SeededGenerator
    let hostCount: Int

    init(seed: UInt64, hostCount: Int) {
        random = SeededGenerator(seed: seed)
        self.hostCount = hostCount
    }

    mutating func number() -> IncarnationNumber { IncarnationNumber(random.next()) }
    mutating func epoch() -> Epoch { Epoch(random.next()) }
    mutating func host() -> HostIndex { HostIndex(Int(random.next() % UInt64(hostCount))) }
    mutating func span() -> TimeSpan { TimeSpan(nanoseconds: Int64(random.next() >> 1)) }

    mutating func slot(of owner: HostIndex) -> Slot {
        var slot = Slot(emptyFor: owner)
        slot.sequence = random.next()
        slot.incarnation = Incarnation(
            number: number(),
            boot: BootID(random.next()),
            nonce: RunNonce(random.next())
        )
        slot.phase = HostPhase.allCases.randomElement(using: &random) ?? .member
        slot.epoch = epoch()
        (slot.certainlyDead, slot.grace, slot.watchdog) = (span(), span(), span())
        slot.ballotInstance = epoch()
        slot.netOK = Bool.random(using: &random)
        slot.hold = Bool.random(using: &random)
        slot.quarantineOver = Bool.random(using: &random)
        slot.hasGuests = Bool.random(using: &random)
        slot.weight = random.next()
        slot.recentRemovals = random.next()
        slot.selfFences = random.next()
        slot.lastFence =
            Bool.random(using: &random) ? SelfFenceReason.allCases.randomElement(using: &random) : nil
        slot.requests.asksOut = HostSet(bits: random.next()).intersection(HostSet(first: hostCount))
        slot.requests.asksMaster = Bool.random(using: &random) ? host() : nil
        slot.requests.asksDisable = Bool.random(using: &random)
        slot.requests.asksEnable = Bool.random(using: &random)
        for row in 0..<hostCount {
            slot.hears[HostIndex(row)] = number()
            slot.vouches[HostIndex(row)] = number()
            slot.grantAges[HostIndex(row)] = GrantAge(milliseconds: random.next())
        }
        for _ in 0..<random.next() % 241 { slot.lastWords.append(random.next()) }
        return slot
    }

    mutating func view() -> View {
        var view = View(
            epoch: epoch(),
            state: [.enabling, .active, .disabled].randomElement(using: &random) ?? .active
        )
        view.configurationEpoch = random.next()
        view.featureLevel = random.next()
        view.master = Bool.random(using: &random) ? host() : nil
        for row in 0..<hostCount {
            let standing = [HostStanding.absent, .member, .removed].randomElement(using: &random) ?? .member
            let reason =
                Bool.random(using: &random) ? RemovalReason.allCases.randomElement(using: &random) : nil
            view.entries[HostIndex(row)] = ViewEntry(
                number: number(),
                standing: standing,
                reason: reason,
                removedIn: epoch()
            )
        }
        return view
    }

    mutating func ballot(of owner: HostIndex) -> BallotRecord {
        var ballot = BallotRecord(formattedFor: owner)
        (ballot.run, ballot.sequence) = (random.next(), random.next())
        ballot.instance = epoch()
        (ballot.mbal, ballot.bal) = (BallotNumber(random.next()), BallotNumber(random.next()))
        (ballot.proposal, ballot.decided) = (view(), view())
        return ballot
    }
}

/// A codec, a key and one record's worth of bytes, as the tests use them.
struct Bench: ~Copyable {
    let codec: StatefileCodec
    var authenticator: HMACAuthenticator

    static let generation = PoolGeneration(0x0011_2233_4455_6677_8899_AABB_CCDD_EEFF)

    init(hostCount: Int, blockBytes: Int = 4096, deviceBytes: Int = 64 << 20) throws {
        let geometry = try StatefileGeometry(
            deviceBytes: deviceBytes,
            hostCount: hostCount,
            blockBytes: blockBytes
        )
        let key = try Bench.key(1)
        codec = StatefileCodec(geometry: geometry, generation: Bench.generation)
        authenticator = HMACAuthenticator(current: key)
    }

    static func key(_ byte: UInt8) throws -> PoolKey {
        try #require(PoolKey([UInt8](repeating: byte, count: PoolKey.byteCount)))
    }

    static func authenticator(_ byte: UInt8) throws -> HMACAuthenticator {
        HMACAuthenticator(current: try key(byte))
    }

    mutating func bytes(of slot: Slot) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: codec.geometry.slotBytes)
        var span = bytes.mutableSpan
        codec.encode(slot, into: &span, authenticator: &authenticator)
        return bytes
    }

    mutating func bytes(of ballot: BallotRecord, subBlock: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: codec.geometry.ballotBytes)
        var span = bytes.mutableSpan
        codec.encode(ballot, subBlock: subBlock, into: &span, authenticator: &authenticator)
        return bytes
    }

    /// Decodes; nil when valid, with the slot in `slot`.
    mutating func decode(_ bytes: [UInt8], of row: Int, into slot: inout Slot) -> RecordRejection? {
        codec.decodeSlot(bytes.span, of: HostIndex(row), into: &slot, authenticator: &authenticator)
    }

    mutating func rejection(_ bytes: [UInt8], of row: Int) -> RecordRejection? {
        var slot = Slot(emptyFor: HostIndex(row))
        return decode(bytes, of: row, into: &slot)
    }

    mutating func decode(
        _ bytes: [UInt8],
        of row: Int,
        subBlock: Int,
        into ballot: inout BallotRecord
    ) -> RecordRejection? {
        codec.decodeBallot(
            bytes.span,
            of: HostIndex(row),
            subBlock: subBlock,
            into: &ballot,
            authenticator: &authenticator
        )
    }
}

/// The record with its checksum made anew, as a forger without the key could.
func withChecksum(_ bytes: [UInt8]) -> [UInt8] {
    var copy = bytes
    let length = Int(bytes[24]) | Int(bytes[25]) << 8 | Int(bytes[26]) << 16
    guard length >= 4, length <= bytes.count else { return bytes }
    let checksum = CRC32C.checksum(of: bytes.span.extracting(0..<length - 4))
    for index in 0..<4 { copy[length - 4 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
    return copy
}

/// The record with code and checksum made anew, as a holder of the key could.
func sealed(_ bytes: [UInt8], _ authenticator: inout HMACAuthenticator) -> [UInt8] {
    var copy = bytes
    let length = Int(bytes[24]) | Int(bytes[25]) << 8 | Int(bytes[26]) << 16
    let code = authenticator.code(of: bytes.span.extracting(0..<length - 36))
    for index in 0..<MessageCode.byteCount { copy[length - 36 + index] = code[index] }
    return withChecksum(copy)
}
