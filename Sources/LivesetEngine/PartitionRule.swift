import PoolModel

/// What the partition rule says of the members at one moment.
enum PartitionVerdict: BitwiseCopyable, Equatable {
    /// Everyone storage-live hears everyone, or nothing is settled yet.
    case nothing
    /// These stay, the rest is to be proposed out.
    case keep(HostSet)
    /// The whole network is gone: hold.
    case hold
}

/// Partition and hold ([FAULT-2], [FAULT-3]): watches the hear-graph of the storage-live members until it is
/// settled.
struct PartitionRule: BitwiseCopyable {
    /// What one look at the members gives.
    struct Picture: BitwiseCopyable {
        /// All members of the adopted view.
        var members = HostSet()
        /// Those that are storage-live, this host included.
        var live = HostSet()
        /// Per host: links, weight and whom it hears, as its row says (only of live hosts).
        var hosts = PerHost<PartitionHost>(repeating: PartitionHost())
        /// Per live host: the members that it hears.
        var hears = PerHost<HostSet>(repeating: HostSet())
        /// A live member's row says that a hold is in force.
        var someoneHolds = false
        /// The oldest moment at which a live member's row was last seen changed.
        var oldestRow = MonotonicInstant.distantFuture
        /// The master of the adopted view.
        var master: HostIndex?
    }

    /// A hold is in force.
    private(set) var isHolding = false
    private(set) var graph: UInt64 = 0
    private(set) var changedAt = MonotonicInstant.distantPast
    private(set) var firstLossAt: MonotonicInstant?

    /// Takes a hold over from a former run or leaves it at a new pool.
    mutating func reset() { self = PartitionRule() }

    /// Looks at the members and says what is to be done.
    mutating func judge(
        _ picture: Picture,
        policy: EvenPartitionPolicy,
        timing: Timing,
        now: MonotonicInstant
    ) -> PartitionVerdict {
        var picture = picture
        let edges = connect(&picture)
        if isHolding {
            guard edges > 0 || picture.live.count < 2 else { return .hold }
            isHolding = false
            // The edges come back one after the other: what is still missing now is a new loss, to be settled
            // anew.
            firstLossAt = nil
        } else if picture.someoneHolds && edges == 0 && picture.live.count >= 2 {
            isHolding = true
            return .hold
        }
        let pairs = picture.live.count * (picture.live.count - 1) / 2
        guard edges < pairs else {
            firstLossAt = nil
            return .nothing
        }
        guard isSettled(picture, timing: timing, now: now) else { return .nothing }
        let best = CliqueSearch.best(among: picture.members, hosts: picture.hosts, master: picture.master)
        if best.size <= 1 && mustHold(picture, policy: policy) {
            isHolding = true
            return .hold
        }
        return best.members == picture.members ? .nothing : .keep(best.members)
    }

    /// Makes the rows into mutual edges; returns how many edges there are between storage-live members.
    ///
    /// A storage-lost member counts as connected to whom it is heard by; two storage-lost ones as connected.
    private func connect(_ picture: inout Picture) -> Int {
        var edges = 0
        for left in picture.members {
            for right in picture.members where right > left {
                let leftLive = picture.live.contains(left)
                let rightLive = picture.live.contains(right)
                let connected =
                    (!leftLive || picture.hears[left].contains(right))
                    && (!rightLive || picture.hears[right].contains(left))
                guard connected else { continue }
                picture.hosts[left].connected.insert(right)
                picture.hosts[right].connected.insert(left)
                if leftLive && rightLive { edges += 1 }
            }
        }
        return edges
    }

    /// [FAULT-3]: every clique is a single host, and nothing tells the sides apart.
    private func mustHold(_ picture: Picture, policy: EvenPartitionPolicy) -> Bool {
        guard picture.members.count == 2 else { return picture.members.count > 2 }
        var netOK = 0
        for host in picture.members where picture.hosts[host].netOK { netOK += 1 }
        return netOK != 1 && policy == .hold
    }

    /// [FAULT-2] *settled*: unchanged for Tn, every row newer than the change, the first loss at least Tn
    /// old; at most
    /// 3 Tn in all.
    private mutating func isSettled(_ picture: Picture, timing: Timing, now: MonotonicInstant) -> Bool {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15; hash ^= hash >> 29 }
        mix(picture.members.bits)
        mix(picture.live.bits)
        for host in picture.live { mix(picture.hears[host].bits) }
        guard let firstLoss = firstLossAt else {
            firstLossAt = now
            changedAt = now
            graph = hash
            return false
        }
        if hash != graph {
            graph = hash
            changedAt = now
        }
        if now - firstLoss >= timing.networkTimeout * 3 { return true }
        return now - changedAt >= timing.networkTimeout && now - firstLoss >= timing.networkTimeout
            && picture.oldestRow > changedAt
    }
}
