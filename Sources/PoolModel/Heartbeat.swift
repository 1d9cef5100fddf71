/// What an echo promises besides "I received this sequence" (section 5).
public enum EchoKind: UInt8, BitwiseCopyable, Sendable {
    /// Nothing received from that host's present run.
    case none = 0
    /// Received.
    case plain = 1
    /// Received, and the sender vouches for that host on disk: a grant.
    case grant = 2
    /// Received, and the sender has lost its storage as well.
    case allLost = 3
}

/// What one heartbeat says back to one peer.
public struct Echo: BitwiseCopyable, Hashable, Sendable {
    /// What it promises.
    public var kind: EchoKind
    /// The peer's incarnation number that is meant.
    public var number: IncarnationNumber
    /// The peer's daemon run that is meant.
    public var nonce: RunNonce
    /// The highest sequence received from that run.
    public var sequence: UInt64

    /// The echo with these fields.
    public init(kind: EchoKind, number: IncarnationNumber, nonce: RunNonce, sequence: UInt64) {
        self.kind = kind
        self.number = number
        self.nonce = nonce
        self.sequence = sequence
    }

    /// Nothing was received.
    public static let none = Echo(kind: .none, number: .none, nonce: .none, sequence: 0)
}

/// The network's sign of life: one datagram to every peer over every network (section 10).
public struct Heartbeat: BitwiseCopyable, Equatable, Sendable {
    /// Who sends it.
    public var sender: HostIndex
    /// The life that sends it.
    public var incarnation: Incarnation
    /// Grows with each heartbeat of this run; every network carries the same sequence.
    public var sequence: UInt64
    /// What the sender is doing; a tombstone phase is [DEAD-2] by datagram.
    public var phase: HostPhase
    /// The newest view that the sender is bound by (as in its slot).
    public var epoch: Epoch
    /// The sender's newest good round is older than 2r.
    public var isRoundOld: Bool
    /// The sender is storage-lost.
    public var isStorageLost: Bool
    /// The sender could use a grant; without it peers give none, so that certificates come sooner.
    public var wantsGrant: Bool
    /// As in the slot.
    public var netOK: Bool
    /// As in the slot.
    public var hold: Bool
    /// The sequence of the sender's slot that it read back last.
    public var acknowledgedSlot: UInt64
    /// D of the sender, as in the slot.
    public var certainlyDead: TimeSpan
    /// Per peer: what was received from it and what that promises.
    public var echoes: PerHost<Echo>
    /// The sender's adopted view, while a peer shows an older epoch ([VIEW-4]).
    public var view: View?

    /// A heartbeat that says nothing yet.
    public init(sender: HostIndex, incarnation: Incarnation) {
        self.sender = sender
        self.incarnation = incarnation
        sequence = 0
        phase = .joining
        epoch = .zero
        (isRoundOld, isStorageLost, wantsGrant, netOK, hold) = (true, true, false, false, false)
        acknowledgedSlot = 0
        certainlyDead = .zero
        echoes = PerHost(repeating: .none)
        view = nil
    }
}
