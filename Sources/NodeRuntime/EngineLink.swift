public import HeartbeatWire
public import LivesetEngine
public import PoolModel

/// Which thread puts inputs into the engine loop's rings; one ring each, for a ring has one producer.
public enum EngineProducer: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The bridge to Swift tasks: operators' requests, guests' state, wanted statuses.
    case bridge = 0
    /// The thread that writes the host's own file.
    case persister = 1
    /// The thread that stops guests in a self-fence.
    case guestStopper = 2
    /// The thread that asks the witnesses.
    case witness = 3

    /// How many producers there are.
    static let count = 4
}

/// Figures of the engine loop, for status and metrics.
public struct EngineLoopStatistics: BitwiseCopyable, Sendable {
    /// Turns made.
    public var turnCount: UInt64 = 0
    /// Ticks that came more than one tick interval late: an early sign of starvation.
    public var lateTickCount: UInt64 = 0
    /// The longest time from the start of a turn to its end.
    public var longestTurn = TimeSpan.zero
    /// What became of the datagrams.
    public var heartbeats = HeartbeatCounters()
    /// When each host was heard last over each of the networks; `distantPast` for never.
    public var lastHeard = PerHost(repeating: InlineArray<4, MonotonicInstant>(repeating: .distantPast))
    /// When this was taken.
    public var takenAt = MonotonicInstant.distantPast

    /// Nothing was done yet.
    public init() {}
}

/// Everything that the engine loop shares with the bridge, the persister, the guest stopper and the witness
/// probe.
///
/// Reading any of it never makes the engine thread wait.
public final class EngineLink: Sendable {
    private let inboxes: [Ring<EngineInput>]
    private let engineWaker: any LoopWaker
    private let bridgeWaker: any LoopWaker
    private let persisterWaker: any LoopWaker

    /// What the bridge is to tell; its consumer is the bridge.
    ///
    /// Full: the newest is dropped and counted (`announcements.refusedCount`); the status board shows the
    /// state all the same.
    public let announcements = Ring<Announcement>(capacity: 128)
    /// Answers to inputs with a ticket; consumer: the bridge.
    ///
    /// Full: dropped and counted; the bridge's time-out ends the operator's waiting.
    public let answers = Ring<EngineAnswer>(capacity: 64)
    /// Records to write to the host's own file; consumer: the persister.
    ///
    /// Full: answered as failed.
    public let recordsToPersist = Ring<PersistedIncarnation>(capacity: 16)
    /// What the engine thinks: about every 200 ms, and with each announcement.
    public let status = Snapshot<EngineStatus>()
    /// What the loop counted, as often.
    public let statistics = Snapshot<EngineLoopStatistics>()

    /// A link whose threads are woken by these.
    public init(engine: any LoopWaker, bridge: any LoopWaker, persister: any LoopWaker) {
        inboxes = EngineProducer.allCases.map { _ in Ring(capacity: 64) }
        engineWaker = engine
        bridgeWaker = bridge
        persisterWaker = persister
    }

    /// Producer's thread: queues an input and wakes the engine loop; false when its ring is full: try again
    /// later.
    @discardableResult
    public func post(_ input: EngineInput, by producer: EngineProducer) -> Bool {
        let isQueued = inboxes[Int(producer.rawValue)].push(input)
        engineWaker.wake()
        return isQueued
    }

    /// Engine thread: the next input of a producer.
    func next(from producer: EngineProducer) -> EngineInput? { inboxes[Int(producer.rawValue)].pop() }

    /// Engine thread: tells the bridge.
    func announce(_ announcement: Announcement) {
        announcements.push(announcement)
        bridgeWaker.wake()
    }

    /// Engine thread: answers the bridge.
    func answer(_ answer: EngineAnswer) {
        answers.push(answer)
        bridgeWaker.wake()
    }

    /// Engine thread: asks the persister for a write.
    func handToPersister(_ record: PersistedIncarnation) -> Bool {
        let isQueued = recordsToPersist.push(record)
        persisterWaker.wake()
        return isQueued
    }
}
