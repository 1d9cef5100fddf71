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

/// The ways to stop this host at once.
public protocol FirePort: ~Copyable {
    /// Asks the kernel to stop the host now, without touching a file system or a device on the way.
    ///
    /// Returns only when that failed, or takes its time; the unfed watchdog is what is left.
    /// `guestsStopped`: every
    /// guest is proved stopped, so that an end that takes its time does no harm.
    mutating func fire(guestsStopped: Bool)
    /// Reboots with the kernel's orderly way, which stops most watchdogs first and may then hang: the
    /// last resort.
    mutating func reboot()
}
