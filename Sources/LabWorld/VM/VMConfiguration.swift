/// The configuration file of one virtual machine of the lab, as an operator would write it.
struct VMConfiguration {
    let plan: VMPlan
    /// From 1.
    let host: Int

    private var peers: String {
        (1...plan.lab.hostCount).filter { $0 != host }.map { "lab\($0) = \"\(plan.address($0))\"" }
            .joined(separator: "\n")
    }

    private var sysrq: String {
        plan.cagedHost == host ? "/lab/no-sysrq-here" : "/proc/sysrq-trigger"
    }

    /// The whole file.
    var text: String {
        """
        # Written by 'holdfast-lab vm' for lab\(host).
        [host]
        name = "lab\(host)"
        [pool]
        key-file = "/lab/pool.key"
        [timing]
        profile = "\(plan.lab.profile)"
        [heartbeat]
        [[heartbeat.network]]
        name = "mgmt"
        bind = "\(plan.address(host))"
        interfaces = ["eth0"]
        [heartbeat.network.peers]
        \(peers)
        [statefile]
        path = "/dev/vda"
        # What was under way at a reset is dropped by the lab's disk service.
        late-write-wait = "0s"
        [fencing]
        watchdog = "/dev/watchdog"
        \(plan.kernel == .cloud ? "allow-softdog = true" : "")
        sysrq = "\(sysrq)"
        guest-cgroup = "/sys/fs/cgroup/guests"
        [policy]
        on-storage-loss = "\(plan.lab.onStorageLoss)"
        # [FAULT-7] and [FAULT-8] are off: one run fences a host many times.
        removal-limit = 0
        self-fence-limit = 0
        crash-limit = 0
        [paths]
        state-directory = "/state/holdfast"
        run-directory = "/run/holdfast"
        [manager]
        driver = "process"
        guest-directory = "/run/holdfast/guests"
        memory = "4 GiB"

        """
    }
}
