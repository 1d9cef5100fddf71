public import ByteFormat
public import PoolModel

/// What the gate says of one datagram.
public enum GateVerdict: BitwiseCopyable, Hashable, Sendable {
    /// A new heartbeat of another host: for the engine.
    case accepted
    /// A heartbeat of this host that came before, over another network: well, and no news.
    case duplicate(HostIndex)
    /// Dropped and counted.
    case rejected(RejectionCause)
}

/// Stands between the sockets and the engine: lets through each authentic heartbeat of a peer once, in order.
///
/// Cheap questions come first, so that a flood of garbage costs little: length, magic, version, generation,
/// sender; then the message code; then incarnation, run and sequence, which only authentic datagrams can
/// change. One a daemon, used by the engine's thread. Nothing blocks, nothing allocates, no input traps.
public struct HeartbeatGate: ~Copyable, Sendable {
    /// The format.
    public let codec: HeartbeatCodec
    /// What became of all datagrams so far.
    public private(set) var counters = HeartbeatCounters()
    private let own: HostIndex
    private let nonce: RunNonce
    private var peers = PerHost(repeating: PeerRuns())

    /// The gate of the daemon run `nonce` of host `own`.
    public init(codec: HeartbeatCodec, own: HostIndex, nonce: RunNonce) {
        precondition(own.row < codec.hostCount, "a host is in its own host table")
        self.codec = codec
        self.own = own
        self.nonce = nonce
    }

    /// Judges one datagram, and reads it into `heartbeat` when it is accepted; else `heartbeat` means
    /// nothing.
    ///
    /// `addressOwner` is the host whose configured address the datagram came from, nil where that is not
    /// known.
    public mutating func admit<Authenticator: MessageAuthenticator & ~Copyable>(
        _ datagram: Span<UInt8>,
        from addressOwner: HostIndex?,
        into heartbeat: inout Heartbeat,
        authenticator: inout Authenticator
    ) -> GateVerdict {
        var sender: UInt8 = 0
        if let cause = codec.rejectionBeforeCode(datagram, sender: &sender) { return reject(cause) }
        if sender == own.rawValue { return reject(.ownSender) }
        if let addressOwner, addressOwner.rawValue != sender { return reject(.otherAddress) }
        guard let key = codec.key(of: datagram, authenticator: &authenticator) else {
            return reject(.wrongCode)
        }
        guard codec.decodeAuthentic(datagram, into: &heartbeat) else { return reject(.wrongContent) }
        let echo = heartbeat.echoes[own]
        let isOurs = echo.kind != .none && echo.nonce == nonce
        let judgement = peers[heartbeat.sender].judge(
            heartbeat.incarnation,
            sequence: heartbeat.sequence,
            echo: isOurs ? echo.sequence : nil
        )
        switch judgement {
        case .rejected(let cause):
            return reject(cause)
        case .duplicate:
            counters.duplicates &+= 1
            if key == .previous { counters.underPreviousKey &+= 1 }
            return .duplicate(heartbeat.sender)
        case .fresh:
            counters.accepted &+= 1
            if key == .previous { counters.underPreviousKey &+= 1 }
            return .accepted
        }
    }

    private mutating func reject(_ cause: RejectionCause) -> GateVerdict {
        counters.count(cause)
        return .rejected(cause)
    }
}
