internal import LabPlatform

/// The command line of one emulator.
struct VMArguments {
    let plan: VMPlan
    let kernel: VMKernel
    let host: Int
    let initrd: String

    /// All of it; the sockets are made by the emulator.
    func words(monitor: String, shell: String) -> [String] {
        machine + console(shell) + ["-qmp", "unix:\(monitor),server=on,wait=off"] + network + disks + watchdog
    }

    private var machine: [String] {
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35", "-accel", "tcg", "-cpu",
            "max",
            "-smp", "1", "-m", "\(plan.memoryMebibytes)", "-name", "lab\(host)",
            "-kernel", kernel.image, "-initrd", initrd, "-append", commandLine,
        ]
    }

    private var commandLine: String {
        // no_timer_check: the kernel's test of its timer fails where emulation has to share a busy computer.
        let caged = plan.cagedHost == host ? "yes" : "no"
        return
            "console=ttyS0 quiet loglevel=5 no_timer_check lab.host=lab\(host) lab.address=\(plan.address(host))"
            + " lab.caged=\(caged) lab.disks=\(plan.lab.guests.map(\.name).joined(separator: ","))"
    }

    private func console(_ shell: String) -> [String] {
        [
            "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
            "-chardev", "socket,id=shell,path=\(shell),server=on,wait=off", "-serial", "chardev:shell",
        ]
    }

    /// A multicast group in the lab's own namespace is the switch.
    private var network: [String] {
        [
            "-netdev", "socket,id=net0,mcast=230.0.0.1:7695,localaddr=127.0.0.1",
            "-device", "virtio-net-pci,netdev=net0,id=nic0,mac=52:54:00:88:00:0\(host),romfile=",
        ]
    }

    /// The statefile, the host's own disk, the machines' disks, in this order: vda, vdb, vdc, ...
    private var disks: [String] {
        let paths = LabPaths(root: plan.lab.directory).host("lab\(host)")
        let shared = [paths.statefile] + [paths.root + "/state.img"]
        let guests = plan.lab.guests.map { paths.shared + "/guests/\($0.name).disk" }
        return (shared + guests).enumerated().flatMap { index, path in
            [
                // The lab's disk service answers a write once it is on the disk: nothing
                // may keep it back here.
                "-drive",
                "file=\(path),if=none,id=disk\(index),format=raw,cache=writethrough,file.locking=off",
                "-device", "virtio-blk-pci,drive=disk\(index),share-rw=on",
            ]
        }
    }

    private var watchdog: [String] {
        kernel.kind == .full ? ["-device", "i6300esb", "-action", "watchdog=reset"] : []
    }
}
