/// Something that was seen of a virtual machine from outside, with the lab's time of it.
public struct VMHappening: Sendable, Equatable {
    /// What it was.
    public enum Kind: Sendable, Equatable {
        /// A line on its console.
        case line(String)
        /// Its watchdog card ran out (the hypervisor says so).
        case watchdogCard
        /// It was reset.
        case reset
        /// It powered itself off.
        case off
    }

    /// CLOCK_BOOTTIME of the machine that the lab runs on.
    public var at: Int64
    /// What it was.
    public var kind: Kind

    /// How a host was stopped.
    public enum End: String, Sendable {
        /// sysrq *b*.
        case sysrq
        /// reboot(2).
        case reboot
        /// The software watchdog ran out.
        case softdog
        /// The watchdog card ran out.
        case card
        /// The kernel itself, some seconds after a panic (kernel.panic).
        case panic
    }

    /// The end of the host that this tells; nil when it tells none.
    ///
    /// The texts are those of drivers/tty/sysrq.c, kernel/reboot.c and drivers/watchdog/softdog.c of
    /// the kernel.
    public var end: End? {
        switch kind {
        case .watchdogCard: .card
        case .line(let text) where text.contains("sysrq: Resetting"): .sysrq
        case .line(let text) where text.contains("softdog: Initiating system reboot"): .softdog
        case .line(let text) where text.contains("reboot: Restarting system"): .reboot
        case .line, .reset, .off: nil
        }
    }
}
