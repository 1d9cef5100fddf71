/// Every state that a search has met, in the order of the first meeting: the queue of a breadth-first
/// search, and for each state where it came from.
struct StateStore {
    private(set) var keys: [CoreKey] = []
    private var parents: [UInt32] = []
    /// Open addressing: 1 + the place of a key in the low half, a tag of its hash in the high half; 0 for
    /// empty.
    private var table: [UInt64]
    private var mask: Int

    init() {
        table = Array(repeating: 0, count: 1 << 16)
        mask = table.count - 1
    }

    var count: Int { keys.count }

    /// How many bytes it holds.
    var bytes: Int { keys.capacity * 24 + parents.capacity * 4 + table.capacity * 8 }

    /// Takes a state in; false when it was known.
    mutating func insert(_ key: CoreKey, from parent: Int) -> Bool {
        let hash = key.mixed
        let tag = hash & ~0xFFFF_FFFF
        var place = Int(truncatingIfNeeded: hash) & mask
        while table[place] != 0 {
            let known = table[place]
            if known & ~0xFFFF_FFFF == tag, keys[Int(known & 0xFFFF_FFFF) - 1] == key { return false }
            place = (place + 1) & mask
        }
        precondition(keys.count < Int(UInt32.max) - 1, "a search has fewer states than 32 bits count")
        keys.append(key)
        parents.append(UInt32(parent))
        table[place] = tag | UInt64(keys.count)
        if keys.count * 2 > table.count { grow() }
        return true
    }

    private mutating func grow() {
        table = Array(repeating: 0, count: table.count * 2)
        mask = table.count - 1
        for index in keys.indices {
            let hash = keys[index].mixed
            var place = Int(truncatingIfNeeded: hash) & mask
            while table[place] != 0 { place = (place + 1) & mask }
            table[place] = hash & ~0xFFFF_FFFF | UInt64(index + 1)
        }
    }

    /// The states from the first one to the one at `index`.
    func path(to index: Int) -> [CoreKey] {
        var path = [keys[index]]
        var place = index
        while place != 0 {
            place = Int(parents[place])
            path.append(keys[place])
        }
        return path.reversed()
    }
}
