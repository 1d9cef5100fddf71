import AdminProtocol
import DaemonConfig
import LinuxPlatform

/// What weakens protection on this host: told at the start and in every status, never only once.
enum SafetyWarnings {
    /// The warnings that follow from the configuration alone.
    static func ofConfiguration(_ settings: DaemonSettings) -> [WarningReport] {
        var list: [WarningReport] = []
        func warn(_ code: String, _ message: String) {
            list.append(WarningReport(code: code, message: message))
        }
        if settings.policy.removalLimit == 0 {
            warn(
                "removal-limit-off",
                "policy.removal-limit = 0: a host that flaps is let in again and again, and its machines are"
                    + " restarted"
                    + " each time [FAULT-7]"
            )
        }
        if settings.policy.selfFenceLimit == 0 {
            warn(
                "self-fence-limit-off",
                "policy.self-fence-limit = 0: a host that fences itself after each boot does so for ever"
                    + " [FAULT-8]"
            )
        }
        if settings.policy.crashLimit == 0 {
            warn(
                "crash-limit-off",
                "policy.crash-limit = 0: a host whose daemon crashes again and again goes on with it"
            )
        }
        if settings.fencing.allowSoftdog {
            warn(
                "softdog-allowed",
                "fencing.allow-softdog = true: the software watchdog does not reset a host whose kernel"
                    + " hangs, and its"
                    + " machines may then run twice"
            )
        }
        if settings.fencing.guestCgroup == nil {
            warn(
                "no-guest-cgroup",
                "fencing.guest-cgroup is not set: a host that fences itself cannot prove its guests stopped,"
                    + " so the"
                    + " others wait for its certificate by lease (D) instead of its tombstone"
            )
        }
        if settings.heartbeat.networks.count == 1 {
            warn(
                "one-network",
                "one heartbeat network: a single switch or cable can partition the pool; configure a second"
                    + " one"
            )
        }
        if settings.heartbeat.networks.allSatisfy({ $0.interfaces.isEmpty && $0.witness == nil }) {
            warn(
                "no-link-evidence",
                "no network has interfaces or a witness: a broken cable here cannot be told from one at a"
                    + " peer (netOK)"
            )
        }
        return list
    }

    /// Memory that may be paged out.
    static func notLocked(_ error: SystemError) -> WarningReport {
        WarningReport(
            code: "no-mlock",
            message:
                "memory is not locked (\(error)): under memory pressure a page fault can stop a loop and"
                + " fence this"
                + " host; run with CAP_IPC_LOCK or LimitMEMLOCK=infinity"
        )
    }

    /// A thread without its priority.
    static func notRealtime(_ thread: String, _ grant: RealtimeGrant) -> WarningReport? {
        switch grant {
        case .granted, .ordinary: return nil
        case .refused: return WarningReport(code: "no-realtime", message: "the \(thread) thread: \(grant)")
        }
    }

    /// No immediate reset by sysrq.
    static func noSysrq(_ path: String) -> WarningReport {
        WarningReport(
            code: "no-sysrq",
            message: "\(path) cannot be written: this host is reset by its watchdog alone"
        )
    }

    /// The software watchdog is in use.
    static func softdog(_ facts: WatchdogFacts) -> WarningReport {
        WarningReport(
            code: "softdog",
            message:
                "watchdog \(facts.path) is the kernel's software watchdog: a hung kernel does not reset this"
                + " host"
        )
    }

    /// A crash dump is wanted and nothing could write one.
    static let noCrashKernel = WarningReport(
        code: "no-crash-kernel",
        message:
            "fencing.end = \"crash-dump\", but no crash kernel is loaded (kdump): this host is reset instead"
    )

    /// softdog stands still with a kernel that panicked, unless the kernel resets by itself.
    static func panicStandsStill(_ facts: WatchdogFacts, kernelPanic: String?) -> WarningReport? {
        guard facts.isSoftdog, kernelPanic == "0" else { return nil }
        return WarningReport(
            code: "softdog-panic",
            message:
                "watchdog \(facts.path) is not fed and not tripped by a kernel that panicked, and kernel.panic = 0:"
                + " such a host stands still until somebody resets it; set kernel.panic = 5"
        )
    }

    /// The watchdog cannot warn the kernel before its timeout.
    static func noPretimeout(_ facts: WatchdogFacts) -> WarningReport {
        WarningReport(
            code: "no-pretimeout",
            message:
                "fencing.watchdog-pretimeout is set, but watchdog \(facts.path) (\(facts.identity)) offers none:"
                + " a host that it resets leaves no dump"
        )
    }
}
