/// What one host's record area held when it was read.
public enum AreaContent: Hashable, Sendable {
    /// Formatted and never written.
    case blank
    /// The newest copy that is whole.
    case payload(sequence: UInt64, RecordPayload)
    /// Something was written, and no copy of it can be used; why.
    case damaged(String)
}

/// One reading of all record areas, row by row, each read after the reading was asked for.
public struct AreaReading: Hashable, Sendable {
    /// Which reading it is: as counted by `ManagerCore.beginReading`.
    public var number: UInt64
    /// The content by row.
    public var areas: [AreaContent]

    /// The reading with this content.
    public init(number: UInt64, areas: [AreaContent]) {
        self.number = number
        self.areas = areas
    }
}
