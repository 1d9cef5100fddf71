import LivesetEngine

/// The situations that a search has met, each with how much budget and how many steps were left.
struct KnownSituations {
    private var lows: [UInt64]
    private var highs: [UInt64]
    /// 0 for empty; else 1 + budget in the high byte, steps in the low one.
    private var left: [UInt16]
    private(set) var count = 0
    private var mask: Int

    init() {
        let size = 1 << 16
        (lows, highs) = (Array(repeating: 0, count: size), Array(repeating: 0, count: size))
        left = Array(repeating: 0, count: size)
        mask = size - 1
    }

    /// How many bytes it holds.
    var bytes: Int { lows.count * 18 }

    /// Whether the situation was not met yet with at least so much left; notes it.
    mutating func isNews(_ hash: StateHash, budget: Int, steps: Int) -> Bool {
        let mark = UInt16(budget + 1) << 8 | UInt16(steps)
        var place = Int(truncatingIfNeeded: hash.low) & mask
        while left[place] != 0 {
            if lows[place] == hash.low, highs[place] == hash.high {
                let (oldBudget, oldSteps) = (left[place] >> 8, left[place] & 0xFF)
                if oldBudget >= mark >> 8, oldSteps >= mark & 0xFF { return false }
                if mark >> 8 >= oldBudget, mark & 0xFF >= oldSteps { left[place] = mark }
                return true
            }
            place = (place + 1) & mask
        }
        (lows[place], highs[place], left[place]) = (hash.low, hash.high, mark)
        count += 1
        if count * 3 > (mask + 1) * 2 { grow() }
        return true
    }

    private mutating func grow() {
        let old = (lows, highs, left)
        let size = (mask + 1) * 2
        (lows, highs) = (Array(repeating: 0, count: size), Array(repeating: 0, count: size))
        left = Array(repeating: 0, count: size)
        mask = size - 1
        for index in old.2.indices where old.2[index] != 0 {
            var place = Int(truncatingIfNeeded: old.0[index]) & mask
            while left[place] != 0 { place = (place + 1) & mask }
            (lows[place], highs[place], left[place]) = (old.0[index], old.1[index], old.2[index])
        }
    }
}
