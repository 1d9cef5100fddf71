import LivesetEngine
public import PoolModel

/// What a run of a scenario gave.
public struct Playback: Sendable {
    /// Something that did not hold.
    public struct Failure: Equatable, Sendable {
        /// The promise (`SAFE-1`), or the expectation without its time; the same in a shorter scenario.
        public let kind: String
        /// Whether a promise of the protocol was broken, not an expectation of the scenario.
        public let isPromise: Bool
        /// When it was found.
        public let time: TimeSpan
        /// What was expected and what was seen, in words.
        public let reason: String
    }

    /// What did not hold; the first one ends the run, claims about events are judged after it.
    public internal(set) var failures: [Failure] = []
    /// The decisions.
    public internal(set) var chronicle = Chronicle()
    /// How much simulated time passed.
    public internal(set) var simulated = TimeSpan.zero
    /// How many events the world carried out.
    public internal(set) var events = 0
    /// Identifies the run by a hash over its whole trace; zero when nobody asked for it.
    public internal(set) var traceHash: UInt64 = 0
    /// The last entries of the trace, and where each host stands; only when something did not hold.
    public internal(set) var tail = ""

    /// Whether all held.
    public var holds: Bool { failures.isEmpty }

    /// What went wrong, with the last entries of the trace; nil when all held.
    public var failure: String? {
        failures.isEmpty ? nil : failures.map(\.reason).joined(separator: "\n") + "\n" + tail
    }

    /// The sums of this run.
    public var tally: Tally { Tally(self) }

    /// As a finding of the scenario; nil when all held.
    public var finding: Scenario.Finding? {
        failures.first.map { Scenario.Finding(broke: $0.kind, time: $0.time, traceHash: traceHash) }
    }
}
