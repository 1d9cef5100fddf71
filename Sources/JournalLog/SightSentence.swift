import LivesetEngine
import PoolModel

extension EventRecord {
    /// Announcements about who is heard and seen.
    static func sight(_ announcement: Announcement, _ context: AnnouncementContext) -> EventRecord {
        func record(
            _ kind: EventKind,
            _ level: EventLevel,
            _ host: HostIndex,
            _ sentence: String
        ) -> EventRecord {
            EventRecord(
                kind,
                level,
                "\(context.name(host)) \(sentence)",
                fields: context.fields(["PEER": context.name(host)])
            )
        }
        /// A host that left is silent by right.
        func silence(of host: HostIndex) -> EventLevel {
            context.status?.peers[host].phase.isTombstone == true ? .info : .warning
        }
        switch announcement {
        case .peerUnheard(let host, let last):
            let other =
                context.status.map { ", slot last changed \(context.ago($0.peers[host].lastSlotChange))" }
                ?? ""
            return record(
                .peerUnheard,
                silence(of: host),
                host,
                "is unheard: last heartbeat \(context.ago(last)) (Tn ="
                    + " \(context.timing.networkTimeout))\(other)"
            )
        case .peerHeard(let host):
            return record(.peerHeard, .notice, host, "is heard again")
        case .peerSlotStale(let host, let last):
            let limit = context.timing.storageTimeout + context.timing.roundInterval
            let other =
                context.status.map { ", last heartbeat \(context.ago($0.peers[host].lastHeartbeat))" } ?? ""
            return record(
                .peerSlotStale,
                silence(of: host),
                host,
                "does not write its slot: last change \(context.ago(last)) (Ts + r = \(limit))\(other)"
            )
        case .peerSlotFresh(let host):
            return record(.peerSlotFresh, .notice, host, "writes its slot again")
        case .holdChanged(let isHeld):
            let sentence =
                isHeld
                ? "hold: no two hosts hear each other, so the statefile alone carries liveness and nobody is"
                    + " removed for"
                    + " the network [FAULT-3]; repair the heartbeat networks: losing the storage as well"
                    + " stops hosts"
                : "the hold is over: hosts hear each other again [FAULT-3]"
            return EventRecord(.holdChanged, isHeld ? .error : .notice, sentence, fields: context.fields())
        case .netOKChanged(let isOK):
            let sentence =
                isOK
                ? "the links of this host's heartbeat networks are well again (netOK)"
                : "a link or witness of this host's heartbeat networks is down (netOK false): in a partition"
                    + " this host"
                    + " gives way; check cables and switch ports of the configured interfaces"
            return EventRecord(.netOKChanged, isOK ? .notice : .warning, sentence, fields: context.fields())
        case .started, .phaseChanged, .viewAdopted, .proposing, .ballotLost, .certified, .storageLost,
            .storageBack,
            .livingOnVouches, .livingOnAllLost, .mastershipChanged, .waitingToJoin, .selfFence,
            .readBackMismatch,
            .watchdogRefused:
            preconditionFailure("only announcements about sight come here")
        }
    }

    /// Announcements about the own statefile and what carries the lease.
    static func storage(_ announcement: Announcement, _ context: AnnouncementContext) -> EventRecord {
        let left = context.leaseLeft.map { "; the lease has \($0) left" } ?? ""
        switch announcement {
        case .storageLost(let last):
            return EventRecord(
                .storageLost,
                .error,
                "the statefile is lost: newest good round \(context.ago(last)) (Ts ="
                    + " \(context.timing.storageTimeout), grace"
                    + " G = \(context.timing.grace))\(left); this host fences itself at its end unless a"
                    + " round succeeds or"
                    + " the peers carry it; check the path to the storage",
                fields: context.fields(["REASON": "storage-lost"])
            )
        case .storageBack:
            return EventRecord(
                .storageBack,
                .notice,
                "the statefile is back: a round succeeded and the newest view was read [LEASE-1]",
                fields: context.fields()
            )
        case .livingOnVouches:
            return EventRecord(
                .livingOnVouches,
                .error,
                "this host is without storage and lives on its peers' vouches [LEASE-M]\(left)",
                fields: context.fields()
            )
        case .livingOnAllLost where context.members?.count == 1:
            return EventRecord(
                .livingOnAllLost,
                .info,
                "this host is alone in the liveset: its lease needs nobody [LEASE-A]",
                fields: context.fields()
            )
        case .livingOnAllLost:
            return EventRecord(
                .livingOnAllLost,
                .error,
                "every member has lost the statefile; hosts live because all hear each other"
                    + " [LEASE-A]\(left); do not"
                    + " restart daemons or pull network cables until the storage is back",
                fields: context.fields()
            )
        case .readBackMismatch:
            return EventRecord(
                .readBackMismatch,
                .error,
                "the statefile gives back something else than this host wrote for longer than Ts ="
                    + " \(context.timing.storageTimeout): a rolled-back or split replica? This host counts"
                    + " as storage-lost"
                    + "\(left)",
                fields: context.fields(["REASON": "read-back"])
            )
        case .started, .phaseChanged, .viewAdopted, .proposing, .ballotLost, .certified, .peerUnheard,
            .peerHeard,
            .peerSlotStale, .peerSlotFresh, .holdChanged, .netOKChanged, .mastershipChanged, .waitingToJoin,
            .selfFence,
            .watchdogRefused:
            preconditionFailure("only announcements about storage come here")
        }
    }
}
