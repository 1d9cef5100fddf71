public import LivesetEngine
public import PoolModel

/// Where the engine loop's orders go, other than heartbeats and rounds, in the order in which the engine gave
/// them.
///
/// No method blocks or allocates: the threaded sink hands words and ring entries to other threads, the
/// simulator's acts on its world.
public protocol OrderSink: ~Copyable {
    /// The fence loop may feed until then.
    mutating func renewLease(until end: MonotonicInstant)
    /// Write this to the host's own file, sync, and answer; false when it could not even be asked for.
    mutating func persist(_ record: PersistedIncarnation) -> Bool
    /// Open and arm the watchdog, and answer.
    mutating func openWatchdog(timeout: TimeSpan)
    /// Disarm and close the watchdog.
    mutating func disarm(_ permit: DisarmPermit)
    /// Stop feeding now, stop every guest, and answer.
    mutating func selfFence(_ reason: SelfFenceReason)
    /// Reset the host now.
    mutating func fire()
    /// Tell the log, the manager and the operator.
    mutating func announce(_ announcement: Announcement)
}

/// The sink of the daemon: the fence loop's link, the persister's ring, the bridge's ring.
public struct ThreadedOrderSink: OrderSink, Sendable {
    private let fence: FenceLink
    private let engine: EngineLink

    /// A sink that hands over to these.
    public init(fence: FenceLink, engine: EngineLink) {
        self.fence = fence
        self.engine = engine
    }

    /// One store to the fence loop's lease word; refused while it has latched a fence.
    public mutating func renewLease(until end: MonotonicInstant) { fence.renew(until: end) }
    /// One entry in the persister's ring; false, and counted there, when it is full.
    public mutating func persist(_ record: PersistedIncarnation) -> Bool { engine.handToPersister(record) }
    /// One command in the fence loop's ring.
    public mutating func openWatchdog(timeout: TimeSpan) { fence.command(.open(timeout: timeout)) }
    /// One command in the fence loop's ring; the lease ends first.
    public mutating func disarm(_ permit: DisarmPermit) { fence.command(.disarm(permit)) }
    /// Latches the fence loop and wakes the guest stopper.
    public mutating func selfFence(_ reason: SelfFenceReason) { fence.fence(reason) }
    /// Latches the fence loop.
    public mutating func fire() { fence.fire() }
    /// One entry in the bridge's ring.
    public mutating func announce(_ announcement: Announcement) { engine.announce(announcement) }
}
