public import LivesetEngine
public import NodeRuntime
public import PoolModel

/// What a fake watchdog and a fake trigger did, and how they shall behave.
///
/// As strict as a device: not fed for its timeout once armed, it counts as having reset the host.
public final class FencingHardware {
    let time: FakeTime
    /// Whether the device is open.
    public internal(set) var isOpen = false
    /// The timeout in force.
    public internal(set) var timeout = TimeSpan.zero
    /// When it was last fed; opening feeds.
    public internal(set) var lastFeed: MonotonicInstant?
    /// How often it was fed, openings not counted.
    public internal(set) var feedCount = 0
    /// How often `fire` was called.
    public internal(set) var fireCount = 0
    /// Whether every guest was stopped at the last `fire`.
    public internal(set) var guestsWereStopped = false
    /// When `reboot` was called first.
    public internal(set) var rebootedAt: MonotonicInstant?
    /// When `fire` was called first.
    public internal(set) var firedAt: MonotonicInstant?

    /// How long a feed takes: a stall between the check of the lease and the end of the feed.
    public var feedDuration = TimeSpan.zero
    /// Whether feeding fails.
    public var feedFails = false
    /// Whether the opening fails.
    public var openFails = false
    /// Whether the device can never be disarmed.
    public var hasNoWayOut = false

    /// Hardware whose clock is `time`.
    public init(_ time: FakeTime) { self.time = time }

    /// Whether the countdown has run out.
    public var hasReset: Bool {
        guard isOpen, let lastFeed else { return false }
        return time.now - lastFeed >= timeout
    }
}

/// The fence loop's watchdog over `FencingHardware`.
public struct FakeWatchdog: WatchdogPort {
    private let hardware: FencingHardware
    /// The watchdog of `hardware`.
    public init(_ hardware: FencingHardware) { self.hardware = hardware }

    /// Whether the device is open.
    public var isOpen: Bool { hardware.isOpen }

    /// Opens, arms and feeds.
    public mutating func open(timeout: TimeSpan) -> WatchdogOutcome {
        guard !hardware.openFails else { return .failed }
        hardware.isOpen = true
        hardware.timeout = timeout
        hardware.lastFeed = hardware.time.now
        return .opened(readBack: timeout)
    }

    /// Feeds, after the delay that the test asked for.
    public mutating func feed() -> Bool {
        precondition(hardware.isOpen, "a device that is not open is not fed")
        hardware.time.advance(hardware.feedDuration)
        guard !hardware.feedFails else { return false }
        hardware.lastFeed = hardware.time.now
        hardware.feedCount += 1
        return true
    }

    /// Disarms, unless the device cannot be.
    public mutating func disarm(_ permit: consuming DisarmPermit) -> DisarmOutcome {
        guard !hardware.hasNoWayOut else { return .staysArmed }
        hardware.isOpen = false
        return .disarmed
    }
}

/// The fence loop's trigger over `FencingHardware`.
public struct FakeTrigger: FirePort {
    private let hardware: FencingHardware
    /// The trigger of `hardware`.
    public init(_ hardware: FencingHardware) { self.hardware = hardware }

    /// Counts.
    public mutating func fire(guestsStopped: Bool) {
        hardware.fireCount += 1
        hardware.guestsWereStopped = guestsStopped
        if hardware.firedAt == nil { hardware.firedAt = hardware.time.now }
    }

    /// Notes when.
    public mutating func reboot() {
        if hardware.rebootedAt == nil { hardware.rebootedAt = hardware.time.now }
    }
}
