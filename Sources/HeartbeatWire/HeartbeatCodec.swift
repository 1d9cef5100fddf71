public import ByteFormat
public import PoolModel

/// Turns heartbeats of one pool generation into datagrams and back (section 10).
///
/// Little-endian; `v` is a number of 1 to 10 bytes, seven bits each, low bits first (LEB128, shortest form).
///
///     offset  size   field                   meaning
///     0       4      magic                   "HFhb"
///     4       2      format version          of the sender; 1
///     6       2      minimum reader version  receivers below it must not read; 1
///     8       16     generation              UUID of the pool configuration, big-endian
///     24      1      sender                  row of the host table
///     25      1      phase                   `HostPhase`
///     26      1      flags                   1 round is old, 2 storage lost, 4 wants a grant, 8 netOK,
///                                            16 hold, 32 a view follows
///     27      1      host count n
///     28      4      number                  incarnation number
///     32      8      nonce                   of the daemon run
///     40      16     boot id                 big-endian
///     56      8      sequence
///     64      8      epoch
///     72      8      acknowledged slot       slot sequence read back last
///     80      8      D                       ns
///     88      n/4    echo kinds              2 bits a row, low bits first, rounded up to bytes: `EchoKind`
///     ...            echoes                  for each row with a kind other than 0:
///               8      nonce
///               v      number
///               v      sequence
///     ...            view                    only with flag 32:
///               v      epoch
///               v      configuration epoch
///               v      feature level
///               1      state                 `PoolState`
///               1      master                row; 255 for none
///               ...    entries               for each row:
///                 1      bits 0-1 standing, bits 2-5 reason (0 none), bit 7: removed-in follows
///                 v      number
///                 v      removed in
///     end-32  32     message code            HMAC-SHA256 over everything before it
///
/// A newer version may add fields before the message code; receivers pass over them. Echoes come without the
/// rows of silence and with short numbers, so that the heartbeats of a full pool of 64, view included, stay
/// below the 1,452 bytes of an unfragmented datagram until sequences pass 2^28 (about 8 years of heartbeats).
public struct HeartbeatCodec: BitwiseCopyable, Sendable {
    /// The generation that is sent, and the only one that is taken.
    public let generation: PoolGeneration
    /// How many rows the host table has.
    public let hostCount: Int

    /// The most bytes of any heartbeat of any pool.
    public static let largestDatagramBytes = HeartbeatCodec.largestBytes(hostCount: HostIndex.limit)

    static let version: UInt16 = 1
    static let magic: UInt32 = 0x6268_4648
    static let fixedBytes = 88

    /// The codec of a pool with this generation and so many rows.
    public init(generation: PoolGeneration, hostCount: Int) {
        precondition(hostCount >= 1, "a pool has a host")
        precondition(hostCount <= HostIndex.limit, "a pool has at most 64 hosts")
        self.generation = generation
        self.hostCount = hostCount
    }

    /// The most bytes of a heartbeat of this pool: what a receive buffer should have, and one more.
    public var largestBytes: Int { HeartbeatCodec.largestBytes(hostCount: hostCount) }

    /// The least bytes of a heartbeat of this pool.
    public var smallestBytes: Int { HeartbeatCodec.fixedBytes + (hostCount + 3) / 4 + MessageCode.byteCount }

    static func largestBytes(hostCount: Int) -> Int {
        let echoes = (hostCount + 3) / 4 + hostCount * (8 + 5 + 10)
        let view = 10 + 5 + 3 + 2 + hostCount * (1 + 5 + 10)
        return fixedBytes + echoes + view + MessageCode.byteCount
    }

    /// Writes `heartbeat` into `datagram` and returns its length.
    ///
    /// `datagram` has at least `largestBytes`. Does not allocate.
    public func encode<Authenticator: MessageAuthenticator & ~Copyable>(
        _ heartbeat: Heartbeat,
        into datagram: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) -> Int {
        precondition(datagram.count >= largestBytes, "a send buffer holds the largest heartbeat")
        precondition(heartbeat.sender.row < hostCount, "a sender is in the host table")
        var writer = ByteWriter()
        writer.write(HeartbeatCodec.magic, to: &datagram)
        writer.write(HeartbeatCodec.version, to: &datagram)
        writer.write(HeartbeatCodec.version, to: &datagram)
        writer.writeBigEndian(generation.rawValue, to: &datagram)
        writer.write(heartbeat.sender.rawValue, to: &datagram)
        writer.write(heartbeat.phase.rawValue, to: &datagram)
        writer.write(HeartbeatCodec.flags(of: heartbeat), to: &datagram)
        writer.write(UInt8(hostCount), to: &datagram)
        writer.write(heartbeat.incarnation.number.rawValue, to: &datagram)
        writer.write(heartbeat.incarnation.nonce.rawValue, to: &datagram)
        writer.writeBigEndian(heartbeat.incarnation.boot.rawValue, to: &datagram)
        writer.write(heartbeat.sequence, to: &datagram)
        writer.write(heartbeat.epoch.rawValue, to: &datagram)
        writer.write(heartbeat.acknowledgedSlot, to: &datagram)
        writer.write(heartbeat.certainlyDead.nanoseconds, to: &datagram)
        EchoFormat.encode(heartbeat.echoes, hostCount: hostCount, writer: &writer, to: &datagram)
        if let view = heartbeat.view {
            CompactViewFormat.encode(view, hostCount: hostCount, writer: &writer, to: &datagram)
        }
        let code = authenticator.code(of: datagram.span.extracting(0..<writer.offset))
        writer.write(code, to: &datagram)
        return writer.offset
    }

    /// What can be asked of a datagram before its message code is computed; nil when it may be a heartbeat.
    func rejectionBeforeCode(_ datagram: Span<UInt8>, sender: inout UInt8) -> RejectionCause? {
        if datagram.count < smallestBytes { return .tooShort }
        var reader = ByteReader(0..<datagram.count)
        guard reader.readUInt32(from: datagram) == HeartbeatCodec.magic else { return .wrongMagic }
        let version = reader.readUInt16(from: datagram)
        let minimumReader = reader.readUInt16(from: datagram)
        guard version >= 1, minimumReader <= HeartbeatCodec.version else { return .newerFormat }
        // A newer sender's heartbeat may be longer; it is bounded by the receive buffer then.
        if version == HeartbeatCodec.version, datagram.count > largestBytes { return .tooLong }
        guard reader.readBigEndianUInt128(from: datagram) == generation.rawValue else {
            return .otherGeneration
        }
        sender = reader.readUInt8(from: datagram)
        return Int(sender) < hostCount ? nil : .unknownSender
    }

    /// Which key made the datagram's code; nil for none.
    ///
    /// The datagram has passed `rejectionBeforeCode`.
    func key<Authenticator: MessageAuthenticator & ~Copyable>(
        of datagram: Span<UInt8>,
        authenticator: inout Authenticator
    ) -> AuthenticationKey? {
        let end = datagram.count - MessageCode.byteCount
        var reader = ByteReader(end..<datagram.count)
        let code = reader.readMessageCode(from: datagram)
        return authenticator.key(making: code, of: datagram.extracting(0..<end))
    }

    /// Reads an authentic datagram into `heartbeat`; false when a value has no meaning.
    ///
    /// Asks for no message code: what came over a network goes through a `HeartbeatGate`.
    public func decodeAuthentic(_ datagram: Span<UInt8>, into heartbeat: inout Heartbeat) -> Bool {
        guard datagram.count >= smallestBytes else { return false }
        var reader = ByteReader(4..<datagram.count - MessageCode.byteCount)
        let version = reader.readUInt16(from: datagram)
        reader.skip(18)
        guard let sender = HostIndex(decoding: reader.readUInt8(from: datagram)), sender.row < hostCount,
            let phase = HostPhase(rawValue: reader.readUInt8(from: datagram))
        else { return false }
        heartbeat.sender = sender
        heartbeat.phase = phase
        let flags = reader.readUInt8(from: datagram)
        HeartbeatCodec.setFlags(flags, of: &heartbeat)
        guard Int(reader.readUInt8(from: datagram)) == hostCount else { return false }
        let number = IncarnationNumber(reader.readUInt32(from: datagram))
        let nonce = RunNonce(reader.readUInt64(from: datagram))
        let boot = BootID(reader.readBigEndianUInt128(from: datagram))
        heartbeat.incarnation = Incarnation(number: number, boot: boot, nonce: nonce)
        heartbeat.sequence = reader.readUInt64(from: datagram)
        heartbeat.epoch = Epoch(reader.readUInt64(from: datagram))
        heartbeat.acknowledgedSlot = reader.readUInt64(from: datagram)
        heartbeat.certainlyDead = TimeSpan(nanoseconds: reader.readInt64(from: datagram))
        guard heartbeat.certainlyDead >= .zero else { return false }
        guard
            EchoFormat.decode(into: &heartbeat.echoes, hostCount: hostCount, reader: &reader, from: datagram)
        else {
            return false
        }
        heartbeat.view = nil
        if flags & viewFlag != 0 {
            heartbeat.view = CompactViewFormat.decode(hostCount: hostCount, reader: &reader, from: datagram)
            guard heartbeat.view != nil else { return false }
        }
        return !reader.isOverrun && (version > HeartbeatCodec.version || reader.remaining == 0)
    }

    private var viewFlag: UInt8 { 32 }

    private static func flags(of heartbeat: Heartbeat) -> UInt8 {
        var flags: UInt8 = 0
        if heartbeat.isRoundOld { flags |= 1 }
        if heartbeat.isStorageLost { flags |= 2 }
        if heartbeat.wantsGrant { flags |= 4 }
        if heartbeat.netOK { flags |= 8 }
        if heartbeat.hold { flags |= 16 }
        if heartbeat.view != nil { flags |= 32 }
        return flags
    }

    private static func setFlags(_ flags: UInt8, of heartbeat: inout Heartbeat) {
        heartbeat.isRoundOld = flags & 1 != 0
        heartbeat.isStorageLost = flags & 2 != 0
        heartbeat.wantsGrant = flags & 4 != 0
        heartbeat.netOK = flags & 8 != 0
        heartbeat.hold = flags & 16 != 0
    }
}
