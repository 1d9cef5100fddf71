import LivesetEngine
import PoolModel

extension EventRecord {
    /// Announcements about views, certificates and who leads.
    static func view(_ announcement: Announcement, _ context: AnnouncementContext) -> EventRecord {
        switch announcement {
        case .started(let number, let resumed):
            let how = resumed ? "goes on as the member it was, after a daemon restart," : "starts"
            return EventRecord(
                .started,
                .info,
                "this host \(how) under incarnation number \(number)",
                fields: context.fields(["INCARNATION": "\(number)"])
            )
        case .phaseChanged(let from, let to):
            return EventRecord(
                .phaseChanged,
                to == .unguarded ? .critical : .notice,
                "this host is \(ProtocolWords.of(to)) now, it was \(ProtocolWords.of(from))",
                fields: context.fields()
            )
        case .viewAdopted(let view):
            return adopted(view, context)
        case .proposing(let epoch, let host, let reason):
            return proposing(epoch, host, reason, context)
        case .ballotLost(let epoch):
            return EventRecord(
                .ballotLost,
                .info,
                "the ballot for view \(epoch) is given up: another host's is ahead",
                fields: context.fields(["EPOCH": "\(epoch)"])
            )
        case .certified(let certificate):
            return certified(certificate, context)
        case .mastershipChanged(let acting, let epoch):
            let what = acting ? "acts as master from now on" : "no longer acts as master"
            return EventRecord(
                .mastershipChanged,
                .notice,
                "this host \(what), in view \(epoch)",
                fields: context.fields(["EPOCH": "\(epoch)"])
            )
        case .peerUnheard, .peerHeard, .peerSlotStale, .peerSlotFresh, .storageLost, .storageBack,
            .livingOnVouches,
            .livingOnAllLost, .holdChanged, .netOKChanged, .waitingToJoin, .selfFence, .readBackMismatch,
            .watchdogRefused:
            preconditionFailure("only announcements about views come here")
        }
    }

    private static func adopted(_ view: View, _ context: AnnouncementContext) -> EventRecord {
        let master = view.master.map { context.name($0) } ?? "none"
        var sentence =
            "view \(view.epoch) adopted (\(ProtocolWords.of(view.state))): members"
            + " \(context.names(view.members)),"
            + " master \(master)"
        for host in view.removed {
            let entry = view.entries[host]
            let why = entry.reason.map { ProtocolWords.word($0) } ?? "no reason given"
            sentence +=
                "; left out and not certified dead yet: \(context.name(host)) incarnation \(entry.number)"
            sentence += " (\(why), since view \(entry.removedIn))"
        }
        let liveset = view.members.union(view.removed)
        return EventRecord(
            .viewAdopted,
            .notice,
            sentence,
            fields: context.fields(["EPOCH": "\(view.epoch)", "LIVESET": context.names(liveset)])
        )
    }

    private static func proposing(
        _ epoch: Epoch,
        _ host: HostIndex?,
        _ reason: RemovalReason?,
        _ context: AnnouncementContext
    ) -> EventRecord {
        var fields = ["EPOCH": "\(epoch)"]
        guard let host else {
            return EventRecord(
                .proposing,
                .notice,
                "this host proposes view \(epoch)",
                fields: context.fields(fields)
            )
        }
        fields["PEER"] = context.name(host)
        guard let reason else {
            return EventRecord(
                .proposing,
                .notice,
                "this host proposes view \(epoch), with \(context.name(host))",
                fields: context.fields(fields)
            )
        }
        fields["REASON"] = ProtocolWords.word(reason)
        let times = "Tn = \(context.timing.networkTimeout), Ts = \(context.timing.storageTimeout)"
        return EventRecord(
            .proposing,
            reason == .left ? .notice : .warning,
            "this host proposes view \(epoch) without \(context.name(host)):"
                + " \(ProtocolWords.sentence(reason));"
                + " \(context.sight(of: host)); \(times)",
            fields: context.fields(fields)
        )
    }

    private static func certified(_ certificate: DeathCertificate, _ context: AnnouncementContext)
        -> EventRecord
    {
        let host = "\(context.name(certificate.host)) incarnation \(certificate.number)"
        let why: String
        switch certificate.clause {
        case .leaseExpiry:
            let waited = certificate.issuedAt - certificate.evidenceFrom
            why = "no sign of life, no grant and no vouch for \(waited), D = \(certificate.bound) [DEAD-1]"
        case .tombstone: why = "its own last record says so [DEAD-2]"
        case .newBoot: why = "it booted anew [DEAD-3]"
        case .confirmedOff: why = "a fence agent or the storage target confirmed that it is off [DEAD-4]"
        case .operatorConfirmed: why = "the operator answers for it [DEAD-5]"
        case .carriedByView: why = "the host that proposed a later view had certified it (section 4)"
        }
        let removal =
            certificate.removedIn == .zero ? "" : ", left out by view \(certificate.removedIn),"
        let sentence = "\(host)\(removal) is certified dead: \(why)"
        let fields = [
            "PEER": context.name(certificate.host), "REASON": ProtocolWords.word(certificate.clause),
        ]
        return EventRecord(.certified, .notice, sentence, fields: context.fields(fields))
    }
}
