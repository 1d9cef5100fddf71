/// What sysfs says of a watchdog device without opening it, which would arm it; nil where it says nothing.
///
/// Documentation/ABI/testing/sysfs-class-watchdog of the kernel. Drivers outside of the kernel's watchdog
/// core
/// (ipmi_watchdog) have no such folder.
public struct WatchdogSysfs: Hashable, Sendable {
    /// The driver's name for it.
    public let identity: String?
    /// Whether it can never be disarmed.
    public let hasNoWayOut: Bool?
    /// `active` or `inactive`.
    public let state: String?
    /// The timeout in force, in seconds.
    public let timeoutSeconds: Int32?
    /// The least timeout, in seconds; 0 where the driver names none.
    public let leastSeconds: Int32?
    /// The largest timeout, in seconds; 0 where the driver names none.
    public let mostSeconds: Int32?
    /// How long before the timeout the kernel is warned, in seconds.
    public let pretimeoutSeconds: Int32?
    /// What caused the last reset, as bits; 32 for the watchdog.
    public let bootStatus: Int32?

    /// What sysfs says of the device at `path`.
    public init(_ path: String) {
        let directory = WatchdogSysfs.directory(of: path)
        func line(_ name: String) -> String? {
            directory.flatMap { SmallFile.firstLine(of: $0 + "/" + name) }
        }
        func number(_ name: String) -> Int32? { line(name).flatMap { Int32($0) } }
        identity = line("identity")
        hasNoWayOut = line("nowayout").map { $0 == "1" }
        state = line("state")
        timeoutSeconds = number("timeout")
        leastSeconds = number("min_timeout")
        mostSeconds = number("max_timeout")
        pretimeoutSeconds = number("pretimeout")
        bootStatus = number("bootstatus")
    }

    private static func directory(of path: String) -> String? {
        guard let status = try? FileStatus.of(path), status.kind == .character else { return nil }
        return isLegacy(status)
            ? "/sys/class/watchdog/watchdog0" : "/sys/dev/char/\(status.device.major):\(status.device.minor)"
    }

    /// Whether this is /dev/watchdog, the misc device 10:130: another name of the first watchdog.
    static func isLegacy(_ status: FileStatus) -> Bool {
        status.device.major == 10 && status.device.minor == 130
    }

    /// Why a timeout of so many seconds would be refused, before anything is armed; nil when it would not.
    func objection(to seconds: Int32, path: String) -> WatchdogError? {
        let least = leastSeconds ?? 0
        let most = mostSeconds ?? 0
        guard seconds < least || (most > 0 && seconds > most) else { return nil }
        return .timeoutOutOfRange(
            path: path,
            identity: identity ?? "unknown driver",
            seconds: seconds,
            least: least,
            most: most
        )
    }
}
