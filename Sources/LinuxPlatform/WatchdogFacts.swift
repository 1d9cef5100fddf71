public import PoolModel

/// What a watchdog device is and how it was set.
public struct WatchdogFacts: Hashable, Sendable {
    /// The device's path; of an inherited one as it was told.
    public var path: String
    /// The driver's name for it.
    public var identity: String
    /// The option bits of WDIOC_GETSUPPORT.
    public var options: UInt32
    /// The timeout read back, in seconds.
    public var timeoutSeconds: Int32
    /// How long a countdown may take; more than the timeout for drivers that are late.
    public var countdown: TimeSpan
    /// How long before its timeout the device warns the kernel, in seconds; 0 for never, nil where it cannot.
    public var pretimeoutSeconds: Int32?
    /// Whether the driver can never be disarmed (*nowayout*); nil when the kernel does not tell.
    public var hasNoWayOut: Bool?
    /// Whether the watchdog caused the last reset, as the driver says.
    public var causedLastReset: Bool

    /// Whether it is the kernel's software watchdog.
    public var isSoftdog: Bool { identity == WatchdogDriver.softdog.identities.first }
    /// What is known of its driver; nil for one that Holdfast does not know.
    public var driver: WatchdogDriver? { WatchdogDriver.of(identity) }
}
