/// Which host of the pool: its row in the statefile header's host table.
///
/// Range: 0 ..< `HostIndex.limit`. An index names the same host for the life of a pool generation.
public struct HostIndex: BitwiseCopyable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The most hosts that one pool may have.
    public static let limit = 64

    /// The row in the host table.
    public let rawValue: UInt8

    /// Names the host in row `rawValue`; a row outside the table is a bug of the caller.
    public init(_ rawValue: Int) {
        precondition(rawValue >= 0, "a host index is not negative")
        precondition(rawValue < HostIndex.limit, "a host index is below the limit of 64 hosts")
        self.rawValue = UInt8(rawValue)
    }

    /// Names the host in row `rawValue` of a record from outside; nil when there is no such row.
    public init?(decoding rawValue: UInt8) {
        guard rawValue < UInt8(HostIndex.limit) else { return nil }
        self.rawValue = rawValue
    }

    /// The row as an `Int`, for arithmetic.
    public var row: Int { Int(rawValue) }

    /// Lower rows first.
    public static func < (left: HostIndex, right: HostIndex) -> Bool { left.rawValue < right.rawValue }

    /// The row, as people count in traces: `#0`.
    public var description: String { "#\(rawValue)" }
}
