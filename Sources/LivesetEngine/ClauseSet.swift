/// A set of clauses as bits: marking one is an OR, and nothing allocates.
public struct ClauseSet: BitwiseCopyable, Equatable, Sendable {
    private var words = InlineArray<3, UInt64>(repeating: 0)

    /// The empty set.
    public init() {}

    /// Marks `clause` as reached.
    public mutating func insert(_ clause: Clause) {
        words[Int(clause.rawValue >> 6)] |= 1 << UInt64(clause.rawValue & 63)
    }

    /// Whether `clause` is marked.
    public func contains(_ clause: Clause) -> Bool {
        words[Int(clause.rawValue >> 6)] & (1 << UInt64(clause.rawValue & 63)) != 0
    }

    /// Takes every mark of `other` as well.
    public mutating func formUnion(_ other: ClauseSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// How many clauses are marked.
    public var count: Int {
        var count = 0
        for index in words.indices { count += words[index].nonzeroBitCount }
        return count
    }

    /// Whether both sets hold the same clauses.
    public static func == (left: ClauseSet, right: ClauseSet) -> Bool {
        for index in left.words.indices where left.words[index] != right.words[index] { return false }
        return true
    }
}
