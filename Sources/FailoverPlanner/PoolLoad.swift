public import PoolModel

/// A protected machine, as the question sees it how many host failures a pool can take.
public struct LoadedMachine: Hashable, Sendable {
    /// Its name, unique in the pool.
    public var name: String
    /// The memory it takes where it runs, its overhead included; in the same unit as `LoadedHost.free`.
    public var size: Int
    /// Where it is accounted for; nil: it must be placed first.
    public var home: HostIndex?
    /// The hosts on which it could run: those with its storage, its networks, CPUs enough.
    public var allowed: HostSet

    /// The machine with these needs.
    public init(name: String, size: Int, home: HostIndex?, allowed: HostSet) {
        self.name = name
        self.size = size
        self.home = home
        self.allowed = allowed
    }
}

/// The hosts that can take machines, what is free on them, and the machines that must survive.
///
/// Machines that are not protected are only there as memory that is not free on their host; they are gone
/// with it. Memory is what counts; whatever else rules a host out is in `LoadedMachine.allowed`.
public struct PoolLoad: Hashable, Sendable {
    /// The hosts that live and take machines.
    public private(set) var alive: HostSet
    /// Memory that no machine takes, by row; below zero on a host that is overcommitted.
    public private(set) var free: [Int]
    /// The machines that must survive.
    public let machines: [LoadedMachine]
    /// Where each machine is at the moment, by its place in `machines`.
    public private(set) var homes: [HostIndex?]
    private var loads: [Int]

    /// A pool with these hosts; `free` has an entry for each row up to the last host's.
    public init(alive: HostSet, free: [Int], machines: [LoadedMachine]) {
        precondition(alive.allSatisfy { $0.row < free.count }, "each host has its free memory")
        self.alive = alive
        self.free = free
        self.machines = machines
        homes = machines.map { machine in
            machine.home.flatMap { alive.contains($0) ? $0 : nil }
        }
        loads = Array(repeating: 0, count: free.count)
        for (home, machine) in zip(homes, machines) {
            if let home { loads[home.row] += machine.size }
        }
    }

    /// The machines that have no host, largest first.
    public var homeless: [Int] { largestFirst { $0 == nil } }

    /// The machines on `host`, largest first.
    func machines(on host: HostIndex) -> [Int] { largestFirst { $0 == host } }

    /// What the machines on `host` take.
    func load(of host: HostIndex) -> Int { loads[host.row] }

    /// What is free on `host`; never below zero, for nothing can be placed on less than nothing.
    func room(on host: HostIndex) -> Int { max(0, free[host.row]) }

    /// Whether the machine could be put there now.
    func fits(_ machine: Int, on host: HostIndex) -> Bool {
        alive.contains(host) && machines[machine].allowed.contains(host)
            && free[host.row] >= machines[machine].size
    }

    /// Puts a machine without a host there.
    mutating func place(_ machine: Int, on host: HostIndex) {
        precondition(homes[machine] == nil, "a machine is placed once")
        homes[machine] = host
        free[host.row] -= machines[machine].size
        loads[host.row] += machines[machine].size
    }

    /// Takes back a placement.
    mutating func lift(_ machine: Int) {
        guard let host = homes[machine] else { return }
        homes[machine] = nil
        free[host.row] += machines[machine].size
        loads[host.row] -= machines[machine].size
    }

    /// The host is gone; its machines have no host any more.
    public mutating func fail(_ host: HostIndex) {
        alive.remove(host)
        for place in homes.indices where homes[place] == host { homes[place] = nil }
        loads[host.row] = 0
    }

    /// The same pool without these machines.
    func without(_ names: Set<String>) -> PoolLoad {
        var left: [LoadedMachine] = []
        for (machine, home) in zip(machines, homes) where !names.contains(machine.name) {
            var machine = machine
            machine.home = home
            left.append(machine)
        }
        return PoolLoad(alive: alive, free: free, machines: left)
    }

    /// The same pool with so much more memory on `host`.
    func adding(_ memory: Int, to host: HostIndex) -> PoolLoad {
        var larger = self
        larger.free[host.row] += memory
        return larger
    }

    private func largestFirst(_ isWanted: (HostIndex?) -> Bool) -> [Int] {
        homes.indices.filter { isWanted(homes[$0]) }.sorted {
            machines[$0].size == machines[$1].size ? $0 < $1 : machines[$0].size > machines[$1].size
        }
    }
}
