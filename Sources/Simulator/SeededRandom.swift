public import PoolModel

/// The one source of chance in a simulated world: xoshiro256**, seeded by SplitMix64.
///
/// The same seed gives the same world on every machine, so a failure is told by its seed alone.
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2018).
public struct SeededRandom: BitwiseCopyable, Sendable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    /// The sequence that belongs to `seed`.
    public init(seed: UInt64) {
        var state = seed
        func splitMix() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        (a, b, c, d) = (splitMix(), splitMix(), splitMix(), splitMix())
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let scrambled = SeededRandom.rotate(b &* 5, by: 7) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = SeededRandom.rotate(d, by: 45)
        return scrambled
    }

    private static func rotate(_ word: UInt64, by count: UInt64) -> UInt64 {
        (word << count) | (word >> (64 - count))
    }

    /// A number in 0 ..< `bound`; the bias of at most bound / 2^64 does not matter to faults.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a random number needs a positive bound")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True once in `count` times on average; never when `count` is 0.
    public mutating func oneIn(_ count: Int) -> Bool { count > 0 && below(count) == 0 }

    /// A length between the two, ends included.
    public mutating func span(_ shortest: TimeSpan, _ longest: TimeSpan) -> TimeSpan {
        guard longest > shortest else { return shortest }
        return TimeSpan(
            nanoseconds: shortest.nanoseconds
                + Int64(below(Int(longest.nanoseconds - shortest.nanoseconds) + 1))
        )
    }
}
