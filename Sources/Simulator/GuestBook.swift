import PoolModel

/// Where a protected guest is meant to run, as the pool record says it; the record is taken as given.
struct GuestPlacement: BitwiseCopyable, Sendable {
    /// Where it runs or is ordered to; nil before its first start.
    var host: HostIndex?
    /// That host's number then.
    var number = IncarnationNumber.none
    /// The epoch whose master wrote this.
    var epoch = Epoch.zero
    /// It was seen running there.
    var isRunning = false
}

/// An order to start a guest, under way ([ACT-1]).
struct StartOrder: BitwiseCopyable, Sendable {
    var guest: Int
    var epoch: Epoch
    var master: IncarnationNumber
    var isInUse = true
}

/// The protected guests of a world.
struct GuestBook: Sendable {
    var placements: [GuestPlacement]
    var orders: [StartOrder] = []

    init(count: Int) {
        precondition(count < 63, "a world has fewer than 63 protected guests")
        placements = Array(repeating: GuestPlacement(), count: count)
    }

    mutating func add(_ order: StartOrder) -> Int {
        if let free = orders.firstIndex(where: { !$0.isInUse }) {
            orders[free] = order
            return free
        }
        orders.append(order)
        return orders.count - 1
    }
}
