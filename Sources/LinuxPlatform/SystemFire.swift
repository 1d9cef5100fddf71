import CLinux
public import NodeRuntime
public import PoolModel

/// Stops this host: sysrq, again and again; reboot(2) as the last resort.
///
/// sysrq *b* and *c* neither sync nor unmount nor shut devices down: a host whose lease is over must not
/// write
/// another byte. *o* does, which is why it comes only once every guest is stopped. In a PID namespace
/// reboot(2) ends the namespace only, which is how the lab runs it; nothing but the fence loop may ever
/// call this.
public struct SystemFire: FirePort, ~Copyable, Sendable {
    private let sysrq: Int32
    private let end: FenceEnd
    private var fireCount = 0

    /// Opens the sysrq file now, for at the moment of firing nothing may be looked up.
    ///
    /// nil: none; the watchdog resets the host. `end` is what is tried first; a crash dump without a
    /// crash kernel is a
    /// reset.
    public init(sysrqPath: String?, end: FenceEnd = .reset) {
        self.end = end == .crashDump && !SystemFire.hasCrashKernel ? .reset : end
        guard let sysrqPath else {
            sysrq = -1
            return
        }
        sysrq = unsafe hf_open(sysrqPath, OpenMode.write.rawValue, 0)
    }

    /// Whether the sysrq file is open; without it the host relies on its watchdog.
    public var hasSysrq: Bool { sysrq >= 0 }

    /// Whether a crash kernel is loaded that could write a dump.
    public static var hasCrashKernel: Bool {
        SmallFile.firstLine(of: "/sys/kernel/kexec_crash_loaded") == "1"
    }

    deinit { if sysrq >= 0 { _ = hf_close(sysrq) } }

    /// The command for sysrq; after the first one that did nothing only the plain reset is left.
    static func command(_ end: FenceEnd, guestsStopped: Bool, isFirst: Bool) -> UInt8 {
        switch end {
        case .powerOff where isFirst && guestsStopped: UInt8(ascii: "o")
        case .crashDump where isFirst: UInt8(ascii: "c")
        case .reset, .powerOff, .crashDump: UInt8(ascii: "b")
        }
    }

    /// Asks the kernel to stop the host now.
    ///
    /// The power-off is given the time of a few calls before it is cut short by a reset.
    public mutating func fire(guestsStopped: Bool) {
        var command = SystemFire.command(end, guestsStopped: guestsStopped, isFirst: fireCount < patience)
        fireCount += 1
        guard sysrq >= 0 else { return }
        // One byte is read from `command`.
        _ = unsafe hf_write(sysrq, &command, 1)
    }

    /// How many calls, a second apart, the chosen end gets: devices take their time to switch off.
    private var patience: Int { end == .powerOff ? 10 : 1 }

    /// The kernel's orderly reboot.
    ///
    /// The corresponding C function is `reboot(RB_AUTOBOOT)`.
    public mutating func reboot() {
        // A host that is switching itself off is not rebooted.
        guard fireCount >= patience else { return }
        _ = hf_reset_host()
    }
}
