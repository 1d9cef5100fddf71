/// Why a datagram was dropped; each cause has a counter.
///
/// In the order in which the gate asks: everything before `wrongCode` costs a few compares, so a flood of
/// garbage is cheap; everything after it is about datagrams that a holder of the pool key once made.
public enum RejectionCause: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Shorter than any heartbeat.
    case tooShort = 0
    /// Longer than any heartbeat of this pool.
    case tooLong = 1
    /// No heartbeat at all.
    case wrongMagic = 2
    /// Of a newer Holdfast that this one must not read.
    case newerFormat = 3
    /// Of another generation or another pool.
    case otherGeneration = 4
    /// The sender's row is not in the host table.
    case unknownSender = 5
    /// It says that this host sent it.
    case ownSender = 6
    /// It came from the address of another host than it says.
    case otherAddress = 7
    /// No valid key makes its message code.
    case wrongCode = 8
    /// Authentic, and still holds a value that has no meaning here.
    case wrongContent = 9
    /// Of an incarnation number below the highest seen from that host ([INC-1]).
    case lowerIncarnation = 10
    /// Of a daemon run that a newer run of the same number has replaced.
    case formerRun = 11
    /// Of an unknown run while a known one is alive, without an echo that proves it newer: a restarted
    /// daemon's first heartbeats, or a replay from a time before this daemon started.
    case unconfirmedRun = 12
    /// Of a known run, not seen before, but overtaken by a newer heartbeat.
    case overtaken = 13
    /// Of a known run, and so old that its sequence is not remembered: a replay.
    case replayed = 14
}

/// How many datagrams came in and what became of them; counts wrap after 2^64.
public struct HeartbeatCounters: BitwiseCopyable, Sendable {
    /// Handed to the engine.
    public internal(set) var accepted: UInt64 = 0
    /// The same heartbeat again, within the last 64: the copies over the other networks.
    public internal(set) var duplicates: UInt64 = 0
    /// Accepted or duplicates whose code was made with the previous key: rotation is not complete.
    public internal(set) var underPreviousKey: UInt64 = 0
    private var rejected = InlineArray<15, UInt64>(repeating: 0)

    /// Nothing came in.
    public init() {}

    /// How many were dropped for `cause`.
    public subscript(cause: RejectionCause) -> UInt64 { rejected[Int(cause.rawValue)] }

    mutating func count(_ cause: RejectionCause) { rejected[Int(cause.rawValue)] &+= 1 }
}
