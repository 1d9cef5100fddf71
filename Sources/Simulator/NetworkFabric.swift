import PoolModel

/// The heartbeat network: which directions work, and the datagrams under way.
struct NetworkFabric: Sendable {
    /// Per sender: to whom its datagrams do not get.
    var cut: [HostSet]
    /// Datagrams under way; one payload serves all its receivers.
    private(set) var payloads: [Heartbeat] = []
    private var uses: [Int32] = []
    private var free: [Int] = []

    init(hostCount: Int) { cut = Array(repeating: HostSet(), count: hostCount) }

    /// Keeps a datagram until it is released as often as it was retained, and once more.
    mutating func hold(_ heartbeat: Heartbeat) -> Int {
        if let index = free.popLast() {
            payloads[index] = heartbeat
            uses[index] = 1
            return index
        }
        payloads.append(heartbeat)
        uses.append(1)
        return payloads.count - 1
    }

    /// One more arrival is to come.
    mutating func retain(_ index: Int) { uses[index] += 1 }

    /// One arrival is over.
    mutating func release(_ index: Int) {
        precondition(uses[index] > 0, "a datagram is released once an arrival")
        uses[index] -= 1
        if uses[index] == 0 { free.append(index) }
    }
}
