import CLinux
public import NodeRuntime

/// Resets this host: sysrq *b*, then reboot(2); the unfed watchdog is the third way.
///
/// Neither way syncs or unmounts: a host whose lease is over must not write another byte. In a PID namespace
/// reboot(2) ends the namespace only, which is how the lab runs it; nothing else may ever call `fire`.
public struct SystemFire: FirePort, ~Copyable, Sendable {
    private let sysrq: Int32

    /// Opens the sysrq file now, for at the moment of firing nothing may be looked up.
    ///
    /// nil: only reboot(2).
    public init(sysrqPath: String?) {
        guard let sysrqPath else {
            sysrq = -1
            return
        }
        sysrq = unsafe hf_open(sysrqPath, OpenMode.write.rawValue, 0)
    }

    /// Whether the sysrq file is open; without it the host relies on reboot(2) and the watchdog.
    public var hasSysrq: Bool { sysrq >= 0 }

    deinit { if sysrq >= 0 { _ = hf_close(sysrq) } }

    /// Resets the host; returns only when every way failed.
    public mutating func fire() {
        if sysrq >= 0 {
            var command = UInt8(ascii: "b")
            // One byte is read from `command`.
            _ = unsafe hf_write(sysrq, &command, 1)
        }
        _ = hf_reset_host()
    }
}
