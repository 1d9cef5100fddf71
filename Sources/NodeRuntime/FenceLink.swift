public import LivesetEngine
public import PoolModel
import Synchronization

/// What the fence loop does at the moment.
public enum FencePhase: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The watchdog is not open here; nothing is fed.
    case disarmed = 0
    /// The watchdog is open, and no lease has come yet: neither feeds nor fences ([LEASE-3]).
    case waiting = 1
    /// Feeds while the lease is current.
    case feeding = 2
    /// No more feeding; the rest of the process has a bounded time to stop guests and to tell.
    case fencing = 3
    /// Fired, or tried to: the unfed watchdog is the last resort.
    case fired = 4
    /// Disarmed by permit, but the device cannot be stopped: fed as long as this process lives.
    case unstoppable = 5
}

/// What the engine loop orders of the fence loop besides the lease.
public enum FenceCommand: BitwiseCopyable, Sendable {
    /// Open and arm the watchdog; answered with `EngineInput.watchdogOpened`.
    case open(timeout: TimeSpan)
    /// Disarm and close it.
    case disarm(DisarmPermit)
}

/// What the fence loop's lease word says.
public enum LeaseState: BitwiseCopyable, Sendable, Equatable {
    /// No lease yet, or none any more after a disarm.
    case none
    /// The host may run until then.
    case until(MonotonicInstant)
    /// Latched: this host stops itself.
    case fencing
    /// Latched: reset the host now.
    case fire
}

/// Everything that the engine loop and the fence loop share: one atomic lease word, one ring, a few counters.
///
/// The word is the lease's end in nanoseconds of the boot clock, or one of three values far below every
/// instant. Once it says *fencing* only a disarm by permit takes it back; once it says *fire* nothing does.
public final class FenceLink: Sendable {
    private static let noLease = Int64.min
    private static let fencingWord = Int64.min + 1
    private static let fireWord = Int64.min + 2

    private let word = Atomic<Int64>(FenceLink.noLease)
    private let reason = Atomic<UInt8>(0)
    private let phaseCode = Atomic<UInt8>(0)
    private let feeds = Atomic<Int>(0)
    private let failures = Atomic<Int>(0)
    private let late = Atomic<Int>(0)
    private let stopOrdered = Atomic<Bool>(false)
    private let stopProven = Atomic<Bool>(false)
    private let commands = Ring<FenceCommand>(capacity: 8)
    private let fenceWaker: any LoopWaker
    private let stopWaker: any LoopWaker
    private let engineWaker: any LoopWaker

    /// The fence loop's answers; the engine loop is their consumer.
    ///
    /// Full: the answer is lost and counted, and the engine's own limit for the opening ends its waiting.
    public let answers = Ring<EngineInput>(capacity: 8)

    /// A link whose loops are woken by these; `guestStopper` is woken when a fence begins.
    public init(fence: any LoopWaker, engine: any LoopWaker, guestStopper: any LoopWaker) {
        fenceWaker = fence
        engineWaker = engine
        stopWaker = guestStopper
    }

    // MARK: any thread

    /// What the fence loop does.
    public var phase: FencePhase { FencePhase(rawValue: phaseCode.load(ordering: .acquiring)) ?? .disarmed }
    /// Why this host stops itself, once it does.
    public var fenceReason: SelfFenceReason? { SelfFenceReason(rawValue: reason.load(ordering: .acquiring)) }
    /// Whether the engine ordered the guests stopped; its waker is `guestStopper`.
    ///
    /// A lease end that the fence loop alone noticed does not set it: in an *enabling* pool the engine
    /// answers that with a disarm ([JOIN-3]).
    public var isGuestStopOrdered: Bool { stopOrdered.load(ordering: .acquiring) }
    /// Whether every guest is proved stopped since a fence began.
    public var areGuestsStopped: Bool { stopProven.load(ordering: .acquiring) }
    /// Every guest is proved stopped; whoever stops them says so.
    public func noteGuestsStopped() { stopProven.store(true, ordering: .releasing) }
    /// What the lease word says.
    public var lease: LeaseState { FenceLink.state(of: word.load(ordering: .acquiring)) }
    /// How often the watchdog was fed.
    public var feedCount: Int { feeds.load(ordering: .relaxed) }
    /// How often feeding it failed.
    public var feedFailureCount: Int { failures.load(ordering: .relaxed) }
    /// How often the loop woke more than half a feed period late: an early sign of starvation.
    public var lateTurnCount: Int { late.load(ordering: .relaxed) }
    /// Commands that found the ring full; each latched a fence, for a fence loop that takes none is stuck.
    public var refusedCommandCount: Int { commands.refusedCount }

    // MARK: engine loop

    /// The fence loop may feed until `end`; false when it has latched a fence, which a lease does not take
    /// back.
    @discardableResult
    public func renew(until end: MonotonicInstant) -> Bool {
        precondition(end.nanoseconds > FenceLink.fireWord, "a lease ends at an instant of the boot clock")
        let first: Bool
        switch lease {
        case .none: first = true
        case .until: first = false
        case .fencing, .fire: return false
        }
        guard replaceUnlessLatched(by: end.nanoseconds) else { return false }
        if first { fenceWaker.wake() }
        return true
    }

    /// Hands a command over; when the ring is full the fence loop is stuck, and the host is to be reset.
    public func command(_ command: FenceCommand) {
        switch command {
        case .open: break
        case .disarm: _ = replaceUnlessLatched(by: FenceLink.noLease)
        }
        if !commands.push(command) { fence(.watchdogUnavailable) }
        fenceWaker.wake()
    }

    /// Latches *fencing*: no feed from now on, and the bounded ladder of the fence loop begins.
    public func fence(_ why: SelfFenceReason) {
        note(why)
        // A lost race against the fence loop's own latch ends in a latched word all the same.
        _ = replaceUnlessLatched(by: FenceLink.fencingWord)
        stopOrdered.store(true, ordering: .releasing)
        fenceWaker.wake()
        stopWaker.wake()
    }

    /// Latches *fire*: the fence loop resets the host at its next turn, which is at once.
    public func fire() {
        word.store(FenceLink.fireWord, ordering: .releasing)
        fenceWaker.wake()
    }

    // MARK: fence loop

    /// The next command, if any.
    func nextCommand() -> FenceCommand? { commands.pop() }

    /// Latches *fencing* if the word still says `seen`; false when it was renewed in between.
    func latch(_ why: SelfFenceReason, ifStill seen: MonotonicInstant) -> Bool {
        let (exchanged, _) = word.compareExchange(
            expected: seen.nanoseconds,
            desired: FenceLink.fencingWord,
            ordering: .acquiringAndReleasing
        )
        guard exchanged else { return false }
        note(why)
        engineWaker.wake()
        return true
    }

    /// Latches *fire* from inside the fence loop.
    func latchFire(_ why: SelfFenceReason) {
        note(why)
        word.store(FenceLink.fireWord, ordering: .releasing)
        engineWaker.wake()
    }

    /// A permit was carried out: takes a *fencing* latch back.
    func unlatch() {
        let (exchanged, _) = word.compareExchange(
            expected: FenceLink.fencingWord,
            desired: FenceLink.noLease,
            ordering: .acquiringAndReleasing
        )
        guard exchanged else { return }
        reason.store(0, ordering: .releasing)
        stopOrdered.store(false, ordering: .releasing)
        stopProven.store(false, ordering: .releasing)
    }

    func answer(_ input: EngineInput) {
        answers.push(input)
        engineWaker.wake()
    }

    func show(_ phase: FencePhase) { phaseCode.store(phase.rawValue, ordering: .releasing) }

    func countFeed(succeeded: Bool) {
        if succeeded { feeds.add(1, ordering: .relaxed) } else { failures.add(1, ordering: .relaxed) }
    }

    func countLateTurn() { late.add(1, ordering: .relaxed) }

    // MARK: the word

    private func note(_ why: SelfFenceReason) {
        // The first reason stays.
        _ = reason.compareExchange(expected: 0, desired: why.rawValue, ordering: .acquiringAndReleasing)
    }

    /// Bounded: besides this caller only the fence loop writes the word, and then it latches, which ends the
    /// loop.
    private func replaceUnlessLatched(by value: Int64) -> Bool {
        var seen = word.load(ordering: .acquiring)
        while seen != FenceLink.fencingWord && seen != FenceLink.fireWord {
            let (exchanged, original) = word.compareExchange(
                expected: seen,
                desired: value,
                ordering: .acquiringAndReleasing
            )
            if exchanged { return true }
            seen = original
        }
        return false
    }

    private static func state(of word: Int64) -> LeaseState {
        switch word {
        case noLease: .none
        case fencingWord: .fencing
        case fireWord: .fire
        default: .until(MonotonicInstant(nanoseconds: word))
        }
    }
}
