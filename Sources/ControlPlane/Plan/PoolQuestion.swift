import FailoverPlanner
import PoolModel

/// What a saved pool can take, as `holdfast plan` asks: the production planner on the file's hosts and
/// machines.
public struct PoolQuestion {
    /// The pool after the hosts of `failing` have failed.
    private let load: PoolLoad
    private let before: PoolLoad
    private let pool: SavedPool
    private let failing: [HostIndex]
    /// The machine of the file for each machine of the load.
    private let agile: [SavedPool.Machine]

    /// The question about `pool` where the hosts with these names have failed.
    public init(_ pool: SavedPool, failing names: [String] = []) throws(SavedPoolError) {
        try pool.check()
        self.pool = pool
        var rows: [String: HostIndex] = [:]
        for (row, host) in pool.hosts.enumerated() { rows[host.id] = HostIndex(row) }
        var failing: [HostIndex] = []
        for name in names {
            guard let row = rows[name] else { throw .noSuchHost(name, known: pool.hosts.map(\.id)) }
            if !failing.contains(row) { failing.append(row) }
        }
        self.failing = failing
        agile = pool.vms.filter { $0.isProtected && $0.agile }
        before = Self.load(pool, agile, rows)
        var after = before
        for host in failing { after.fail(host) }
        load = after
    }

    private static func load(
        _ pool: SavedPool,
        _ agile: [SavedPool.Machine],
        _ rows: [String: HostIndex]
    ) -> PoolLoad {
        var alive = HostSet()
        var free = pool.hosts.map { $0.memoryTotalBytes - $0.memoryOverheadBytes }
        for (row, host) in pool.hosts.enumerated() where host.enabled && host.live {
            alive.insert(HostIndex(row))
        }
        for machine in pool.vms where machine.isResident {
            guard let host = machine.residentOn.flatMap({ rows[$0] }) else { continue }
            free[host.row] -= machine.memoryBytes + machine.overheadBytes
        }
        let machines = agile.map { machine in
            LoadedMachine(
                name: machine.id,
                size: machine.memoryBytes + machine.overheadBytes,
                home: machine.isResident ? machine.residentOn.flatMap { rows[$0] } : nil,
                allowed: HostFilter.allowed(machine, pool.hosts)
            )
        }
        return PoolLoad(alive: alive, free: free, machines: machines)
    }

    /// The answer, for `failures` more failures.
    public func answer(failures: Int) -> PoolAnswer {
        let tolerance = ToleranceQuestion(before).answer()
        let question = ToleranceQuestion(load)
        let holds = question.holds(failures)
        let assignment = RestartAssignment(
            load,
            failures: failures,
            groups: agile.map(\.antiAffinityGroup),
            orders: agile.map(\.order)
        )
        var answer = PoolAnswer()
        answer.maxFailures = tolerance.failures
        answer.holdsNow = tolerance.holdsNow
        answer.failures = failures
        answer.planExists = holds
        answer.assignments = assignment.hosts.mapValues { name($0) }
        let bound = pool.vms.filter { $0.isProtected && !$0.agile }
        answer.notRestartable = assignment.unplaced + bound.filter { !isThere($0) }.map(\.id)
        answer.notAgile = bound.map(\.id)
        for machine in bound { answer.reasons[machine.id] = obstacle(machine) }
        for machine in agile where assignment.unplaced.contains(machine.id) {
            answer.reasons[machine.id] = refusal(machine, assignment)
        }
        // What is explained is the question that was asked; where that holds, what breaks next.
        let breach = holds ? (failing.isEmpty ? tolerance.breach : nil) : question.breach(failures)
        if let breach {
            answer.witness = breach.witness.map { name($0) }
            answer.breach = explain(breach)
        }
        if !failing.isEmpty { answer.maxFailuresAfter = question.answer().failures }
        return answer
    }

    private func name(_ host: HostIndex) -> String { pool.hosts[host.row].id }

    private func refusal(_ machine: SavedPool.Machine, _ assignment: RestartAssignment) -> String {
        var left = load.free
        for other in load.machines { assignment.hosts[other.name].map { left[$0.row] -= other.size } }
        let size = machine.memoryBytes + machine.overheadBytes
        let reasons = load.alive.map { host in
            HostFilter.obstacle(machine, pool.hosts[host.row]).map { "\(name(host)) \($0)" }
                ?? "\(name(host)) has \(MemoryText.of(max(0, left[host.row]))) left"
        }
        let hosts = reasons.isEmpty ? "no host is left" : reasons.joined(separator: "; ")
        return "it needs \(MemoryText.of(size)); \(hosts)"
    }

    /// Whether a machine that is bound to a host runs there, and the host is well.
    private func isThere(_ machine: SavedPool.Machine) -> Bool {
        guard machine.isResident else { return false }
        return load.alive.contains { name($0) == machine.residentOn }
    }

    private func obstacle(_ machine: SavedPool.Machine) -> String {
        let why = machine.agileObstacle ?? "it is not agile (local disk, or a device passed through)"
        let host = machine.residentOn.map { "bound to \($0)" } ?? "bound to the host that has its disk"
        return "\(why): \(host), and down as long as that is"
    }

    private func explain(_ breach: Breach) -> PoolAnswer.Explanation {
        PoolAnswer.Explanation(
            failures: breach.failures,
            isProven: breach.isProven,
            hosts: breach.witness.map { name($0) },
            machines: breach.machines,
            missingBytes: breach.missing,
            remedies: breach.remedies.map { remedy in
                switch remedy {
                case .addMemory(let memory, let host):
                    "give \(name(host)) \(MemoryText.of(memory)) more memory"
                case .unprotect(let machine, let size):
                    "protect \(machine) (\(MemoryText.of(size))) no more: "
                        + "'holdfast vm set \(machine) ha-restart-priority=best-effort'"
                }
            }
        )
    }
}

/// Which hosts a machine could run on, whatever memory they have.
enum HostFilter {
    static func allowed(_ machine: SavedPool.Machine, _ hosts: [SavedPool.Host]) -> HostSet {
        var set = HostSet()
        for (row, host) in hosts.enumerated() where obstacle(machine, host) == nil {
            set.insert(HostIndex(row))
        }
        return set
    }

    /// Why the machine cannot run there; nil when nothing but memory could keep it away.
    static func obstacle(_ machine: SavedPool.Machine, _ host: SavedPool.Host) -> String? {
        if let has = host.storages, let lacks = machine.storages.first(where: { !has.contains($0) }) {
            return "does not reach the storage \(lacks)"
        }
        if let has = host.networks, let lacks = machine.networks.first(where: { !has.contains($0) }) {
            return "is not on the network \(lacks)"
        }
        if let has = host.cpuCount, let needs = machine.cpuCount, needs > has {
            return "has \(has) CPUs, \(needs) are needed"
        }
        if let has = host.cpuModel, let needs = machine.cpuModel, needs != has {
            return "has CPUs of model \(has), \(needs) is needed"
        }
        return nil
    }
}
