import PoolModel

/// Where this host stands in deciding the next view ([VIEW-1], [VIEW-2], [VIEW-2a]).
enum BallotStage: UInt8, BitwiseCopyable {
    /// Not balloting.
    case idle
    /// The slot shows the flag, and that is not acknowledged yet.
    case flagging
    /// `mbal` is to be written and all blocks are to be read.
    case phase1
    /// `bal` and the proposal are to be written and all blocks are to be read.
    case phase2
    /// Decided here, and not known to be on the medium yet.
    case publishing
}

/// What one ballot read, after an own write, means for the ballot.
enum BallotOutcome: BitwiseCopyable {
    /// Nobody is ahead; in phase 1 with the value that must be proposed, if some host accepted one.
    case clear(accepted: View?)
    /// A higher ballot of this instance was entered.
    case overtaken(BallotNumber)
    /// The instance, or a later one, is decided.
    case decidedElsewhere
}

/// One host's side of Disk Paxos with one disk: instance e+1 decides view e+1.
struct Proposer: BitwiseCopyable {
    /// Where it stands.
    private(set) var stage = BallotStage.idle
    /// The epoch that is being decided; `.zero` while idle.
    private(set) var instance = Epoch.zero
    /// The ballot in use.
    private(set) var ballot = BallotNumber.none
    /// The value of phase 2, or the decided view while publishing.
    private(set) var value = View.zero
    /// Not before then the next attempt.
    private(set) var notBefore = MonotonicInstant.distantPast
    private(set) var highestSeen = BallotNumber.none
    private(set) var losses = 0

    /// Decided here and not adopted: no grant, no all-lost echo, no mastership ([VIEW-2a]).
    var isDecidedUnpublished: Bool { stage == .publishing }

    /// Enters `instance`: from now on the slot shows the flag.
    mutating func enter(_ instance: Epoch) {
        if self.instance != instance { (highestSeen, losses) = (.none, 0) }
        self.instance = instance
        stage = .flagging
    }

    /// The flag is acknowledged: phase 1 with a ballot above all that was seen.
    mutating func startPhase1(own: HostIndex, above: BallotNumber) {
        precondition(stage == .flagging || stage == .phase1, "phase 1 follows the flag")
        ballot = max(above, highestSeen).next(for: own)
        highestSeen = ballot
        stage = .phase1
    }

    /// Phase 1 is clear: phase 2 with `value`.
    mutating func startPhase2(_ value: View) {
        precondition(stage == .phase1, "phase 2 follows phase 1")
        self.value = value
        stage = .phase2
    }

    /// Phase 2 is clear: the value is decided; now publish it.
    mutating func startPublishing() {
        precondition(stage == .phase2, "a value is decided in phase 2")
        stage = .publishing
    }

    /// A higher ballot is ahead: pause, then try again above it.
    mutating func yield(to seen: BallotNumber, until: MonotonicInstant) {
        highestSeen = max(highestSeen, seen)
        losses += 1
        stage = .idle
        notBefore = until
    }

    /// A write or read of this attempt failed: the whole attempt is done again.
    mutating func retry(at instant: MonotonicInstant) {
        guard stage == .phase1 || stage == .phase2 else { return }
        stage = .idle
        notBefore = instant
    }

    /// The instance is decided and adopted, or given up for good.
    mutating func finish() {
        stage = .idle
        instance = .zero
        (highestSeen, losses) = (.none, 0)
        notBefore = .distantPast
    }

    /// How often this instance was lost to a higher ballot; widens the pause.
    var lossCount: Int { losses }

    /// The record to write in the present stage, on top of the newest own one; nil when there is nothing to
    /// write.
    func record(over newest: BallotRecord, decided: View) -> BallotRecord? {
        var next = newest
        next.decided = decided
        switch stage {
        case .idle, .flagging:
            return nil
        case .phase1, .phase2:
            if next.instance != instance {
                next.instance = instance
                next.bal = .none
            }
            next.mbal = ballot
            if stage == .phase2 {
                next.bal = ballot
                next.proposal = value
            }
            return next
        case .publishing:
            next.decided = value
            return next
        }
    }

    /// Judges a read of all ballot blocks that was issued after the own write was acknowledged.
    func judge(_ ballots: [BallotReading], own: HostIndex) -> BallotOutcome {
        var accepted: View?
        var acceptedBallot = BallotNumber.none
        var highest = BallotNumber.none
        for row in ballots.indices {
            let record = ballots[row].newest
            if record.decided.epoch >= instance { return .decidedElsewhere }
            guard record.instance == instance else { continue }
            if row != own.row { highest = max(highest, record.mbal) }
            if record.bal > acceptedBallot {
                acceptedBallot = record.bal
                accepted = record.proposal
            }
        }
        if highest > ballot { return .overtaken(highest) }
        return .clear(accepted: accepted)
    }
}
