import PoolModel

/// What the oracles remember of the world as a whole; what they know of one host stands in `SimulatedHost`.
struct OracleMemory: Sendable {
    /// The first view seen for each epoch ([SAFE-3]).
    var views: [View?] = []
    /// Per row: the highest number that any host certified dead or left out of its liveset (I2).
    var certifiedUpTo: [IncarnationNumber]
    /// The highest epoch whose view stands, or stood, as decided on the disk (I5).
    var published = Epoch.zero
    /// Per row: what its newest ballot record said last (I6).
    var newestBallot: [BallotMark]
    /// Per row: the number under which the stop of its guests was proved in this boot.
    var guestsProvenStopped: [IncarnationNumber]
    /// How many fences the present phase allows, and has had ([LIVE-2]).
    var fencesAllowed: Int?
    var fencesCounted = 0
    /// Per row: an operator answered for its death with his word alone.
    var claimedDead: [Bool]
    /// What the host under test says, as the oracles read it.
    var heartbeat = Heartbeat(sender: HostIndex(0), incarnation: .none)

    init(hostCount: Int) {
        certifiedUpTo = Array(repeating: .none, count: hostCount)
        newestBallot = Array(repeating: BallotMark(), count: hostCount)
        guestsProvenStopped = Array(repeating: .none, count: hostCount)
        claimedDead = Array(repeating: false, count: hostCount)
    }
}

/// How far a host's ballot block has come.
struct BallotMark: BitwiseCopyable, Comparable, Sendable {
    var decided = Epoch.zero
    var instance = Epoch.zero
    var mbal = BallotNumber.none
    var bal = BallotNumber.none

    init() {}

    init(_ record: borrowing BallotRecord) {
        (decided, instance, mbal, bal) = (record.decided.epoch, record.instance, record.mbal, record.bal)
    }

    static func < (left: BallotMark, right: BallotMark) -> Bool {
        (left.decided, left.instance, left.mbal, left.bal) < (
            right.decided, right.instance, right.mbal, right.bal
        )
    }
}
