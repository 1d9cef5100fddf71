public import LivesetEngine
import PoolModel

/// A hash of everything that one step ordered: two engines that give the same decided the same.
///
/// Over the words of `Orders.takeOut(in:)`; `StateWords.hash` mixes them.
public struct OrderHash: Sendable {
    private var words: StateWords

    /// Hashes orders in a pool of `rowCount` hosts.
    public init(rowCount: Int) { words = StateWords(rowCount: rowCount) }

    /// The hash of `orders`.
    public mutating func of(_ orders: Orders) -> UInt64 {
        words.beginHashing()
        orders.takeOut(in: &words)
        return words.hash
    }
}
