public import ByteFormat
public import PoolModel

/// One statefile as the storage loop sees it, whatever it lies on: a device, a file, iSCSI, NFS.
///
/// Owned by the storage thread alone, the only one that may block in it. A call that hangs hangs that thread
/// and nothing else. Every method reports its outcome as a value; what went wrong in words is the port's to
/// publish.
public protocol StatefilePort: ~Copyable {
    /// Called once before each round: opens the path anew where an earlier round lost it.
    mutating func prepareRound(now: MonotonicInstant)
    /// Writes the first `byteCount` bytes of `record` as the host's own slot, forced to the medium.
    mutating func writeSlot(_ record: borrowing AlignedBuffer, byteCount: Int) -> WriteOutcome
    /// Writes the first `byteCount` bytes of `record` to one of the host's own ballot sub-blocks, forced to
    /// the medium.
    mutating func writeBallot(_ record: borrowing AlignedBuffer, byteCount: Int, subBlock: Int)
        -> WriteOutcome
    /// Reads all slots from the medium, in one request where the transport can; false when that failed.
    mutating func readSlots(into area: inout AlignedBuffer, byteCount: Int) -> Bool
    /// Reads all ballot sub-blocks of all hosts from the medium; false when that failed.
    mutating func readBallots(into area: inout AlignedBuffer, byteCount: Int) -> Bool
    /// Own sub-blocks, as bits, with a write that may still land ([VIEW-3]).
    var unsettledSubBlocks: UInt8 { get }
    /// Whether no write of this host's former lives can land any more ([VIEW-3]); once true it stays true.
    mutating func formerLivesSettled(now: MonotonicInstant) -> Bool
}

/// The way of rounds between the engine loop and the storage loop, seen from the engine loop.
///
/// Exactly one of the two holds the result at a time; no method blocks or allocates.
public protocol RoundPort: ~Copyable {
    /// Hands the request to the storage loop. The engine starts one round at a time, so the loop is idle.
    mutating func start(_ request: RoundRequest)
    /// The result of the round that has ended; nil while it runs. The caller may look at it until `release`.
    mutating func completed() -> RoundResult?
    /// Gives the result back; the storage loop is idle from then on.
    mutating func release()
}
