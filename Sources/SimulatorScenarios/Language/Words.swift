import LivesetEngine
import PoolModel
import Simulator

/// The closed sets of phrases that blanks may hold.
enum Words {
    static let yesNo = Vocabulary([("yes", true), ("no", false)])

    static let profile = Vocabulary<TimingChoice>([
        ("fast", .fast), ("default", .standard), ("conservative", .conservative),
    ])

    static let threads = Vocabulary<HostThreads>([
        ("engine", .engine), ("storage", .storage), ("fence", .fence),
        ("engine and storage", [.engine, .storage]), ("engine and fence", [.engine, .fence]),
        ("storage and fence", [.storage, .fence]),
    ])

    static let spoilt = Vocabulary<SlotReading.Verdict>([("torn", .torn), ("foreign", .foreign)])

    static let moment = Vocabulary<Interruption.Moment>([
        ("heartbeat", .send), ("round", .round), ("read", .read), ("ballot write", .ballotWrite),
        ("ballot flag", .flag),
        ("publication", .publication), ("write of taken", .persist(.taken)),
        ("write of held", .persist(.held)), ("write of spent", .persist(.spent)),
        ("opening of the watchdog", .openWatchdog), ("feed", .feed), ("adoption", .adoption),
    ])

    static let forgery = Vocabulary<Forgery>([
        ("a datagram under a wrong key", .wrongKey), ("a datagram of another generation", .otherGeneration),
        ("a datagram from a wrong address", .otherAddress), ("its own datagram", .ownSender),
        ("a datagram of an unknown host", .unknownSender), ("a datagram of a newer format", .newerFormat),
        ("half a datagram", .cutShort), ("a datagram that is too long", .tooLong),
        ("random bytes", .garbage),
    ])

    static let lateness = Vocabulary<WatchdogLateness>([
        ("at any moment", .byChance), ("in time", .none), ("as late as it may", .full),
    ])

    static let fastSlow = Vocabulary([("fast", true), ("slow", false)])

    static let blocks = Vocabulary([("512", 512), ("4096", 4096)])

    static let mishap = Vocabulary<Interruption.Act>([
        ("crash", .crashDaemon), ("lose power", .powerOff), ("lose storage", .stallStorage),
        ("lose storage after a slot write", .stallAfterSlot),
    ])

    static let request = Vocabulary<OperatorRequest>([
        ("leave", .leave), ("stay", .stay), ("disable", .disable), ("enable", .enable),
        ("disable in an emergency", .emergencyDisable), ("clear its hold-out", .clearHoldOut),
        ("form by force", .forceForm), ("give up", .giveUp),
    ])

    static let storageLoss = Vocabulary<StorageLossPolicy>([("stay", .stay), ("fence", .fence)])

    static let evenPartition = Vocabulary<EvenPartitionPolicy>([("hold", .hold), ("tie-break", .tieBreak)])

    static let reason = Vocabulary<FenceReason>([
        ("lease-expired", .own(.leaseExpired)), ("removed-from-view", .own(.removedFromView)),
        ("stalled-feed", .own(.stalledFeed)), ("watchdog-unavailable", .own(.watchdogUnavailable)),
        ("operator-request", .own(.operatorRequest)), ("crash-loop", .own(.crashLoop)),
        ("not-fed", .notFed),
    ])

    static let clause = Vocabulary<CertificateClause>([
        ("lease-expiry", .leaseExpiry), ("tombstone", .tombstone), ("new-boot", .newBoot),
        ("confirmed-off", .confirmedOff), ("operator", .operatorConfirmed), ("a-later-view", .carriedByView),
    ])

    static let lifeline = Vocabulary<Lifeline>([("vouches", .vouches), ("all-lost", .allLost)])

    static let phase = Vocabulary<HostPhase>([
        ("empty", .empty), ("joining", .joining), ("member", .member), ("leaving", .leaving), ("left", .left),
        ("fenced", .fenced), ("unguarded", .unguarded), ("held-out", .heldOut), ("disabled", .disabled),
    ])

    static let obstacle = Vocabulary<JoinObstacle>([
        ("the statefile", .noStatefile), ("its quarantine", .quarantine), ("being heard", .notHeard),
        ("all hosts", .waitingForHosts), ("certificates", .notCertified), ("its hold-out", .heldOut),
        ("the pool to be enabled", .poolDisabled), ("its watchdog", .watchdog),
    ])

    /// The phrases of the vocabulary that a blank of this name holds.
    static func phrases(of blank: String) -> [String]? {
        switch blank {
        case "yesno": yesNo.phrases
        case "profile": profile.phrases
        case "threads": threads.phrases
        case "spoilt": spoilt.phrases
        case "moment": moment.phrases
        case "forgery": forgery.phrases
        case "lateness": lateness.phrases
        case "fast-slow": fastSlow.phrases
        case "blocks": blocks.phrases
        case "mishap": mishap.phrases
        case "request": request.phrases
        case "storage-loss": storageLoss.phrases
        case "even-partition": evenPartition.phrases
        case "reason": reason.phrases
        case "clause": clause.phrases
        case "lifeline": lifeline.phrases
        case "phase": phase.phrases
        case "obstacle": obstacle.phrases
        default: nil
        }
    }
}
