import PoolModel

/// Decides which host takes which machine: the one with the most free memory, the largest machine first.
///
/// Largest first onto the emptiest host ("biggest fit decreasing") packs well and leaves the load even. It is
/// tried for all machines at once; only when that leaves somebody out do ranks decide who gets the scarce
/// memory, rank by rank, so that no large best-effort machine ever takes the place of a protected one.
/// Deterministic: equal machines go by name, equal hosts by row. Never moves or stops a machine that runs.
public enum FailoverPlanner {
    /// A plan for `machines` on `hosts`.
    public static func plan(_ machines: [PlannerMachine], on hosts: [PlannerHost]) -> RestartPlan {
        let together = pack([machines], on: hosts)
        guard !together.unplaced.isEmpty else { return together }
        return pack(byRank(machines), on: hosts)
    }

    /// The machines in groups of equal rank, the first rank first.
    static func byRank(_ machines: [PlannerMachine]) -> [[PlannerMachine]] {
        Dictionary(grouping: machines, by: \.rank).sorted { $0.key < $1.key }.map(\.value)
    }

    private static func pack(_ groups: [[PlannerMachine]], on hosts: [PlannerHost]) -> RestartPlan {
        var left = hosts
        var plan = RestartPlan()
        for group in groups {
            for machine in group.sorted(by: isLarger) {
                guard let place = bestPlace(for: machine, among: left) else {
                    plan.unplaced.append(unplaced(machine, among: left))
                    continue
                }
                left[place].freeMiB -= machine.memoryMiB
                plan.placements[machine.name] = left[place].index
            }
        }
        return plan
    }

    private static func isLarger(_ left: PlannerMachine, _ right: PlannerMachine) -> Bool {
        left.memoryMiB == right.memoryMiB ? left.name < right.name : left.memoryMiB > right.memoryMiB
    }

    private static func bestPlace(for machine: PlannerMachine, among hosts: [PlannerHost]) -> Int? {
        let fitting = hosts.indices.filter {
            hosts[$0].freeMiB >= machine.memoryMiB && machine.barred[hosts[$0].index] == nil
        }
        if let wish = fitting.first(where: { hosts[$0].index == machine.preferred }) { return wish }
        return fitting.min { left, right in
            hosts[left].freeMiB == hosts[right].freeMiB
                ? hosts[left].index < hosts[right].index : hosts[left].freeMiB > hosts[right].freeMiB
        }
    }

    private static func unplaced(_ machine: PlannerMachine, among hosts: [PlannerHost]) -> UnplacedMachine {
        let refusals = hosts.map { host in
            if let reason = machine.barred[host.index] {
                return HostRefusal.barred(host: host.name, reason: reason)
            }
            return HostRefusal.notEnoughMemory(host: host.name, freeMiB: host.freeMiB)
        }
        return UnplacedMachine(name: machine.name, memoryMiB: machine.memoryMiB, refusals: refusals)
    }
}
