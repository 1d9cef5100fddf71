import PoolModel

/// The streams of one segment, the same for its writer and its reader.
struct FlightStreams: Sendable {
    var heartbeats: WordStreams
    var rounds: WordStreams
    var slots: WordStreams
    var ballots: WordStreams

    /// Streams of a pool with `rowCount` hosts.
    init(rowCount: Int) {
        let host = HostIndex(0)
        func width<Value: WordCarried>(_ value: Value) -> Int {
            var words = StateWords(rowCount: rowCount)
            words.takeOut(value)
            return words.list.count
        }
        heartbeats = WordStreams(
            rowCount: rowCount,
            width: width(Heartbeat(sender: host, incarnation: .none))
        )
        rounds = WordStreams(rowCount: 1, width: width(RoundFacts()))
        slots = WordStreams(
            rowCount: rowCount,
            width: width(SlotReading(verdict: .torn, fingerprint: 0, slot: Slot(emptyFor: host)))
        )
        let record = BallotRecord(formattedFor: host)
        ballots = WordStreams(
            rowCount: rowCount,
            width: width(BallotReading(validCount: 0, newestSubBlock: 0, newest: record))
        )
        self.rowCount = rowCount
    }

    private let rowCount: Int

    /// The most words of any record.
    var largestWidth: Int { max(heartbeats.width, rounds.width, slots.width, ballots.width) }

    /// The most bytes of any step: a round that read everything, and nothing of it as predicted.
    var largestStepBytes: Int {
        let rows =
            WordDelta.largestBytes(wordCount: slots.width) + WordDelta.largestBytes(wordCount: ballots.width)
        let round = WordDelta.largestBytes(wordCount: rounds.width) + rowCount * rows
        return 16 + max(round, WordDelta.largestBytes(wordCount: heartbeats.width))
    }

    /// Forgets everything.
    mutating func reset() {
        heartbeats.reset()
        rounds.reset()
        slots.reset()
        ballots.reset()
    }
}
