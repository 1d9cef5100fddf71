import LivesetEngine
import PoolModel
import Testing

@testable import JournalLog

private let hosts = ["lab1", "lab2", "lab3"]

private func instant(_ seconds: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: TimeSpan.seconds(seconds).nanoseconds)
}

private func record(_ announcement: Announcement, status: EngineStatus? = nil) -> EventRecord {
    EventRecord(
        announcement,
        in: AnnouncementContext(
            hosts: hosts,
            own: HostIndex(0),
            now: instant(100),
            timing: Timing(.standard),
            status: status
        )
    )
}

private func freshStatus() -> EngineStatus {
    let settings = EngineSettings(
        own: HostIndex(0),
        hostCount: 3,
        timing: Timing(.standard),
        largestD: .seconds(30)
    )
    let start = EngineStart(boot: BootID(1), nonce: RunNonce(2), persisted: nil)
    return Engine(settings: settings, start: start, now: instant(90)).status(now: instant(99))
}

@Suite struct SentenceTests {
    @Test func aSelfFenceTellsEveryFigureBehindIt() {
        var members = HostSet(first: 3)
        members.remove(HostIndex(1))
        let figures = FenceFigures(
            epoch: Epoch(12),
            leaseEnd: instant(100),
            lastGoodRound: instant(92),
            lastGrant: .distantPast,
            heard: HostSet(HostIndex(2)),
            members: members
        )
        let record = record(.selfFence(.leaseExpired, figures))
        #expect(record.level == .critical)
        #expect(record.kind == .selfFence)
        #expect(
            record.sentence
                == "this host stops itself: its lease ended: neither storage, nor vouchers, nor an all-lost"
                + " pool"
                + " carries it; view 12, lease ended 0 s ago, newest good round 8 s ago, newest grant never,"
                + " grace G ="
                + " 8 s, heard: lab3, members: lab1, lab3"
        )
        #expect(record.fields == ["HOST": "lab1", "EPOCH": "12", "REASON": "lease-expired"])
    }

    @Test func aViewTellsMembersMasterAndWhoIsLeftOut() {
        var view = View(epoch: Epoch(7), state: .active)
        view.master = HostIndex(0)
        for row in 0..<2 {
            view.entries[HostIndex(row)] = ViewEntry(
                number: IncarnationNumber(1),
                standing: .member,
                reason: nil,
                removedIn: .zero
            )
        }
        view.entries[HostIndex(2)] = ViewEntry(
            number: IncarnationNumber(4),
            standing: .removed,
            reason: .silent,
            removedIn: Epoch(7)
        )
        let record = record(.viewAdopted(view))
        #expect(
            record.sentence
                == "view 7 adopted (active): members lab1, lab2, master lab1; left out and not certified"
                + " dead yet: lab3"
                + " incarnation 4 (silent, since view 7)"
        )
        #expect(record.fields["LIVESET"] == "lab1, lab2, lab3")
        #expect(record.fields["EPOCH"] == "7")
    }

    @Test func aCertificateTellsClauseAndHowLongWasWaited() {
        let certificate = DeathCertificate(
            host: HostIndex(2),
            number: IncarnationNumber(4),
            clause: .leaseExpiry,
            issuedAt: instant(100),
            evidenceFrom: instant(78.5),
            bound: .seconds(21),
            removedIn: Epoch(7)
        )
        let record = record(.certified(certificate))
        #expect(
            record.sentence
                == "lab3 incarnation 4, left out by view 7, is certified dead: no sign of life, no grant and"
                + " no vouch for"
                + " 21.5 s, D = 21 s [DEAD-1]"
        )
        #expect(record.fields["PEER"] == "lab3")
        #expect(record.fields["REASON"] == "DEAD-1")
    }

    @Test func aProposalToRemoveTellsWhyAndWhatWasSeen() {
        let record = record(.proposing(Epoch(8), host: HostIndex(2), reason: .silent), status: freshStatus())
        #expect(record.level == .warning)
        #expect(record.sentence.hasPrefix("this host proposes view 8 without lab3: nobody hears it"))
        #expect(record.sentence.contains("last heartbeat never, slot last changed never; Tn = 5 s, Ts = 3 s"))
    }

    @Test func lostStorageTellsAgeLimitAndConsequence() {
        let record = record(.storageLost(lastGoodRound: instant(97)))
        #expect(record.level == .error)
        #expect(record.sentence.contains("newest good round 3 s ago (Ts = 3 s, grace G = 8 s)"))
    }

    @Test func noStatefileIsToldInTheWordsOfTheProtocol() {
        let record = record(.waitingToJoin(.noStatefile, HostSet()))
        #expect(
            record.sentence
                == "The host could not join the liveset because the HA daemon could not access the heartbeat"
                + " disk."
        )
        #expect(record.fields["REASON"] == "no-statefile")
    }

    @Test func everyAnnouncementHasOneLine() {
        let certificate = DeathCertificate(
            host: HostIndex(1),
            number: IncarnationNumber(1),
            clause: .tombstone,
            issuedAt: instant(1),
            evidenceFrom: instant(1),
            bound: .zero,
            removedIn: Epoch(1)
        )
        var all: [Announcement] = [
            .started(IncarnationNumber(3), resumed: true), .started(IncarnationNumber(3), resumed: false),
            .phaseChanged(from: .joining, to: .member), .viewAdopted(.zero),
            .proposing(Epoch(2), host: nil, reason: nil),
            .proposing(Epoch(2), host: HostIndex(1), reason: nil),
            .ballotLost(Epoch(2)), .certified(certificate),
            .peerUnheard(HostIndex(1), lastHeard: instant(95)),
            .peerHeard(HostIndex(1)), .peerSlotStale(HostIndex(1), lastChange: .distantPast),
            .peerSlotFresh(HostIndex(63)), .storageBack, .livingOnVouches, .livingOnAllLost,
            .holdChanged(true),
            .holdChanged(false), .netOKChanged(true), .netOKChanged(false),
            .mastershipChanged(acting: true, Epoch(3)), .mastershipChanged(acting: false, Epoch(3)),
            .readBackMismatch, .watchdogRefused(readBack: .seconds(60)),
        ]
        all += JoinObstacle.allCases.map { .waitingToJoin($0, HostSet(HostIndex(1))) }
        all += RemovalReason.allCases.map { .proposing(Epoch(2), host: HostIndex(1), reason: $0) }
        for announcement in all {
            let record = record(announcement, status: freshStatus())
            #expect(!record.sentence.isEmpty)
            #expect(!record.sentence.contains("\n"))
            #expect(record.fields["HOST"] == "lab1")
        }
    }

    @Test func messageIdsAreDistinctAndWellFormed() {
        let ids = EventKind.allCases.map(\.messageID)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.count == 32 && id.allSatisfy(\.isHexDigit)) }
        // A stable id that changed would break every stored query: this one stands for all.
        #expect(Set(EventKind.allCases.map(\.rawValue)).count == ids.count)
    }
}
