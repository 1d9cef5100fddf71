public import PoolModel

/// A story about a pool that a person can read and the simulator can play: who, what, when, and what follows.
public struct Scenario: Equatable, Sendable {
    /// When a run is over.
    public enum Ending: Equatable, Sendable {
        /// At this instant.
        case after(TimeSpan)
        /// When the pool is whole, which it has to be by this instant ([LIVE-1]).
        case whenWhole(atMost: TimeSpan)
    }

    /// What a run of this scenario once broke, and the hash of its trace then.
    public struct Finding: Equatable, Sendable {
        /// The promise, or the expectation.
        public var broke: String
        /// The instant.
        public var time: TimeSpan
        /// `Playback.traceHash` of that run.
        public var traceHash: UInt64

        /// The finding with these figures.
        public init(broke: String, time: TimeSpan, traceHash: UInt64) {
            self.broke = broke
            self.time = time
            self.traceHash = traceHash
        }
    }

    /// What the scenario is about, in a few words.
    public var title = ""
    /// How many hosts; they are called lab1, lab2, ...
    public var hosts: Int
    /// The choice from which all times follow.
    public var timing = TimingChoice.fast
    /// The seed of all chance.
    public var seed: UInt64 = 1
    /// What world and hosts are like, where that is not the default.
    public var settings: [Setting] = []
    /// What is done to the world, earliest first.
    public var acts: [TimedAct] = []
    /// What has to follow.
    public var expectations: [Expectation] = []
    /// When the run is over.
    public var ending: Ending
    /// What xhad does in this case; lines of prose.
    public var xhad: [String] = []
    /// Why our outcome is safe, or better; lines of prose.
    public var why: [String] = []
    /// What it once broke.
    public var found: Finding?

    /// A scenario in which nothing happens.
    public init(hosts: Int, ending: Ending) {
        self.hosts = hosts
        self.ending = ending
    }

    /// The latest instant that a run can reach.
    public var end: TimeSpan {
        switch ending {
        case .after(let time), .whenWhole(let time): time
        }
    }

    /// The instant of the first act that is a fault, nil when there is none.
    public var firstFault: TimeSpan? { acts.first { !$0.act.isMending }?.time }
}
