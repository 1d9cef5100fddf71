/// The order of ballots of one instance of Disk Paxos: unique a host, as its row is part of it.
public struct BallotNumber: BitwiseCopyable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// attempt x 64 + row; 0 is "no ballot".
    public let rawValue: UInt64

    /// The ballot with this raw number.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// No ballot.
    public static let none = BallotNumber(0)

    /// The lowest ballot of `host` that is above this one.
    public func next(for host: HostIndex) -> BallotNumber {
        BallotNumber((rawValue / 64 + 1) * 64 + UInt64(host.rawValue))
    }

    /// Earlier first.
    public static func < (left: BallotNumber, right: BallotNumber) -> Bool { left.rawValue < right.rawValue }

    /// Attempt and row: `3.1`.
    public var description: String { "\(rawValue / 64).\(rawValue % 64)" }
}

/// A host's ballot block: what it promised, accepted and knows as decided ([VIEW-1]).
public struct BallotRecord: BitwiseCopyable, Equatable, Sendable {
    /// Whose block it is.
    public var owner: HostIndex
    /// Which daemon run's file it is in, where the transport needs one a run (NFS); else 0.
    public var run: UInt64
    /// Grows with each write; the newest valid record of a host wins ([VIEW-3]).
    public var sequence: UInt64
    /// The instance: the epoch that is being decided.
    public var instance: Epoch
    /// The highest ballot entered.
    public var mbal: BallotNumber
    /// The ballot in which `proposal` was written in phase 2; `.none` when it was not.
    public var bal: BallotNumber
    /// The view proposed in `bal`; meaningless while `bal` is `.none`.
    public var proposal: View
    /// The newest decided view that the owner knows.
    public var decided: View

    /// The record that *format* writes for `owner`.
    public init(formattedFor owner: HostIndex) {
        self.owner = owner
        (run, sequence) = (0, 1)
        instance = .zero
        (mbal, bal) = (.none, .none)
        proposal = .zero
        decided = .zero
    }

    /// Whether this record is newer than `other` of the same owner.
    public func isNewer(than other: BallotRecord) -> Bool { (run, sequence) > (other.run, other.sequence) }
}
