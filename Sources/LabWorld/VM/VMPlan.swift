internal import LabPlatform

/// Everything that is decided about a pool of virtual machines before it starts.
public struct VMPlan: Sendable {
    /// Hosts, folder, binaries, machines, profile and policies, as in any lab.
    public var lab: LabPlan
    /// Which kernel boots; with it comes the watchdog: softdog, or the i6300esb card of the full kernel.
    public var kernel: VMKernel.Kind
    /// The host, from 1, on which neither sysrq nor reboot(2) resets anything; nil for none.
    public var cagedHost: Int?
    /// Memory of each host.
    public var memoryMebibytes = 512

    /// A plan with the usual settings.
    public init(lab: LabPlan, kernel: VMKernel.Kind) {
        self.lab = lab
        self.lab.hostsHaveOwnClocks = true
        self.kernel = kernel
    }

    /// The driver that is loaded for the watchdog, with its parameters.
    var watchdogModule: String { kernel == .cloud ? "softdog" : "i6300esb" }

    /// The network namespace in which the machines' network lies.
    var networkNamespace: String { "hfvm-\(lab.id)" }

    /// A host's address.
    func address(_ host: Int) -> String { "10.88.0.\(host)" }

    /// What keeps this plan from being built.
    func check() throws(LabError) {
        try lab.check()
        guard lab.hostCount <= 4 else {
            throw LabError(
                "\(lab.hostCount) virtual machines: 2 to 4 can be emulated in time on this machine"
            )
        }
        guard Processes.isRoot else {
            throw LabError(
                "virtual machines need root, for their network namespace and their disks: use sudo"
            )
        }
        for program in ["/usr/bin/qemu-system-x86_64", "/bin/busybox"] where !FileTree.isExecutable(program) {
            throw LabError("\(program) is missing: run scripts/install-vm-deps.sh")
        }
    }
}
