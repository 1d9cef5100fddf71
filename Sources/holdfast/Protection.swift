import AdminProtocol

/// What is missing for the guests of one host to be protected, as sentences.
struct Protection {
    /// What is missing; empty when nothing is.
    let shortcomings: [String]

    /// Whether nothing is missing.
    var isFull: Bool { shortcomings.isEmpty }

    /// Looks through a report.
    init(of report: StatusReport) {
        var found: [String] = []
        switch report.poolState {
        case .active: break
        // A host that adopted no view knows nothing of the pool's state.
        case .enabling where report.isOutsideOfThePool: break
        case .enabling:
            found.append("the pool is still enabling: no machine is restarted before every host has joined")
        case .disabled:
            found.append("high availability is off for the pool; 'holdfast pool ha-enable' turns it on")
        }
        if report.phase != .member {
            found.append(Protection.sentence(of: report.phase, report.joinObstacle))
        }
        if report.phase == .member || report.phase == .leaving {
            if !report.fencing.isArmed {
                found.append("the watchdog is not armed: \(report.fencing.trouble ?? "no device was opened")")
            }
            if report.lease.ground == .none {
                found.append("this host has no lease: it is about to fence itself")
            }
        }
        if !report.statefile.isLive {
            let trouble = report.statefile.trouble ?? "no round succeeded lately"
            found.append("the statefile \(report.statefile.path) cannot be used: \(trouble)")
        }
        for way in report.statefile.ways where report.statefile.isLive && way.state == "failed" {
            found.append("the way to the statefile over \(way.name) has failed; the others carry it")
        }
        if report.statefile.isLive, report.statefile.isHanging, let trouble = report.statefile.trouble {
            found.append(trouble)
        }
        if report.hold {
            found.append("a hold is in force: no host hears another, the statefile alone carries liveness")
        }
        if !report.netOK {
            found.append("a heartbeat link of this host is down or its witness does not answer")
        }
        for network in report.networks where !network.isOpen || network.trouble != nil {
            found.append("heartbeat network \(network.name): \(network.trouble ?? "its socket is not open")")
        }
        found += report.hosts.filter { $0.standing == .member && !$0.isOwn }.compactMap(Protection.trouble)
        let gone = report.hosts.filter { $0.standing != .member && !$0.isOwn }.map(\.name)
        if !gone.isEmpty, report.phase == .member {
            found.append("not in the liveset: \(gone.joined(separator: ", ")); see 'holdfast why \(gone[0])'")
        }
        shortcomings = found
    }

    /// What is wrong with another member, as this host sees it.
    private static func trouble(of member: HostReport) -> String? {
        if member.phase == .unguarded { return "\(member.name) runs unguarded after an emergency disable" }
        if !member.isHeard { return "\(member.name) is not heard over the network" }
        if !member.isStorageLive { return "\(member.name) has lost its storage" }
        if !member.netOK {
            return "a heartbeat link of \(member.name) is down or its witness does not answer"
        }
        return nil
    }

    private static func sentence(of phase: PhaseWord, _ obstacle: JoinObstacleReport?) -> String {
        let state =
            switch phase {
            case .empty: "this host has not started to join"
            case .joining: "this host is not in the liveset yet"
            case .member: "this host is in the liveset"
            case .leaving: "this host is leaving"
            case .left: "this host has left the pool"
            case .fenced: "this host has fenced itself"
            case .unguarded: "this host runs unguarded after an emergency disable"
            case .heldOut: "this host stays out of the liveset by itself"
            case .disabled: "this host is disarmed, the pool is disabled"
            }
        guard let obstacle else { return state }
        return "\(state): \(obstacle.sentence)"
    }
}

extension StatusReport {
    /// The newest view that any host shows.
    var newestEpochShown: UInt64 { hosts.map(\.epoch).max() ?? 0 }

    /// The pool has views, and this run of the host's daemon has adopted none of them.
    var isOutsideOfThePool: Bool { epoch == 0 && newestEpochShown > 0 }
}
