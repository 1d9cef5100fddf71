import PoolModel

/// What memory alone says, without placing a machine.
enum CapacityBound {
    /// Whether some `failures` of the hosts `targets` leave less room in total than their machines need:
    /// then no placement helps.
    ///
    /// The worst are those with the most load and room together: their machines must find place in what is
    /// free on the others.
    static func surelyBreaks(_ load: PoolLoad, failures: Int, among targets: HostSet) -> Bool {
        guard let worst = worst(load, failures: failures, among: targets) else { return false }
        return missing(load, without: worst) > 0
    }

    /// The `failures` hosts whose loss costs the most memory.
    static func worst(_ load: PoolLoad, failures: Int, among targets: HostSet) -> HostSet? {
        guard failures > 0, failures <= targets.count else { return nil }
        let costs = targets.map { (host: $0, cost: load.load(of: $0) + load.room(on: $0)) }
        var set = HostSet()
        for entry in costs.sorted(by: { $0.cost == $1.cost ? $0.host < $1.host : $0.cost > $1.cost })
            .prefix(failures)
        {
            set.insert(entry.host)
        }
        return set
    }

    /// How much memory is missing when these hosts are gone; zero or less when there is enough in total.
    static func missing(_ load: PoolLoad, without hosts: HostSet) -> Int {
        var need = 0
        for host in hosts { need += load.load(of: host) }
        for machine in load.homeless { need += load.machines[machine].size }
        var room = 0
        for host in load.alive.subtracting(hosts) { room += load.room(on: host) }
        return need - room
    }

    /// Whether the pool surely holds: every machine is counted as the largest one, and the hosts with the
    /// most room and those with the most machines all fail.
    ///
    /// Sound because machines that were moved once stay counted where they were put, and there are never
    /// more of them than the failed hosts had. Only where every machine may run everywhere and nobody is
    /// homeless.
    static func surelyHolds(_ load: PoolLoad, failures: Int) -> Bool {
        guard load.homeless.isEmpty, failures < load.alive.count else { return false }
        guard load.machines.allSatisfy({ load.alive.isSubset(of: $0.allowed) }) else { return false }
        guard let largest = load.machines.map(\.size).max() else { return true }
        guard largest > 0 else { return true }
        let rooms = load.alive.map { load.room(on: $0) / largest }.sorted(by: >)
        let counts = load.alive.map { host in load.homes.filter { $0 == host }.count }.sorted(by: >)
        return counts.prefix(failures).reduce(0, +) <= rooms.dropFirst(failures).reduce(0, +)
    }
}
