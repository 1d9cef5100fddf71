public import LivesetEngine
import PoolModel

extension EventRecord {
    /// Puts an announcement of the engine into words, with the figures behind it.
    public init(_ announcement: Announcement, in context: AnnouncementContext) {
        switch announcement {
        case .started, .phaseChanged, .viewAdopted, .proposing, .ballotLost, .certified, .mastershipChanged:
            self = EventRecord.view(announcement, context)
        case .peerUnheard, .peerHeard, .peerSlotStale, .peerSlotFresh, .holdChanged, .netOKChanged:
            self = EventRecord.sight(announcement, context)
        case .storageLost, .storageBack, .livingOnVouches, .livingOnAllLost, .readBackMismatch:
            self = EventRecord.storage(announcement, context)
        case .waitingToJoin(let obstacle, let hosts):
            let names = context.names(hosts)
            let fields = context.fields(["REASON": ProtocolWords.word(obstacle)])
            self.init(.waitingToJoin, .warning, JoinSentence.of(obstacle, names: names), fields: fields)
        case .selfFence(let reason, let figures):
            self = EventRecord.selfFence(reason, figures, context)
        case .watchdogRefused(let readBack):
            let asked = context.timing.watchdog
            self.init(
                .watchdogRefused,
                .error,
                "the watchdog took \(readBack) as its timeout instead of \(asked), which makes D larger than"
                    + " the pool"
                    + " allows; this host does not join; use a driver that takes \(asked), or slower times"
                    + " for the pool",
                fields: context.fields(["REASON": "watchdog"])
            )
        }
    }

    private static func selfFence(
        _ reason: SelfFenceReason,
        _ figures: FenceFigures,
        _ context: AnnouncementContext
    ) -> EventRecord {
        let sentence =
            "this host stops itself: \(ProtocolWords.sentence(reason)); view \(figures.epoch),"
            + " \(context.leaseEnd(figures.leaseEnd)), newest good round"
            + " \(context.ago(figures.lastGoodRound)),"
            + " newest grant \(context.ago(figures.lastGrant)), grace G = \(context.timing.grace),"
            + " heard: \(context.names(figures.heard)), members: \(context.names(figures.members))"
        let fields = ["REASON": ProtocolWords.word(reason), "EPOCH": "\(figures.epoch)"]
        return EventRecord(.selfFence, .critical, sentence, fields: context.fields(fields))
    }
}
