public import PoolModel

/// The host's boot clock, as the loops read it.
///
/// A loop reads it after it has its evidence in hand, never before ([TIME-4]). Reading does not block or
/// allocate.
public protocol HostClock: ~Copyable {
    /// The present instant; never earlier than one given before.
    func now() -> MonotonicInstant
}

/// Ends the wait of the thread that sleeps between two turns of a loop.
///
/// Called from any thread; does not block or allocate. A wake that comes while the loop runs ends the next
/// wait.
public protocol LoopWaker: AnyObject, Sendable {
    /// Ends the wait.
    func wake()
}
