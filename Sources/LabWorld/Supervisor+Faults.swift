internal import Glibc
internal import LabPlatform

/// What can be done to hosts.
extension Supervisor {
    /// Does it, or says why not; nothing is done by halves where that can be told before.
    func apply(_ fault: LabFault) throws(LabError) {
        if let objection = objection(to: fault) { throw LabError(objection) }
        note("", "fault", fault.sentence)
        switch fault {
        case .powerOff(let list):
            for host in chosen(list) { hostEnded(host, cause: "power-off", staysOff: true) }
        case .powerOn(let list): for host in chosen(list) where host.power == .off { powerOn(host) }
        case .reset(let list): for host in chosen(list) { hostEnded(host, cause: "reset", staysOff: false) }
        case .cutStorage(let list, let failing): try setStorage(list, failing ? .failing : .stalled)
        case .slowStorage(let list, let milliseconds, let jitter):
            try setStorage(list, .slow(milliseconds: milliseconds, jitterMilliseconds: jitter))
        case .restoreStorage(let list, let shuffled): try healStorage(list, shuffled: shuffled)
        case .cutNetwork(let list, let link):
            for host in list { network.pulled.insert(LabPort(host, link)) }
            try applyNetwork()
        case .silenceNetwork(let list, let link):
            for host in list { network.silent.insert(LabPort(host, link)) }
            try applyNetwork()
        case .restoreNetwork(let list):
            for host in list { network.mend(host: host) }
            try applyNetwork()
        case .loseFrames(let list, let link, let percent):
            for host in list { network.loss[LabPort(host, link)] = percent }
            try applyNetwork()
        case .cutOneWay(let from, let to):
            network.oneWay.insert(LabDirection(from: from, to: to))
            try applyNetwork()
        case .freeze(let list): for host in chosen(list) { setFrozen(host, true) }
        case .thaw(let list): for host in chosen(list) { setFrozen(host, false) }
        case .kill(let list, let program): try kill(program, on: chosen(list))
        case .driftClock(let list, let rate):
            for host in chosen(list) { try HostClock.drift(host.paths.clock, partsPerMillion: rate) }
        case .heal: try heal()
        }
    }

    private func chosen(_ list: [Int]) -> [LabHost] { hosts.filter { list.contains($0.index) } }

    private func objection(to fault: LabFault) -> String? {
        guard plan.mode == .loopback else { return nil }
        return switch fault {
        case .cutNetwork:
            "loopback mode has no cables to pull: use --silent, or a lab in netns mode (root)"
        case .freeze, .thaw, .powerOff, .powerOn, .reset, .cutStorage, .slowStorage, .restoreStorage,
            .silenceNetwork,
            .restoreNetwork, .loseFrames, .cutOneWay, .kill, .driftClock, .heal:
            nil
        }
    }

    private func powerOn(_ host: LabHost) {
        host.power = .booting(due: LabClock.now + Int64(plan.bootDelayMilliseconds) * LabClock.millisecond)
    }

    private func isOn(_ host: LabHost) -> Bool {
        if case .on = host.power { true } else { false }
    }

    private func setStorage(_ list: [Int], _ path: DiskPath) throws(LabError) {
        for host in chosen(list) {
            host.storage = path
            if isOn(host) { _ = host.disk.command(path.words) }
        }
        try pullStorageCables(list, out: true, unless: path != .stalled)
    }

    private func healStorage(_ list: [Int], shuffled: Bool) throws(LabError) {
        for host in chosen(list) {
            host.storage = .healthy
            if isOn(host) { _ = host.disk.command(shuffled ? "heal shuffled" : "heal in-order") }
        }
        try pullStorageCables(list, out: false, unless: false)
    }

    /// Where the storage network carries heartbeats as well, its cable takes both along.
    private func pullStorageCables(_ list: [Int], out: Bool, unless isNoCable: Bool) throws(LabError) {
        guard plan.heartbeatNetworkCount > 1, !isNoCable else { return }
        for host in list {
            let port = LabPort(host, .stor)
            if out { network.pulled.insert(port) } else { network.mend(port: port) }
        }
        try applyNetwork()
    }

    private func applyNetwork() throws(LabError) {
        if let topology {
            try topology.apply(network, hosts: hosts.filter { isOn($0) }.map(\.index))
        } else if let relay {
            guard relay.command(LabJSON.line(network)) == "ok" else {
                throw LabError("the relay does not answer")
            }
        }
    }

    private func setFrozen(_ host: LabHost, _ frozen: Bool) {
        guard isOn(host) else { return }
        if let cgroup = plan.cgroup {
            FileTree.poke("\(cgroup)/\(host.name)/cgroup.freeze", frozen ? "1" : "0")
        } else {
            for pid in host.stop.processes { Processes.signal(pid, frozen ? SIGSTOP : SIGCONT) }
        }
        host.isFrozen = frozen
    }

    private func kill(_ program: String, on hosts: [LabHost]) throws(LabError) {
        for host in hosts {
            let targets = host.stop.processes.filter { Processes.programName($0) == program }
            guard !targets.isEmpty else { throw LabError("no \(program) runs on \(host.name)") }
            for pid in targets { Processes.end(pid) }
        }
    }

    private func heal() throws(LabError) {
        network = NetworkFaults()
        let all = hosts.map(\.index)
        try healStorage(all, shuffled: false)
        try applyNetwork()
        for host in hosts {
            setFrozen(host, false)
            if host.power == .off { powerOn(host) }
        }
    }
}
