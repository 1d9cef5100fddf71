import PoolModel

/// When each of this run's newest heartbeats was composed: maps an echo to its own issue time ([TIME-2],
/// section 5).
///
/// Holds the newest 256 sequences; at the shortest interval that is more than G of every profile. An echo of
/// an older
/// sequence is too old to matter and maps to nothing.
struct SendLog: BitwiseCopyable {
    private static let capacity: UInt64 = 256
    private var instants = InlineArray<256, MonotonicInstant>(repeating: .distantPast)
    /// The sequence of the newest heartbeat; 0 before the first.
    private(set) var newest: UInt64 = 0

    /// Gives the next heartbeat its sequence and notes when it was composed.
    mutating func record(at now: MonotonicInstant) -> UInt64 {
        newest += 1
        instants[Int(newest % SendLog.capacity)] = now
        return newest
    }

    /// When the heartbeat with `sequence` was composed; nil when it was never sent or is too old to be
    /// remembered.
    func issueTime(of sequence: UInt64) -> MonotonicInstant? {
        guard sequence > 0, sequence <= newest, newest - sequence < SendLog.capacity else { return nil }
        return instants[Int(sequence % SendLog.capacity)]
    }
}

extension SendLog: WordCarried {
    mutating func carry(in words: inout StateWords) {
        for place in 0..<Int(SendLog.capacity) { words.carry(&instants[place]) }
        words.carry(&newest)
    }
}
