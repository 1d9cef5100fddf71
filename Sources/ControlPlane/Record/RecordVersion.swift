/// Which of two pool records is newer: the higher epoch, then the higher sequence ([REC-1]).
///
/// One epoch has one view and so one master ([SAFE-3]); a master counts its own changes. So no two different
/// records ever have the same version.
public struct RecordVersion: Codable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The epoch whose master wrote the record.
    public var epoch: UInt64
    /// Grows with each change by that master, from 1.
    public var sequence: UInt64

    /// The version at this place.
    public init(epoch: UInt64, sequence: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    /// Before every record.
    public static let zero = RecordVersion(epoch: 0, sequence: 0)

    /// The version of the same master's next change.
    public var next: RecordVersion { RecordVersion(epoch: epoch, sequence: sequence + 1) }

    /// Older first.
    public static func < (left: RecordVersion, right: RecordVersion) -> Bool {
        (left.epoch, left.sequence) < (right.epoch, right.sequence)
    }

    /// Epoch and sequence: `7.12`.
    public var description: String { "\(epoch).\(sequence)" }
}

/// The name of one order to start one machine; never used twice, as an epoch has one master and it counts on.
public struct IntentID: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The epoch in which the order was given; a host that has shown a later one never carries it out
    /// ([ACT-1]).
    public var epoch: UInt64
    /// Counts orders.
    public var number: UInt64

    /// The order with this place.
    public init(epoch: UInt64, number: UInt64) {
        self.epoch = epoch
        self.number = number
    }

    /// Epoch and number: `e7-12`.
    public var description: String { "e\(epoch)-\(number)" }

    /// The intent whose text `description` gave; nil when it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].first == "e" else { return nil }
        guard let epoch = UInt64(parts[0].dropFirst()), let number = UInt64(parts[1]) else { return nil }
        self.init(epoch: epoch, number: number)
    }
}
