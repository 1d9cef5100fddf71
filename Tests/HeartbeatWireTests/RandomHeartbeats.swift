import ByteFormat
import HeartbeatWire
import MessageAuthentication
import PoolModel
import Testing

/// Makes heartbeats with arbitrary, meaningful values for `hostCount` rows.
struct RandomHeartbeats {
    var random: SeededGenerator
    let hostCount: Int

    init(seed: UInt64, hostCount: Int) {
        random = SeededGenerator(seed: seed)
        self.hostCount = hostCount
    }

    /// A number of any length in bits.
    mutating func number() -> UInt64 { random.next() >> (random.next() % 64) }

    mutating func view() -> View {
        var view = View(
            epoch: Epoch(number()),
            state: [.enabling, .active, .disabled].randomElement(using: &random) ?? .active
        )
        view.configurationEpoch = UInt32(truncatingIfNeeded: number())
        view.featureLevel = UInt16(truncatingIfNeeded: number())
        view.master = Bool.random(using: &random) ? HostIndex(Int(random.next() % UInt64(hostCount))) : nil
        for row in 0..<hostCount {
            view.entries[HostIndex(row)] = ViewEntry(
                number: IncarnationNumber(UInt32(truncatingIfNeeded: number())),
                standing: [HostStanding.absent, .member, .removed].randomElement(using: &random) ?? .member,
                reason: Bool.random(using: &random)
                    ? RemovalReason.allCases.randomElement(using: &random) : nil,
                removedIn: Epoch(Bool.random(using: &random) ? number() : 0)
            )
        }
        return view
    }

    mutating func heartbeat(from sender: HostIndex) -> Heartbeat {
        var heartbeat = Heartbeat(
            sender: sender,
            incarnation: Incarnation(
                number: IncarnationNumber(random.next()),
                boot: BootID(random.next()),
                nonce: RunNonce(random.next())
            )
        )
        heartbeat.sequence = random.next()
        heartbeat.phase = HostPhase.allCases.randomElement(using: &random) ?? .member
        heartbeat.epoch = Epoch(random.next())
        heartbeat.isRoundOld = Bool.random(using: &random)
        heartbeat.isStorageLost = Bool.random(using: &random)
        heartbeat.wantsGrant = Bool.random(using: &random)
        heartbeat.netOK = Bool.random(using: &random)
        heartbeat.hold = Bool.random(using: &random)
        heartbeat.acknowledgedSlot = random.next()
        heartbeat.certainlyDead = TimeSpan(nanoseconds: Int64(random.next() >> 1))
        for row in 0..<hostCount {
            let kind = [EchoKind.none, .plain, .grant, .allLost].randomElement(using: &random) ?? .plain
            guard kind != .none else { continue }
            heartbeat.echoes[HostIndex(row)] = Echo(
                kind: kind,
                number: IncarnationNumber(UInt32(truncatingIfNeeded: number())),
                nonce: RunNonce(random.next()),
                sequence: number()
            )
        }
        heartbeat.view = Bool.random(using: &random) ? view() : nil
        return heartbeat
    }
}

/// A sender and the gate of one receiver, as the tests use them.
struct GateBench: ~Copyable {
    static let generation = PoolGeneration(0x0011_2233_4455_6677_8899_AABB_CCDD_EEFF)
    static let own = HostIndex(0)
    static let ownNonce = RunNonce(0x0F0F)

    let codec: HeartbeatCodec
    var signer: HMACAuthenticator
    var verifier: HMACAuthenticator
    var gate: HeartbeatGate
    var received = Heartbeat(sender: GateBench.own, incarnation: .none)

    init(hostCount: Int = 3) throws {
        let key = try GateBench.key(1)
        codec = HeartbeatCodec(generation: GateBench.generation, hostCount: hostCount)
        signer = HMACAuthenticator(current: key)
        verifier = HMACAuthenticator(current: key)
        gate = HeartbeatGate(codec: codec, own: GateBench.own, nonce: GateBench.ownNonce)
    }

    static func key(_ byte: UInt8) throws -> PoolKey {
        try #require(PoolKey([UInt8](repeating: byte, count: PoolKey.byteCount)))
    }

    mutating func datagram(_ heartbeat: Heartbeat) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: codec.largestBytes)
        var span = bytes.mutableSpan
        let count = codec.encode(heartbeat, into: &span, authenticator: &signer)
        return Array(bytes[0..<count])
    }

    /// A heartbeat of host 1: this number, run and sequence, echoing this sequence of the receiver, if any.
    mutating func datagram(
        number: UInt32 = 1,
        run: UInt64 = 1,
        sequence: UInt64,
        echo: UInt64? = nil,
        echoedRun: RunNonce = ownNonce
    ) -> [UInt8] {
        var heartbeat = Heartbeat(
            sender: HostIndex(1),
            incarnation: Incarnation(number: IncarnationNumber(number), boot: BootID(1), nonce: RunNonce(run))
        )
        heartbeat.sequence = sequence
        if let echo {
            heartbeat.echoes[GateBench.own] = Echo(
                kind: .plain,
                number: IncarnationNumber(1),
                nonce: echoedRun,
                sequence: echo
            )
        }
        return datagram(heartbeat)
    }

    mutating func admit(_ datagram: [UInt8], from address: HostIndex? = nil) -> GateVerdict {
        gate.admit(datagram.span, from: address, into: &received, authenticator: &verifier)
    }

    /// The datagram with its code made anew, as a holder of the key could.
    mutating func sealed(_ datagram: [UInt8]) -> [UInt8] {
        var copy = datagram
        let end = datagram.count - MessageCode.byteCount
        let code = signer.code(of: datagram.span.extracting(0..<end))
        for index in 0..<MessageCode.byteCount { copy[end + index] = code[index] }
        return copy
    }
}
