import AdminProtocol
import ControlPlane
import PoolModel
import Testing

@Suite("A master that follows another")
struct MasterChangeTests {
    @Test(
        "an intent of the former master that was never carried out is void once its host shows the new epoch"
    )
    func masterChange() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register("db", host: 1, with: &decider)
        let old = pool.claim("db")
        pool.nextEpoch()
        pool.reports[1]?.epoch -= 1
        var next = RestartDecider()
        pool.decide(&next)
        #expect(pool.claim("db") == old)
        pool.reports[1]?.epoch += 1
        pool.decide(&next)
        #expect(pool.claim("db")?.cause == .orderVoid)
        #expect(pool.claim("db")?.intent.epoch == pool.liveset.epoch)
    }

    @Test("an intent that was carried out before the master changed is running for the next one")
    func masterChangeRunning() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register("db", host: 1, with: &decider)
        pool.obey()
        pool.nextEpoch()
        pool.reports[1]?.epoch -= 1
        var next = RestartDecider()
        pool.decide(&next)
        #expect(pool.claim("db")?.isRunning == true)
        #expect(pool.place("db") == 1)
    }

    @Test(
        "a host that runs a machine which the record thinks nowhere gets the claim, and nobody else starts it"
    )
    func found() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.liveset.poolState = .enabling
        pool.register("db", with: &decider)
        pool.liveset.poolState = .active
        pool.run("db", on: 2, by: IntentID(epoch: 6, number: 9))
        pool.decide(&decider)
        #expect(pool.claim("db")?.host == 2)
        #expect(pool.claim("db")?.cause == .found)
        #expect(pool.record.ledger.entries.contains { $0.kind == .found })
    }

    @Test("with a record area unreadable nothing is started before every host that may be alive has reported")
    func doubt() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.doubtedBefore = pool.record.version
        pool.reports[2]?.seen = .zero
        pool.register("db", with: &decider)
        #expect(pool.place("db") == nil)
        #expect(pool.record.machine("db")?.note.contains("waiting for lab3") == true)
        pool.reports[2] = PoolFixture.report(2)
        pool.decide(&decider)
        #expect(pool.place("db") != nil)
    }
}
