public import PoolModel

/// Where machines without a host are to go, so that the pool can still take more failures afterwards.
///
/// All of them where that is possible at all: softly, then by greed, then by search. Where it is not, the
/// ones of the lowest order get the room. Soft goals: few machines of one anti-affinity group on a host,
/// even load.
public struct RestartAssignment: Sendable {
    /// The host of each machine that got one, by its name.
    public private(set) var hosts: [String: HostIndex] = [:]
    /// The machines that got none, in the order in which they were tried.
    public private(set) var unplaced: [String] = []
    /// Whether every machine got a host and the pool takes the wanted failures with them there.
    public private(set) var keepsTolerance = false

    /// Places the homeless machines of `load`, wishing that it then takes `failures` more.
    ///
    /// `groups` are the anti-affinity groups and `orders` the restart orders, by place in `load.machines`.
    public init(
        _ load: PoolLoad,
        failures: Int,
        groups: [String?],
        orders: [Int],
        budget: Int = 3_000_000
    ) {
        precondition(groups.count == load.machines.count, "each machine has its group, or none")
        precondition(orders.count == load.machines.count, "each machine has its order")
        let soft = Self.softly(load, groups)
        for wanted in [failures, 0] {
            if let soft, ToleranceQuestion(soft, budget: budget).holds(wanted) {
                take(soft, of: load, keeps: wanted == failures)
                return
            }
            var search = ToleranceSearch(budget: budget, mayFail: load.alive)
            if case .holds = search.verdict(load, failures: wanted), let placed = search.placed {
                take(placed, of: load, keeps: wanted == failures)
                return
            }
        }
        takeWhatFits(load, orders)
    }

    private mutating func take(_ placed: PoolLoad, of load: PoolLoad, keeps: Bool) {
        keepsTolerance = keeps
        for machine in load.homeless { hosts[load.machines[machine].name] = placed.homes[machine] }
    }

    private mutating func takeWhatFits(_ load: PoolLoad, _ orders: [Int]) {
        var left = load
        let rank = { (place: Int) in PlannerRank(isBestEffort: false, order: orders[place]) }
        let sequence = load.homeless.enumerated().sorted { one, two in
            let (first, second) = (rank(one.element), rank(two.element))
            return first < second || (!(second < first) && one.offset < two.offset)
        }
        for (_, machine) in sequence {
            let fitting = left.alive.filter { left.fits(machine, on: $0) }
            guard let best = fitting.max(by: { left.free[$0.row] < left.free[$1.row] }) else {
                unplaced.append(load.machines[machine].name)
                continue
            }
            left.place(machine, on: best)
            hosts[load.machines[machine].name] = best
        }
    }

    /// Largest first, each to the host with the fewest of its group, then the most room; nil when one fits
    /// nowhere.
    private static func softly(_ load: PoolLoad, _ groups: [String?]) -> PoolLoad? {
        var placed = load
        for machine in load.homeless {
            func mates(_ host: HostIndex) -> Int {
                guard let group = groups[machine] else { return 0 }
                return placed.homes.indices.filter { placed.homes[$0] == host && groups[$0] == group }.count
            }
            let fitting = placed.alive.filter { placed.fits(machine, on: $0) }
            let best = fitting.min { left, right in
                let (near, far) = (mates(left), mates(right))
                return near == far ? placed.free[left.row] > placed.free[right.row] : near < far
            }
            guard let best else { return nil }
            placed.place(machine, on: best)
        }
        return placed
    }
}
