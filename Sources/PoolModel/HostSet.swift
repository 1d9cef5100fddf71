/// A set of hosts of one pool, as a word of 64 bits.
public struct HostSet: BitwiseCopyable, Hashable, Sendable, Sequence, CustomStringConvertible {
    /// Bit n stands for the host in row n.
    public var bits: UInt64

    /// The set whose members are the set bits of `bits`.
    public init(bits: UInt64 = 0) { self.bits = bits }

    /// The set of one host.
    public init(_ host: HostIndex) { bits = 1 << UInt64(host.rawValue) }

    /// The set of the first `count` rows of the host table.
    public init(first count: Int) { bits = count >= 64 ? .max : (1 << UInt64(count)) - 1 }

    /// How many hosts are in the set.
    public var count: Int { bits.nonzeroBitCount }

    /// Whether no host is in the set.
    public var isEmpty: Bool { bits == 0 }

    /// The member with the lowest row.
    public var first: HostIndex? { bits == 0 ? nil : HostIndex(bits.trailingZeroBitCount) }

    /// Whether `host` is in the set.
    public func contains(_ host: HostIndex) -> Bool { bits & (1 << UInt64(host.rawValue)) != 0 }

    /// Puts `host` into the set.
    public mutating func insert(_ host: HostIndex) { bits |= 1 << UInt64(host.rawValue) }

    /// Takes `host` out of the set.
    public mutating func remove(_ host: HostIndex) { bits &= ~(1 << UInt64(host.rawValue)) }

    /// The hosts in either set.
    public func union(_ other: HostSet) -> HostSet { HostSet(bits: bits | other.bits) }

    /// The hosts in both sets.
    public func intersection(_ other: HostSet) -> HostSet { HostSet(bits: bits & other.bits) }

    /// The hosts of this set that are not in `other`.
    public func subtracting(_ other: HostSet) -> HostSet { HostSet(bits: bits & ~other.bits) }

    /// This set without one host.
    public func without(_ host: HostIndex) -> HostSet { subtracting(HostSet(host)) }

    /// Whether every host of this set is in `other`.
    public func isSubset(of other: HostSet) -> Bool { bits & ~other.bits == 0 }

    /// How many members have a lower row than `host`.
    public func rank(of host: HostIndex) -> Int {
        (bits & ((1 << UInt64(host.rawValue)) - 1)).nonzeroBitCount
    }

    /// Walks the members, lowest row first, without allocating.
    public func makeIterator() -> Iterator { Iterator(bits: bits) }

    /// Walks the members of a `HostSet`, lowest row first.
    public struct Iterator: IteratorProtocol, BitwiseCopyable, Sendable {
        var bits: UInt64

        /// The next member, or nil at the end.
        public mutating func next() -> HostIndex? {
            guard bits != 0 else { return nil }
            let row = bits.trailingZeroBitCount
            bits &= bits - 1
            return HostIndex(row)
        }
    }

    /// The rows in braces: `{0 2}`.
    public var description: String { "{" + map { "\($0.rawValue)" }.joined(separator: " ") + "}" }
}
