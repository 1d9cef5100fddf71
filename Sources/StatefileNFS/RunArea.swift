/// One record of a run file, as the bytes stand there.
struct RunRecord: Equatable, Sendable {
    let sequence: UInt64
    let bytes: [UInt8]
}

/// What a run file holds: in each position the record that is whole there.
struct RunArea: RunFileContent {
    var records: [RunRecord?]

    /// Takes over, position by position, what has a higher sequence.
    ///
    /// A position is a place of its own, as a sub-block on a disk is: it never goes back.
    mutating func absorb(_ other: RunArea) -> Bool {
        var isNewer = false
        for (position, record) in other.records.enumerated() {
            guard let record else { continue }
            if let known = records[position], known.sequence >= record.sequence { continue }
            records[position] = record
            isNewer = true
        }
        return isNewer
    }
}
