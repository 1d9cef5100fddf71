import AdminProtocol
import ControlPlane
import PoolModel
import Testing

@Suite("The restart decider")
struct RestartDeciderTests {
    private func running(_ setUp: (inout PoolFixture, inout RestartDecider) -> Void) -> (
        PoolFixture, RestartDecider
    ) {
        var pool = PoolFixture()
        var decider = RestartDecider()
        setUp(&pool, &decider)
        pool.obey()
        pool.decide(&decider)
        return (pool, decider)
    }

    @Test(
        "a registered machine is ordered to the host with the most memory and is done when it is seen running"
    )
    func firstStart() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.reports[1]?.totalMiB = 2000
        pool.register("db", with: &decider)
        #expect(pool.place("db") == 1)
        #expect(pool.claim("db")?.isRunning == false)
        #expect(pool.decide(&decider).isEmpty || pool.claim("db")?.isRunning == false)
        pool.obey()
        pool.decide(&decider)
        #expect(pool.claim("db")?.isRunning == true)
        #expect(pool.record.machine("db")?.note == "runs on lab2")
        #expect(pool.record.ledger.entries.map(\.kind) == [.request, .ordered, .running])
    }

    @Test("the operator's wish decides where it runs first")
    func wish() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.reports[1]?.totalMiB = 2000
        pool.register("db", host: 2, with: &decider)
        #expect(pool.place("db") == 2)
    }

    @Test("a removed host's machine is not restarted before the host is certified dead")
    func noCertificate() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.remove(1)
        for _ in 0..<100 {
            pool.seconds += 10
            pool.decide(&decider)
        }
        #expect(pool.place("db") == 1)
        #expect(pool.record.machine("db")?.note.contains("is not certified dead") == true)
    }

    @Test("with the certificate it is restarted elsewhere, and the ledger holds the certificate")
    func certified() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.remove(1)
        pool.certify(1)
        pool.decide(&decider)
        let claim = pool.claim("db")
        #expect(claim.map { $0.host != 1 } == true)
        #expect(claim?.cause == .hostLost)
        #expect(claim?.proofs.map(\.clause) == [.leaseExpiry])
        #expect(claim?.intent.epoch == pool.liveset.epoch)
        let ordered = pool.record.ledger.entries.last { $0.kind == .ordered }
        #expect(ordered?.proofs.first?.boundMilliseconds == 21_000)
        #expect(
            ordered?.text.contains("lab2 (incarnation 1) is certified dead [lease-expiry] by lab1") == true
        )
    }

    @Test("the certificate stays with the machine until it runs, over failed starts and masters")
    func certificateStays() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.remove(1)
        pool.certify(1)
        pool.decide(&decider)
        pool.end("db", outcome: .failed)
        pool.decide(&decider)
        #expect(pool.claim("db")?.cause == .failedStart)
        #expect(pool.claim("db")?.proofs.map(\.clause) == [.leaseExpiry])
        pool.nextEpoch()
        pool.decide(&decider)
        #expect(pool.claim("db")?.cause == .orderVoid)
        #expect(pool.claim("db")?.proofs.map(\.clause) == [.leaseExpiry])
    }

    @Test("a liveset that no longer carries the host proves its death as well")
    func carriedByView() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.remove(1)
        pool.liveset.liveset.remove(1)
        pool.decide(&decider)
        #expect(pool.claim("db")?.proofs.map(\.clause) == [.carriedByView])
    }

    @Test(
        "nothing is started or declared lost while the pool is enabling or disabled",
        arguments: [true, false]
    )
    func notActive(isEnabling: Bool) {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.liveset.poolState = isEnabling ? .enabling : .disabled
        pool.remove(1)
        pool.certify(1)
        pool.decide(&decider)
        #expect(pool.place("db") == 1)
        pool.register("new", with: &decider)
        #expect(pool.record.machine("new") != nil)
        #expect(pool.place("new") == nil)
        pool.liveset.poolState = .active
        pool.decide(&decider)
        #expect(pool.place("db") != 1)
        #expect(pool.place("new") != nil)
    }

    @Test("who does not act as master, or has a record of another epoch, decides nothing")
    func notActing() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.remove(1)
        pool.certify(1)
        pool.liveset.isActingMaster = false
        #expect(pool.decide(&decider).isEmpty)
        pool.liveset.isActingMaster = true
        pool.record.version.epoch -= 1
        #expect(pool.decide(&decider).isEmpty)
        pool.record.version.epoch += 1
        #expect(!pool.decide(&decider).isEmpty)
    }

    @Test("a live host that has not shown the new epoch keeps its machine, whatever it reported before")
    func epochNotShown() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.end("db")
        pool.nextEpoch()
        pool.reports[1]?.epoch -= 1
        pool.decide(&decider)
        #expect(pool.claim("db")?.isRunning == true)
        pool.reports[1]?.epoch += 1
        pool.decide(&decider)
        #expect(pool.claim("db")?.cause == .crashed)
    }

    @Test("a machine that crashed on its live host is started again there")
    func crash() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        let first = pool.claim("db")?.intent
        pool.reports[2]?.totalMiB = 5000
        pool.end("db")
        pool.decide(&decider)
        #expect(pool.place("db") == 1)
        #expect(pool.claim("db")?.intent != first)
        #expect(pool.claim("db")?.isRunning == false)
    }

    @Test("a machine that ends quickly again and again is tried with growing waits, for ever")
    func crashLoop() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        var waits: [Double] = []
        for _ in 0..<9 {
            pool.end("db", ranSeconds: 1)
            let start = pool.seconds
            pool.decide(&decider)
            while pool.claim("db") == nil, pool.seconds < start + 1000 {
                pool.seconds += 1
                pool.decide(&decider)
            }
            waits.append(pool.seconds - start)
            pool.obey()
            pool.decide(&decider)
        }
        #expect(waits == [0, 5, 10, 20, 40, 80, 160, 300, 300])
    }

    @Test("a failed start is tried elsewhere at once, and on the same host after a while")
    func failedStart() {
        var pool = PoolFixture(hostCount: 2)
        var decider = RestartDecider()
        pool.register("db", host: 1, with: &decider)
        pool.end("db", outcome: .failed)
        pool.decide(&decider)
        #expect(pool.place("db") == 0)
        pool.end("db", outcome: .failed)
        pool.decide(&decider)
        #expect(pool.place("db") == nil)
        #expect(
            pool.record.machine("db")?.note
                == "needs 100 MiB; lab1: its start failed there, the next try there waits, lab2: its start failed"
                + " there, the next try there waits"
        )
        pool.seconds += 5
        pool.decide(&decider)
        #expect(pool.place("db") == 1)
        #expect(pool.record.machine("db")?.failures == 2)
    }

    @Test("lower orders start first; the next one waits until they run and their start-delay is over")
    func orders() {
        var (pool, decider) = running { pool, decider in
            pool.register("second", order: 1, host: 1, with: &decider)
            pool.register("first", order: 0, delay: 30, host: 1, with: &decider)
        }
        pool.obey()
        pool.decide(&decider)
        pool.remove(1)
        pool.certify(1)
        pool.decide(&decider)
        #expect(pool.place("first") != 1)
        #expect(pool.place("second") == nil)
        #expect(pool.record.machine("second")?.note == "waits for first (order 0), which is being started")
        pool.obey()
        pool.decide(&decider)
        #expect(pool.record.machine("second")?.note == "waits for the start-delay of first (order 0), 30 s")
        pool.seconds += 29
        pool.decide(&decider)
        #expect(pool.place("second") == nil)
        pool.seconds += 1
        pool.decide(&decider)
        #expect(pool.place("second") != nil)
    }

    @Test("an order that nobody answers holds later ones back for a minute only")
    func unansweredOrder() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register("first", host: 1, with: &decider)
        pool.register("second", order: 1, with: &decider)
        #expect(pool.place("second") == nil)
        pool.seconds += 60
        pool.decide(&decider)
        #expect(pool.place("second") != nil)
    }

    @Test("best-effort machines come after the protected ones and take only what is left")
    func bestEffort() {
        var (pool, decider) = running { pool, decider in
            pool.register("db", memoryMiB: 600, host: 1, with: &decider)
            pool.obey()
            pool.register("batch", memoryMiB: 400, priority: .bestEffort, host: 1, with: &decider)
        }
        pool.obey()
        pool.decide(&decider)
        #expect(pool.place("batch") == 1)
        pool.reports[2]?.totalMiB = 100
        pool.remove(1)
        pool.certify(1)
        pool.decide(&decider)
        #expect(pool.place("db") == 0)
        #expect(pool.place("batch") == nil)
        pool.obey()
        pool.decide(&decider)
        #expect(pool.place("batch") == 0)
    }

    @Test("a protected machine that fits nowhere says why, and does not hold back one that fits")
    func doesNotFit() {
        var (pool, decider) = running { pool, decider in
            pool.register("big", memoryMiB: 900, host: 1, with: &decider)
            pool.register("small", order: 5, host: 2, with: &decider)
        }
        pool.obey()
        pool.decide(&decider)
        pool.run("other", on: 0, by: nil, memoryMiB: 700)
        pool.run("other2", on: 2, by: nil, memoryMiB: 700)
        pool.remove(1)
        pool.certify(1)
        pool.end("small")
        pool.decide(&decider)
        #expect(
            pool.record.machine("big")?.note
                == "needs 900 MiB; lab1 has 300 MiB free, lab2: is not in the liveset, lab3 has 300 MiB free"
        )
        #expect(pool.place("small") == 2)
    }

    @Test("an unprotected machine stays off after the loss of its host and after its own end")
    func unprotected() {
        var (pool, decider) = running { pool, decider in
            pool.register("a", priority: .unprotected, host: 1, with: &decider)
            pool.register("b", priority: .unprotected, host: 2, with: &decider)
        }
        pool.obey()
        pool.decide(&decider)
        pool.remove(1)
        pool.certify(1)
        pool.end("b")
        pool.decide(&decider)
        pool.decide(&decider)
        #expect(pool.place("a") == nil)
        #expect(pool.place("b") == nil)
        #expect(pool.record.ledger.entries.filter { $0.kind == .leftOff }.count == 2)
    }

    @Test("a storage-lost host keeps its machines and gets no new ones")
    func storageLost() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.liveset.storageLive.remove(1)
        pool.nextEpoch()
        pool.reports[1]?.epoch -= 1
        pool.reports[1]?.totalMiB = 9000
        pool.register("new", with: &decider)
        #expect(pool.claim("db")?.isRunning == true)
        #expect(pool.record.machine("db")?.note == "runs on lab2")
        #expect(pool.place("new").map { $0 != 1 } == true)
    }

    @Test("a silent manager's host gets no new machines, and one that takes none neither")
    func silentManager() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.silent = [2]
        pool.reports[0]?.totalMiB = 0
        pool.register("db", with: &decider)
        #expect(pool.place("db") == 1)
    }

    @Test("a host that is back in a new life has lost its machines, with or without a certificate in hand")
    func backEmpty() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.nextEpoch()
        pool.liveset.members[1] = 2
        pool.decide(&decider)
        #expect(pool.claim("db")?.number == 1)
        #expect(pool.record.machine("db")?.note.contains("is not certified dead") == true)
        pool.reports[1] = PoolFixture.report(1, number: 2, epoch: pool.liveset.epoch)
        pool.decide(&decider)
        #expect(pool.claim("db")?.proofs.map(\.clause) == [.newerIncarnation])
        #expect(pool.claim("db")?.cause == .hostLost)
    }

    @Test("no more starts are under way than the pool's limit")
    func bound() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.record.settings.parallelStarts = 2
        for index in 0..<4 { pool.register("m\(index)", memoryMiB: 10, with: &decider) }
        #expect(pool.record.machines.filter { !$0.claims.isEmpty }.count == 2)
        pool.obey()
        pool.decide(&decider)
        #expect(pool.record.machines.filter { !$0.claims.isEmpty }.count == 4)
    }

    @Test("with nothing to change nothing is changed")
    func calm() {
        var (pool, decider) = running { $0.register("db", host: 1, with: &$1) }
        pool.decide(&decider)
        pool.decide(&decider)
        let before = pool.record
        pool.seconds += 1000
        #expect(pool.decide(&decider).isEmpty)
        #expect(pool.record == before)
    }
}
