internal import AdminProtocol
internal import LabPlatform
internal import LabWorld
internal import PoolModel

/// One thing that is done to a pool of virtual machines, and what has to come of it.
struct VMTrial {
    /// What came of it.
    struct Outcome {
        var seen: String
        /// From the fault to what was seen.
        var seconds: Double
        var isAsExpected: Bool
    }

    /// How it is asked for.
    var name: String
    /// What has to come of it, with its bound.
    var expected: String
    /// Does it.
    var run: (VMDrill) throws(LabError) -> Outcome
}

/// The trials.
enum VMTrials {
    /// Those that this pool can be put through.
    static func all(_ drill: VMDrill) -> [VMTrial] {
        let isSoftdog = drill.pool.plan.kernel == .cloud
        var trials = [sysrq(drill)]
        if drill.pool.plan.cagedHost != nil { trials.append(watchdogOnly(drill)) }
        trials += [
            killed(drill), stopped(drill), starved(drill), isSoftdog ? panicWithTimeout(drill) : panic(drill),
        ]
        return trials + [storageOfOne(drill), storageOfAll(drill), memory(drill), hungFileSystem(drill)]
    }

    /// The host that trials strike; the last one of three is caged (neither sysrq nor reboot(2) resets it).
    private static let victim = 2

    // MARK: what fences

    private static func sysrq(_ drill: VMDrill) -> VMTrial {
        let bound = ladder(drill)
        return VMTrial(name: "sysrq", expected: "reset by sysrq within \(words(bound)) of its end of lease") {
            drill throws(LabError) in
            let since = LabClock.now
            let host = drill.host(victim)
            try drill.order(drill.host(1), "holdfast host fence \(host.name) --yes --by holdfast-lab")
            return try judge(drill, host, since: since, by: [.sysrq], from: .fence, bound: bound)
        }
    }

    private static func watchdogOnly(_ drill: VMDrill) -> VMTrial {
        let timing = drill.timing
        let bound = (timing.watchdog + timing.feedPeriod).inSeconds + slack
        return VMTrial(
            name: "watchdog-only",
            expected: "sysrq and reboot(2) do nothing: watchdog within \(words(bound))"
        ) { drill throws(LabError) in
            let since = LabClock.now
            let host = drill.host(drill.pool.hosts.count)
            try drill.order(drill.host(1), "holdfast host fence \(host.name) --yes --by holdfast-lab")
            return try judge(drill, host, since: since, by: [.softdog, .card], from: .fence, bound: bound)
        }
    }

    private static func storageOfOne(_ drill: VMDrill) -> VMTrial {
        let bound = drill.timing.grace.inSeconds + ladder(drill)
        return VMTrial(
            name: "storage-of-one",
            expected: "its statefile hangs: reset by sysrq within \(words(bound))"
        ) {
            drill throws(LabError) in
            let since = LabClock.now
            let host = drill.host(victim)
            try host.setPath(.stalled)
            return try judge(drill, host, since: since, by: [.sysrq], from: .fault, bound: bound)
        }
    }

    private static func storageOfAll(_ drill: VMDrill) -> VMTrial {
        let hanging = drill.timing.grace.inSeconds * 2
        return VMTrial(
            name: "storage-of-all",
            expected: "every statefile hangs for \(words(hanging)): nobody is reset"
        ) {
            drill throws(LabError) in
            let since = LabClock.now
            for host in drill.pool.hosts { try host.setPath(.stalled) }
            let ended = try drill.watch(seconds: hanging, since: since)
            for host in drill.pool.hosts { try host.setPath(.healthy) }
            return unharmed(ended, since: since)
        }
    }

    // MARK: what happens to the daemon

    private static func killed(_ drill: VMDrill) -> VMTrial {
        let watched = (drill.timing.watchdog * 2).inSeconds
        return VMTrial(
            name: "daemon-killed",
            expected: "SIGKILL: the same view after \(words(watched)), nobody is reset"
        ) {
            drill throws(LabError) in
            let host = drill.host(victim)
            let before = drill.status(of: host)
            let since = LabClock.now
            try drill.order(host, "kill -9 $(pidof holdfastd)")
            let ended = try drill.watch(seconds: watched, since: since)
            var outcome = unharmed(ended, since: since)
            let after = drill.status(of: host)
            let isSame =
                after?.epoch == before?.epoch && after?.incarnation.number == before?.incarnation.number
            if outcome.isAsExpected, !isSame || after?.incarnation.nonce == before?.incarnation.nonce {
                outcome.isAsExpected = false
                outcome.seen = "epoch \(before?.epoch ?? 0) became \(after?.epoch ?? 0)"
            }
            return outcome
        }
    }

    private static func stopped(_ drill: VMDrill) -> VMTrial {
        let timing = drill.timing
        let bound = (timing.watchdog + timing.feedPeriod).inSeconds + slack
        return VMTrial(
            name: "daemon-stopped",
            expected: "SIGSTOP: reset by the watchdog within \(words(bound))"
        ) {
            drill throws(LabError) in
            let since = LabClock.now
            let host = drill.host(victim)
            try drill.order(host, "kill -STOP $(pidof holdfastd)")
            return try judge(drill, host, since: since, by: [.softdog, .card], from: .fault, bound: bound)
        }
    }

    // MARK: what happens to the host

    private static func starved(_ drill: VMDrill) -> VMTrial {
        let timing = drill.timing
        let bound = (timing.grace + timing.feedPeriod).inSeconds + 1 + slack
        return VMTrial(
            name: "cpu-starved",
            expected: "SCHED_RR 99 hogs on every CPU: reset within \(words(bound))"
        ) {
            drill throws(LabError) in
            let since = LabClock.now
            let host = drill.host(victim)
            try drill.launch(
                host,
                "echo -1 >/proc/sys/kernel/sched_rt_runtime_us; "
                    + "for i in 1 2; do /lab/bin/chrt -r 99 sh -c 'while :; do :; done' & done"
            )
            return try judge(
                drill,
                host,
                since: since,
                by: [.sysrq],
                from: .launch,
                bound: bound
            )
        }
    }

    private static func panic(_ drill: VMDrill) -> VMTrial {
        let timing = drill.timing
        let bound = (timing.watchdog + timing.feedPeriod).inSeconds + slack
        return VMTrial(name: "kernel-panic", expected: "reset by the watchdog within \(words(bound))") {
            drill throws(LabError) in
            let since = LabClock.now
            let host = drill.host(victim)
            try drill.launch(host, "echo c >/proc/sysrq-trigger")
            return try judge(drill, host, since: since, by: [.card], from: .launch, bound: bound)
        }
    }

    /// softdog stands still with the kernel that panicked (seen): the kernel has to reset by itself.
    private static func panicWithTimeout(_ drill: VMDrill) -> VMTrial {
        let bound = 2 + slack
        return VMTrial(
            name: "kernel-panic",
            expected: "kernel.panic = 2: reset by the kernel within \(words(bound))"
        ) {
            drill throws(LabError) in
            let since = LabClock.now
            let host = drill.host(victim)
            try drill.launch(host, "echo 2 >/proc/sys/kernel/panic; echo c >/proc/sysrq-trigger")
            return try judge(drill, host, since: since, by: [.panic], from: .launch, bound: bound)
        }
    }

    private static func memory(_ drill: VMDrill) -> VMTrial {
        let watched = drill.timing.grace.inSeconds * 2
        return VMTrial(name: "memory-exhausted", expected: "a hog until the kernel ends it: nobody is reset")
        {
            drill throws(LabError) in
            let host = drill.host(victim)
            let since = LabClock.now
            try drill.launch(host, "dd if=/dev/zero of=/dev/null bs=2G count=1")
            let ended = try drill.watch(seconds: watched, since: since)
            var outcome = unharmed(ended, since: since)
            let wasEnded =
                host.line(with: "Killed process", since: since)
                ?? host.line(with: "Out of memory", since: since)
            if outcome.isAsExpected, wasEnded == nil {
                outcome.isAsExpected = false
                outcome.seen = "the kernel never ran out of memory"
            }
            return outcome
        }
    }

    private static func hungFileSystem(_ drill: VMDrill) -> VMTrial {
        let bound = ladder(drill)
        return VMTrial(
            name: "file-system-hung",
            expected: "the daemon's own files hang: reset by sysrq within \(words(bound)) of its end of lease"
        ) { drill throws(LabError) in
            let host = drill.host(victim)
            try drill.order(host, "fsfreeze --freeze /state")
            let since = LabClock.now
            try drill.order(drill.host(1), "holdfast host fence \(host.name) --yes --by holdfast-lab")
            return try judge(drill, host, since: since, by: [.sysrq], from: .fence, bound: bound)
        }
    }

    // MARK: judging

    /// What a bound is measured from.
    private enum Start {
        /// The fault itself.
        case fault
        /// The line with which the launched program announced itself.
        case launch
        /// The daemon's own word that it fences this host.
        case fence
    }

    /// Emulated machines on a busy computer are late by this much.
    private static let slack = 1.0

    /// The longest that the fence ladder may take, and what emulation adds.
    private static func ladder(_ drill: VMDrill) -> Double {
        min(drill.timing.watchdog.inSeconds / 2, 1) + slack
    }

    private static func judge(
        _ drill: VMDrill,
        _ host: VMHost,
        since: Int64,
        by ways: Set<VMHappening.End>,
        from start: Start,
        bound: Double
    ) throws(LabError) -> VMTrial.Outcome {
        guard let end = try drill.waitForEnd(of: host, since: since, seconds: 90) else {
            return VMTrial.Outcome(seen: "not reset within 90 s", seconds: 90, isAsExpected: false)
        }
        let from =
            switch start {
            case .fault: since
            case .launch: drill.beginning(of: host, since: since)
            case .fence: host.line(with: "this host stops itself", since: since) ?? since
            }
        let seconds = Double(end.at - from) / 1e9
        return VMTrial.Outcome(
            seen: "reset by \(end.how.rawValue)",
            seconds: seconds,
            isAsExpected: ways.contains(end.how) && seconds <= bound
        )
    }

    private static func unharmed(_ ended: [String], since: Int64) -> VMTrial.Outcome {
        VMTrial.Outcome(
            seen: ended.isEmpty ? "nobody was reset" : "reset: \(ended.joined(separator: ", "))",
            seconds: Double(LabClock.now - since) / 1e9,
            isAsExpected: ended.isEmpty
        )
    }

    private static func words(_ seconds: Double) -> String { Timeline.short(seconds) }
}
