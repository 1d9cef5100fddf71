internal import LabPlatform

/// The configuration file of one host of the lab, as an operator would write it.
struct HostConfiguration {
    let plan: LabPlan
    /// From 1.
    let host: Int

    private var name: String { "lab\(host)" }
    private var paths: HostPaths { LabPaths(root: plan.directory).host(name) }

    /// The port of the heartbeat.
    static let port = 7694

    /// The whole file.
    var text: String {
        let limit = plan.keepsLimits ? 3 : 0
        let weight = plan.weights.indices.contains(host - 1) ? plan.weights[host - 1] : 100
        return """
            # Written by holdfast-lab for \(name) of lab '\(plan.id)'.
            [host]
            name = "\(name)"
            weight = \(weight)
            boot-id-file = "\(paths.bootId)"
            [pool]
            key-file = "\(paths.key)"
            [timing]
            profile = "\(plan.profile)"
            [heartbeat]
            port = \(HostConfiguration.port)
            \(networks.joined(separator: "\n"))
            [statefile]
            path = "\(paths.statefile)"
            late-write-wait = "\(lateWriteWait)"
            [fencing]
            watchdog = "\(paths.watchdog)"
            sysrq = "\(paths.sysrq)"
            \(plan.cgroup.map { "guest-cgroup = \"\($0)/\(name)/guests\"" } ?? "")
            [policy]
            on-storage-loss = "\(plan.onStorageLoss)"
            on-even-partition = "\(plan.onEvenPartition)"
            # [FAULT-7] and [FAULT-8]: \(plan.keepsLimits ? "as in production" : "off in this lab")
            removal-limit = \(limit)
            self-fence-limit = \(limit)
            # A lab kills daemons as often as it likes.
            crash-limit = 0
            [paths]
            state-directory = "\(paths.state)"
            run-directory = "\(paths.run)"
            [manager]
            driver = "process"
            guest-directory = "\(paths.run)/guests"
            memory = "4 GiB"

            """
    }

    /// A regular file would need no wait; where the lab lets writes land late, the daemon is told for how
    /// long.
    private var lateWriteWait: String {
        plan.lateWriteMilliseconds == 0 ? "0s" : "\(plan.lateWriteMilliseconds + 500)ms"
    }

    private var networks: [String] {
        LabLink.allCases.prefix(plan.heartbeatNetworkCount).map { link in
            let peers = (1...plan.hostCount).filter { $0 != host }.map { peer in
                "lab\(peer) = \"\(endpoint(of: peer, on: link))\""
            }
            return """
                [[heartbeat.network]]
                name = "\(link.rawValue)"
                bind = "\(bindAddress(on: link))"
                \(plan.mode == .netns ? "interfaces = [\"\(link.interface)\"]" : "")
                \(plan.hasWitness ? "witness = \"\(NetworkPlan(plan).witness(on: link))\"" : "")
                [heartbeat.network.peers]
                \(peers.joined(separator: "\n"))
                """
        }
    }

    private func bindAddress(on link: LabLink) -> String {
        switch plan.mode {
        case .netns: NetworkPlan(plan).address(host, on: link)
        case .loopback: RelayPlan(plan).address(host, on: link)
        }
    }

    private func endpoint(of peer: Int, on link: LabLink) -> String {
        switch plan.mode {
        case .netns: NetworkPlan(plan).address(peer, on: link)
        case .loopback: RelayPlan(plan).endpoint(from: host, to: peer, on: link)
        }
    }
}
