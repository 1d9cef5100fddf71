public import LivesetEngine
public import PoolModel

/// How an attempt to disarm the watchdog ended.
public enum DisarmOutcome: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Closed with the magic character, or it was not open: nothing will reset this host.
    case disarmed = 0
    /// The driver cannot be stopped (*nowayout*), or the closing failed: the loop goes on feeding while it
    /// lives.
    case staysArmed = 1
}

/// The watchdog as the fence loop sees it.
///
/// Owned by the fence loop's thread alone; no method allocates.
public protocol WatchdogPort: ~Copyable {
    /// Whether a device is open; also an inherited one that was not touched yet ([LEASE-2]).
    var isOpen: Bool { get }
    /// Opens and thereby arms the device where it is not open, sets the timeout and reads it back.
    mutating func open(timeout: TimeSpan) -> WatchdogOutcome
    /// Restarts the device's countdown; false when that failed.
    mutating func feed() -> Bool
    /// Disarms and closes the device.
    mutating func disarm(_ permit: consuming DisarmPermit) -> DisarmOutcome
}

/// The ways to reset this host at once.
public protocol FirePort: ~Copyable {
    /// Resets the host; returns only when every way failed, and then the unfed watchdog is what is left.
    mutating func fire()
}
