/// One thing that happens after a failure, and between which instants it does; both count from the failure.
public struct FailureStep: Hashable, Sendable {
    /// What happens, in words.
    public let what: String
    /// The rule that it follows from.
    public let clause: String
    /// Not before.
    public let earliest: TimeSpan
    /// Not after.
    public let latest: TimeSpan

    init(_ what: String, _ clause: String, _ earliest: TimeSpan, _ latest: TimeSpan) {
        precondition(earliest <= latest, "a step's earliest instant is not after its latest")
        self.what = what
        self.clause = clause
        self.earliest = max(earliest, .zero)
        self.latest = latest
    }
}

/// What failed, on one host B of a pool whose other hosts are well.
public enum FailureKind: String, Hashable, Sendable, CaseIterable {
    /// The power plug of B is pulled.
    case power
    /// B loses its path to the statefile and may not live without it: a pool of two, or
    /// `on-storage-loss = "fence"`.
    case storage
    /// B loses its path to the statefile in a pool of three or more that keeps such a host.
    case vouched
    /// The network cable of B is pulled: B sees no carrier, and the others hear each other.
    case network
}

/// When what happens after a single failure: the earliest and the latest instant of each step.
///
/// Derived from the times of the pool and from how long a statefile round takes; proved in words in
/// docs/TIMING.md section 7 and held against the simulator by `FailureTimelineTests`. Clock-rate errors are
/// part of D and left out elsewhere: they are far below a tick.
public struct FailureTimeline: Sendable {
    /// What failed.
    public let kind: FailureKind
    /// The steps, in the order in which they begin.
    public let steps: [FailureStep]
    /// From the failure until the order to restart B's machines; nil where B lives on.
    public var restart: FailureStep? { kind == .vouched ? nil : steps.last }

    /// The time line of `kind` under `timing`, where a round of the statefile takes at most `roundTime`.
    ///
    /// `roundTime` is at most the I/O deadline: a round that takes longer is no good round.
    public init(_ kind: FailureKind, timing: Timing, roundTime: TimeSpan) {
        self.kind = kind
        let times = StepTimes(timing: timing, round: min(roundTime, timing.ioDeadline))
        steps =
            switch kind {
            case .power: times.afterPower
            case .storage: times.afterStorage
            case .vouched: times.whileVouched
            case .network: times.afterNetwork
            }
    }
}

/// The arithmetic of the steps.
private struct StepTimes {
    let timing: Timing
    /// a: from the start of a round to its end.
    let round: TimeSpan

    private var interval: TimeSpan { timing.roundInterval }
    /// The engine looks at the clock at least so often.
    private var tick: TimeSpan { timing.heartbeatInterval / 8 }
    /// From a change in a host's row to when another host has read it: that row's next round, which starts at
    /// once or after the one in flight, and the reader's next round.
    private var seen: TimeSpan { round * 2 + interval + round + tick }
    /// A ballot: the flag, two phases, the decision, each a round, after the one in flight.
    private var ballot: TimeSpan { round * 5 + tick }
    /// The longest that the fence ladder gives the guests' end and the last words.
    private var ladder: TimeSpan { min(timing.watchdog / 2, .seconds(1)) }

    private var unheard: FailureStep {
        FailureStep(
            "the others hear B no more",
            "Tn",
            timing.networkTimeout - timing.heartbeatInterval,
            timing.networkTimeout + tick * 2
        )
    }

    var afterPower: [FailureStep] {
        // B's last write landed between r + a before the failure and the failure; others see it up to r + a
        // later.
        let firstSight = (earliest: TimeSpan.zero - interval - round, latest: interval + round)
        let proposedLatest =
            max(unheard.latest + seen, firstSight.latest + timing.networkTimeout + tick) + tick
        let certified = FailureStep(
            "B is certified dead, and its machines are ordered elsewhere",
            "DEAD-1",
            firstSight.earliest + timing.certainlyDead,
            firstSight.latest + timing.certainlyDead + interval + round * 2 + tick
        )
        return [
            unheard,
            FailureStep("a view without B is proposed", "FAULT-1", unheard.earliest, proposedLatest),
            FailureStep("it is decided and adopted", "VIEW-2a", unheard.earliest, proposedLatest + ballot),
            certified,
        ]
    }

    /// The newest good round of B was issued so long before the failure at most.
    private var newestProof: TimeSpan { interval + round + tick }

    private var noticed: FailureStep {
        FailureStep(
            "B says that it lost its storage",
            "Ts",
            timing.storageTimeout - newestProof,
            timing.storageTimeout + tick
        )
    }

    var afterStorage: [FailureStep] {
        let end = FailureStep(
            "B's lease ends: it stops feeding, its guests are stopped",
            "LEASE-S",
            timing.grace - newestProof,
            timing.grace
        )
        return [
            noticed, end,
            FailureStep("B is reset by sysrq", "SAFE-4", end.earliest, end.latest + ladder + tick),
            FailureStep(
                "its watchdog has reset it, whatever its software did",
                "TIME-1",
                end.earliest,
                (timing.grace + timing.watchdog * 2 + timing.feedPeriod + timing.resetDelay)
                    * Timing.clockStretch
            ),
            FailureStep(
                "B is certified dead (by its last words, else by time), and its machines are ordered elsewhere",
                "DEAD-2",
                end.earliest,
                interval + round + timing.certainlyDead + interval + round * 2 + tick
            ),
        ]
    }

    var whileVouched: [FailureStep] {
        // Told with the heartbeat that the change of state sends; vouched for in the peer's next round where
        // it is not already; granted with a heartbeat after that, on the echo of a new sequence.
        [
            noticed,
            FailureStep(
                "a peer grants B a lease",
                "LEASE-M",
                interval * 2 - newestProof,
                noticed.latest + interval + round + timing.heartbeatInterval * 2
            ),
            FailureStep(
                "B's own lease would have ended",
                "LEASE-S",
                timing.grace - newestProof,
                timing.grace
            ),
        ]
    }

    var afterNetwork: [FailureStep] {
        // Settled: the graph, as read from rows, stood still for Tn, and every row is newer than its last
        // change. It may change once more for each row that is read, and never counts longer than 3 Tn.
        let settledEarliest = unheard.earliest + timing.networkTimeout
        let lastChange = unheard.latest + seen
        let settledLatest = min(
            lastChange + timing.networkTimeout + seen,
            unheard.latest + timing.networkTimeout * 3
        )
        let decided = settledLatest + tick + ballot
        // B sees a slot with a later epoch in its next round and reads the ballot blocks in the one after it.
        let known = decided + interval + round * 3 + tick
        return [
            unheard,
            FailureStep(
                "the partition is settled: a view without B is proposed",
                "FAULT-2",
                settledEarliest,
                settledLatest
            ),
            FailureStep("it is decided and adopted", "VIEW-2a", settledEarliest, decided),
            FailureStep(
                "B learns of it, stops feeding and stops its guests",
                "VIEW-5",
                settledEarliest,
                known
            ),
            FailureStep("B is reset by sysrq", "SAFE-4", settledEarliest, known + ladder + tick),
            FailureStep(
                "B is certified dead by its own last record, and its machines are ordered elsewhere",
                "DEAD-2",
                settledEarliest,
                known + ladder + seen
            ),
        ]
    }
}
