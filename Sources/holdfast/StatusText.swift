import AdminProtocol

/// A status report as a page for a terminal.
struct StatusText {
    let report: StatusReport
    let ink: Ink

    /// The page.
    var text: String {
        let parts = [
            title, ownHost, hosts, LivesetMatrix(hosts: report.hosts, ink: ink).text, rejections, findings,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var title: String {
        let master = report.master.map { "master \($0)" } ?? "no master"
        let acting = report.isActingMaster ? " (acting here)" : ""
        let generation = report.generation.isEmpty ? "no statefile read yet" : "pool \(report.generation)"
        let start = "\(ink.strong(report.host)) · \(generation) · "
        if report.isOutsideOfThePool {
            return start + ink.warning("no view adopted here")
                + ", the pool is at view \(report.newestEpochShown)"
        }
        let state = ink.verdict(report.poolState == .active, "\(report.poolState.rawValue)")
        return start + "\(state), view \(report.epoch) · \(master)\(acting)"
    }

    private var ownHost: String {
        var lines = [
            line("host", "\(report.phase.rawValue), incarnation \(report.incarnation.number)" + guests),
            line("lease", lease), line("fencing", fencing), line("statefile", statefile),
        ]
        lines += ways.map { line("way", $0) }
        lines += report.networks.map { line("network", network($0)) }
        lines.append(line("timing", timing))
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ value: String) -> String {
        "  " + ink.faint(name + String(repeating: " ", count: 11 - name.count)) + value
    }

    private var guests: String { report.hasGuests ? ", guests run here" : ", no guest runs here" }

    private var lease: String {
        let left = TimeText.span(report.lease.leftMilliseconds)
        switch report.lease.ground {
        case .none: return ink.warning("none")
        case .storage: return ink.good("by own statefile rounds, \(left) left")
        case .vouched: return ink.warning("by the vouches of peers (own storage is lost), \(left) left")
        case .allLost: return ink.warning("because every member lost its storage, \(left) left")
        }
    }

    private var fencing: String {
        let fencing = report.fencing
        let device = fencing.path + (fencing.identity.map { " (\($0))" } ?? "")
        guard fencing.isArmed else {
            let isWanted = report.phase == .member || report.phase == .leaving
            let text = "not armed: \(device)" + (fencing.trouble.map { ": \($0)" } ?? "")
            return isWanted ? ink.bad(text) : ink.warning(text)
        }
        let timeout = TimeText.span(fencing.timeoutMilliseconds)
        let soft = fencing.isSoftdog ? ink.warning(", software watchdog") : ""
        return ink.good("armed: \(device), resets after \(timeout)") + soft
    }

    private var statefile: String {
        let statefile = report.statefile
        let age = TimeText.span(statefile.lastGoodRoundAgeMilliseconds)
        let trouble = statefile.trouble.map { ": \($0)" } ?? ""
        let text = "\(statefile.path), last good round \(age)" + (age == "never" ? "" : " ago")
        if statefile.isLive { return ink.good(text) + (statefile.isHanging ? ink.warning(trouble) : "") }
        return ink.bad(text + trouble)
    }

    /// The ways to the statefile, where there are several or one has failed.
    private var ways: [String] {
        let ways = report.statefile.ways
        guard ways.count > 1 || ways.contains(where: { $0.failureCount > 0 }) else { return [] }
        return ways.map { way in
            let isWell = way.state == "active" || way.state == "standby"
            var parts = ["\(way.name) " + ink.verdict(isWell, way.state)]
            if let age = way.stateAgeMilliseconds { parts[0] += " for \(TimeText.span(age))" }
            if let last = way.lastLatencyMicroseconds, let longest = way.longestLatencyMicroseconds {
                parts.append("newest request \(milliseconds(last)), longest \(milliseconds(longest))")
            }
            if way.failureCount > 0 { parts.append("failed \(way.failureCount) times") }
            return parts.joined(separator: ", ")
        }
    }

    private func milliseconds(_ microseconds: Int) -> String { "\(Double(microseconds / 10) / 100) ms" }

    private func network(_ network: NetworkReport) -> String {
        var parts = ["\(network.name) \(network.bind)"]
        for (name, hasCarrier) in network.interfaces.sorted(by: { $0.key < $1.key }) {
            parts.append("\(name) " + ink.verdict(hasCarrier, hasCarrier ? "up" : "no carrier"))
        }
        if let witness = network.witness {
            let answers = network.witnessAnswers ?? false
            parts.append(
                "witness \(witness) " + ink.verdict(answers, answers ? "answers" : "does not answer")
            )
        }
        if let trouble = network.trouble { parts.append(ink.bad(trouble)) }
        if !network.isOpen { parts.append(ink.bad("socket not open")) }
        return parts.joined(separator: ", ")
    }

    private var timing: String {
        let timing = report.timing
        let dead = TimeText.span(timing.certainlyDeadMilliseconds)
        return
            "\(timing.choice): grace \(TimeText.span(timing.graceMilliseconds)), certainly dead after \(dead)"
    }

    private var hosts: String {
        var table = TextTable([
            "HOST", "LIVESET", "PHASE", "LIFE", "VIEW", "HEARTBEAT", "SLOT", "STORAGE", "LINKS", "GUESTS",
        ])
        for host in report.hosts { table.add(row(of: host)) }
        return table.text(ink, indent: "  ")
    }

    private func row(of host: HostReport) -> [TextTable.Cell] {
        let isSeen = host.phase != .empty
        return [
            .init(host.name + (host.name == report.master ? " *" : "")) { $0.strong },
            .init(liveset(host)) { ink in { ink.verdict(host.standing == .member, $0) } },
            .init(host.phase.rawValue),
            .init("\(host.incarnation.number)"),
            .init("\(host.epoch)") { ink in { host.epoch == report.epoch ? $0 : ink.warning($0) } },
            .init(host.isOwn ? "own" : TimeText.span(host.heartbeatAgeMilliseconds)) { ink in
                { host.isOwn || host.isHeard ? $0 : ink.bad($0) }
            },
            .init(slot(host)) { ink in { host.isStorageLive ? $0 : ink.bad($0) } },
            .init(isSeen ? host.isStorageLive ? "live" : "lost" : "-") { ink in
                { host.isStorageLive ? $0 : ink.bad($0) }
            },
            .init(isSeen ? host.netOK ? "ok" : "down" : "-") { ink in { host.netOK ? $0 : ink.bad($0) } },
            .init(isSeen ? host.hasGuests ? "yes" : "no" : "-"),
        ]
    }

    private func liveset(_ host: HostReport) -> String {
        switch host.standing {
        case .member: "member"
        case .removed: host.isInLiveset ? "removed" : "dead"
        case .absent: "-"
        }
    }

    private func slot(_ host: HostReport) -> String {
        if host.isOwn { return "own" }
        switch host.slotVerdict {
        case .valid: return TimeText.span(host.slotAgeMilliseconds)
        case .torn: return host.slotAgeMilliseconds == nil ? "never" : "torn"
        case .foreign: return "foreign"
        }
    }

    private var rejections: String {
        guard !report.rejections.isEmpty else { return "" }
        let counts = report.rejections.map { "\($0.place) \($0.cause) \($0.count)" }
        return "  " + ink.faint("refused   ") + " " + ink.warning(counts.joined(separator: ", "))
    }

    private var findings: String {
        let protection = Protection(of: report)
        let head = protection.isFull ? [ink.good("  protected: nothing is missing")] : []
        let missing = protection.shortcomings.map { ink.bad("  ! ") + $0 }
        let warnings = report.warnings.map { ink.warning("  ~ \($0.code): ") + $0.message }
        return (head + missing + warnings).joined(separator: "\n")
    }
}
