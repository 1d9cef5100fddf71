/// Why a watchdog device is not used; each says what it means for the host and what to do.
public enum WatchdogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The device cannot be opened.
    case cannotOpen(SystemError)
    /// Another process holds it.
    case busy(path: String)
    /// It does not answer as a watchdog does.
    case noWatchdog(SystemError)
    /// Closing it would disarm it: no MAGICCLOSE, and *nowayout* is not set.
    case closingDisarms(path: String, identity: String)
    /// The kernel's software watchdog, and the configuration does not allow it.
    case softdogNotAllowed(path: String)
    /// The driver says beforehand that it does not take this timeout.
    case timeoutOutOfRange(path: String, identity: String, seconds: Int32, least: Int32, most: Int32)
    /// The timeout cannot be set or read back.
    case timeoutRefused(SystemError, seconds: Int32)
    /// An inherited descriptor is not what it was said to be.
    case notInherited(SystemError)
    /// The magic character could not be written.
    case cannotDisarm(SystemError)

    /// The sentence, with the next step.
    public var description: String {
        switch self {
        case .cannotOpen(let error):
            "watchdog: \(error); this host cannot be armed and does not join; "
                + "load the watchdog's driver or set fencing.watchdog to its device"
        case .busy(let path):
            "watchdog \(path) is held by another process (EBUSY); this host cannot be armed and does not join; "
                + "'holdfast watchdog info' tells who"
        case .noWatchdog(let error):
            "\(error): this is no watchdog device; set fencing.watchdog to one"
        case .closingDisarms(let path, let identity):
            "watchdog \(path) (\(identity)) disarms itself when its file is closed: a crash of the daemon would leave "
                + "this host unguarded; load its driver with nowayout=1, or use a driver with magic close"
        case .softdogNotAllowed(let path):
            "watchdog \(path) is the kernel's software watchdog: a hung kernel does not reset this host; use a "
                + "hardware watchdog, or set fencing.allow-softdog = true and accept that"
        case .timeoutOutOfRange(let path, let identity, let seconds, let least, let most):
            "watchdog \(path) (\(identity)) takes \(least) s at least"
                + (most > 0 ? " and \(most) s at most" : "")
                + "; this profile needs \(seconds) s: choose another "
                + "timing profile (docs/WATCHDOGS.md) or another device"
        case .timeoutRefused(let error, let seconds):
            "\(error): the timeout of \(seconds) s was refused; choose another timing profile or another driver"
        case .notInherited(let error):
            "\(error): the descriptor kept by systemd is not the watchdog; it was closed and is opened anew"
        case .cannotDisarm(let error):
            "\(error): the watchdog could not be disarmed; this host is reset unless the daemon goes on feeding it"
        }
    }
}
