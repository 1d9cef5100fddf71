import PoolModel

/// One host as a partition is weighed ([FAULT-2]).
struct PartitionHost: BitwiseCopyable {
    /// Hosts it is connected with, both ways.
    var connected = HostSet()
    /// Its links are well.
    var netOK = false
    /// Its weight.
    var weight: UInt16 = 0
}

/// How good a partition is: most members, then most netOK, then weight, then the master, then the lowest
/// index.
struct PartitionScore: BitwiseCopyable, Equatable {
    var size = 0
    var netOK = 0
    var weight = 0
    var holdsMaster = false
    var members = HostSet()

    /// Whether this one is the better of the two.
    func isBetter(than other: PartitionScore) -> Bool {
        if size != other.size { return size > other.size }
        if netOK != other.netOK { return netOK > other.netOK }
        if weight != other.weight { return weight > other.weight }
        if holdsMaster != other.holdsMaster { return holdsMaster }
        // The set whose lowest differing row is its own wins: the lowest index.
        let differing = members.bits ^ other.members.bits
        guard differing != 0 else { return false }
        return members.bits & (differing & (~differing &+ 1)) != 0
    }
}

/// Finds the best clique of hosts that are connected with each other, within a step limit ([FAULT-2]).
struct CliqueSearch {
    /// After so many steps the search ends and the greedy answer stands, if it is better.
    static let stepLimit = 20_000

    private let hosts: PerHost<PartitionHost>
    private let master: HostIndex?
    private var best = PartitionScore()
    private var steps = 0

    private init(hosts: PerHost<PartitionHost>, master: HostIndex?) {
        self.hosts = hosts
        self.master = master
    }

    /// The best clique among `candidates`.
    static func best(among candidates: HostSet, hosts: PerHost<PartitionHost>, master: HostIndex?)
        -> PartitionScore
    {
        var search = CliqueSearch(hosts: hosts, master: master)
        search.takeGreedy(candidates)
        search.extend(HostSet(), with: candidates)
        return search.best
    }

    private func score(_ members: HostSet) -> PartitionScore {
        var score = PartitionScore(members: members)
        for host in members {
            score.size += 1
            score.netOK += hosts[host].netOK ? 1 : 0
            score.weight += Int(hosts[host].weight)
        }
        score.holdsMaster = master.map(members.contains) ?? false
        return score
    }

    private mutating func offer(_ members: HostSet) {
        let score = score(members)
        if score.isBetter(than: best) { best = score }
    }

    /// The fallback: from each host as seed, add the rest in row order while they are connected.
    private mutating func takeGreedy(_ candidates: HostSet) {
        for seed in candidates {
            var clique = HostSet(seed)
            var open = candidates.intersection(hosts[seed].connected)
            while let next = open.first {
                clique.insert(next)
                open = open.without(next).intersection(hosts[next].connected)
            }
            offer(clique)
        }
    }

    /// Branch and bound over the hosts in row order.
    ///
    /// Depth is at most 64.
    private mutating func extend(_ clique: HostSet, with open: HostSet) {
        steps += 1
        if steps > CliqueSearch.stepLimit { return }
        if open.isEmpty {
            offer(clique)
            return
        }
        // Equal sizes must still be looked at: netOK and weight may decide.
        if clique.count + open.count < best.size { return }
        guard let next = open.first else { return }
        var connected = clique
        connected.insert(next)
        extend(connected, with: open.without(next).intersection(hosts[next].connected))
        extend(clique, with: open.without(next))
    }
}
