import LivesetEngine
import PoolModel
import Simulator

/// Judges claims about the state of a world at the instant at which it stands.
struct StateJudge {
    let world: World
    let chronicle: Chronicle

    /// Nil when the claim holds; else what is so instead.
    func objection(to claim: StateClaim) -> String? {
        switch claim {
        case .oneView(let hosts):
            world.agrees(on: hosts.intersection(world.all)) ? nil : standings(hosts)
        case .whole: world.isWhole ? nil : standings(world.all)
        case .master(let host): world.actingMaster == host.row ? nil : masters
        case .notMaster(let hosts):
            world.actingMasters.contains { hosts.contains(HostIndex($0)) } ? masters : nil
        case .noMaster: world.actingMasters.isEmpty ? nil : masters
        case .storageLost(let hosts, let isLost):
            first(hosts) { world.isStorageLost($0) == isLost }.map {
                "\($0) is \(isLost ? "storage-live" : "storage-lost")"
            }
        case .armed(let hosts, let isArmed):
            first(hosts) { world.isArmed($0) == isArmed }.map { "\($0) is \(isArmed ? "disarmed" : "armed")" }
        case .phase(let hosts, let phase): phaseObjection(hosts, phase)
        case .waits(let hosts, let obstacle): waitObjection(hosts, obstacle)
        case .machinesRun: machineObjection
        }
    }

    /// The name of the first host for which `holds` is false.
    private func first(_ hosts: HostSet, where holds: (Int) -> Bool) -> String? {
        hosts.intersection(world.all).first { !holds($0.row) }.map(HostNames.name)
    }

    private var masters: String {
        let names = world.actingMasters.map { HostNames.name(HostIndex($0)) }
        return names.isEmpty ? "nobody is master" : names.joined(separator: " and ") + " acts as master"
    }

    private func standings(_ hosts: HostSet) -> String {
        let lines = hosts.intersection(world.all).map { host -> String in
            let name = HostNames.name(host)
            guard world.daemonRuns(host.row) else { return "\(name) is down" }
            let view = world.view(of: host.row)
            let phase = Words.phase.phrase(for: world.phase(of: host.row))
            let lost = world.isStorageLost(host.row) ? ", storage-lost" : ""
            let doubt = world.liveset(of: host.row).subtracting(view.members)
            let rest = doubt.isEmpty ? "" : ", in doubt: \(HostNames.list(doubt))"
            return
                "\(name) is \(phase) in view \(view.epoch) of \(HostNames.list(view.members))\(lost)\(rest)"
        }
        return (lines + [masters]).joined(separator: "; ")
    }

    private func phaseObjection(_ hosts: HostSet, _ phase: HostPhase) -> String? {
        for host in hosts.intersection(world.all) where world.phase(of: host.row) != phase {
            return "\(HostNames.name(host)) is \(Words.phase.phrase(for: world.phase(of: host.row)))"
        }
        return nil
    }

    private func waitObjection(_ hosts: HostSet, _ obstacle: JoinObstacle) -> String? {
        for host in hosts.intersection(world.all) where world.obstacle(of: host.row) != obstacle {
            let name = HostNames.name(host)
            guard let other = world.obstacle(of: host.row) else { return "\(name) waits for nothing" }
            return "\(name) waits for \(Words.obstacle.phrase(for: other))"
        }
        return nil
    }

    private var machineObjection: String? {
        for machine in 0..<world.settings.hosts.guests where chronicle.machines[machine] == nil {
            return "machine \(machine) runs nowhere"
        }
        return world.areGuestsPlaced ? nil : "a machine was stopped and not started again"
    }
}
