import ControlPlane
import PoolModel
import Testing

@Suite("The core of a manager")
struct ManagerCoreTests {
    private let now = MonotonicInstant(nanoseconds: 10_000_000_000)

    private func core(_ content: AreaContent = .blank) -> ManagerCore {
        ManagerCore(host: 0, boot: "boot-0", content: content, budgetBytes: 1 << 20)
    }

    private func turn(_ core: inout ManagerCore, _ guests: [ListedGuest] = []) {
        core.turn(guests, totalMiB: 1000, now: now, wallSeconds: 1)
    }

    /// What lab2 wrote: its report, and the record that it acts on.
    private func other(_ record: MasterPart?, sequence: UInt64 = 1, epoch: UInt64 = PoolFixture.epoch)
        -> AreaContent
    {
        .payload(
            sequence: sequence,
            RecordPayload(report: PoolFixture.report(1, epoch: epoch), master: record)
        )
    }

    private func order(_ name: String, host: Int, epoch: UInt64 = PoolFixture.epoch) -> MasterPart {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register(name, host: host, with: &decider)
        var record = pool.record
        record.version.epoch = epoch
        return record
    }

    @Test("a new master takes no reading that was begun before it acted")
    func freshSurvey() {
        var core = core()
        let early = core.beginReading()
        core.learn(PoolFixture().liveset)
        core.learn(AreaReading(number: early, areas: [.blank, .blank, .blank]), now: now)
        #expect(core.role == .surveying(epoch: PoolFixture.epoch, reading: early + 1))
        let late = core.beginReading()
        let found = order("db", host: 1, epoch: PoolFixture.epoch - 1)
        core.learn(AreaReading(number: late, areas: [.blank, other(found), .blank]), now: now)
        #expect(core.role == .takingOver(epoch: PoolFixture.epoch))
        turn(&core)
        let written = core.nextWrite()?.payload.master
        #expect(written?.machine("db") != nil)
        #expect(written?.version == RecordVersion(epoch: PoolFixture.epoch, sequence: 1))
        #expect(written?.master == 0)
    }

    @Test("nothing is decided before the record stands in the own area, acknowledged")
    func acknowledged() {
        var core = core()
        core.learn(PoolFixture().liveset)
        let wish = ManagerRequest(
            id: "a",
            by: "me",
            kind: .register(Registration(name: "db", memoryMiB: 1, definition: "x"))
        )
        _ = core.ask(wish)
        let number = core.beginReading()
        core.learn(AreaReading(number: number, areas: [.blank, .blank, .blank]), now: now)
        turn(&core)
        let first = core.nextWrite()
        #expect(first?.payload.master?.machines.isEmpty == true)
        turn(&core)
        #expect(core.takeJournal().isEmpty)
        core.writeEnded(succeeded: false)
        turn(&core)
        #expect(core.takeJournal().isEmpty)
        #expect(core.nextWrite()?.payload.master == first?.payload.master)
        core.writeEnded(succeeded: true)
        #expect(core.role == .acting(epoch: PoolFixture.epoch))
        turn(&core)
        #expect(!core.takeJournal().isEmpty)
        #expect(core.nextWrite()?.payload.master?.machine("db") != nil)
    }

    @Test("what was composed for a write is never taken back, whatever became of the write")
    func neverTakenBack() throws {
        var core = core()
        core.learn(PoolFixture().liveset)
        core.learn(AreaReading(number: core.beginReading(), areas: [.blank, .blank, .blank]), now: now)
        turn(&core)
        _ = core.nextWrite()
        core.writeEnded(succeeded: true)
        let wish = Registration(name: "db", memoryMiB: 1, definition: "x")
        _ = core.ask(ManagerRequest(id: "a", by: "me", kind: .register(wish)))
        turn(&core)
        let lost = try #require(core.nextWrite()?.payload.master)
        core.writeEnded(succeeded: false)
        turn(&core)
        let again = try #require(core.nextWrite()?.payload.master)
        #expect(again == lost)
        #expect(again.machine("db")?.claims.count == 1)
    }

    @Test("two records of one epoch: the higher sequence wins, and an older one is never adopted again")
    func higherSequence() {
        var core = core()
        var liveset = PoolFixture().liveset
        (liveset.isActingMaster, liveset.master) = (false, 1)
        core.learn(liveset)
        var older = order("db", host: 0)
        var newer = older
        older.version.sequence = 5
        newer.version.sequence = 6
        newer.apply(stop: "db")
        core.learn(
            AreaReading(number: core.beginReading(), areas: [.blank, other(newer), other3(older)]),
            now: now
        )
        #expect(core.agent.seen == newer.version)
        let isIdle = core.actions([]).isEmpty
        #expect(isIdle)
        core.learn(
            AreaReading(number: core.beginReading(), areas: [.blank, .blank, other3(older)]),
            now: now
        )
        #expect(core.agent.seen == newer.version)
    }

    private func other3(_ record: MasterPart) -> AreaContent {
        .payload(sequence: 1, RecordPayload(report: PoolFixture.report(2), master: record))
    }

    @Test("an order of an old epoch is not carried out once the new one was shown, nor one for another life")
    func oldOrders() {
        var agent = HostAgent(host: 1, boot: "boot-1", previous: nil)
        var liveset = PoolFixture().liveset
        liveset.own = 1
        agent.learn(liveset)
        agent.learn(order("db", host: 1))
        let count = agent.actions([]).count
        #expect(count == 1)
        liveset.epoch += 1
        agent.learn(liveset)
        let isIdle = agent.actions([]).isEmpty
        #expect(isIdle)
        liveset.epoch -= 1
        agent.learn(liveset)
        let isStillIdle = agent.actions([]).isEmpty
        #expect(isStillIdle, "a late answer of the daemon takes nothing back")

        var reborn = HostAgent(host: 1, boot: "boot-2", previous: nil)
        liveset.members[1] = 2
        reborn.learn(liveset)
        reborn.learn(order("db", host: 1))
        let isIdleReborn = reborn.actions([]).isEmpty
        #expect(isIdleReborn)
    }

    @Test("a manager that starts anew is bound by its own report: finished orders are not carried out again")
    func boundByReport() {
        let record = order("db", host: 1)
        var liveset = PoolFixture().liveset
        liveset.own = 1
        var agent = HostAgent(host: 1, boot: "boot-1", previous: nil)
        agent.learn(liveset)
        agent.learn(record)
        guard case .start(let task)? = agent.actions([]).first else {
            Issue.record("no start")
            return
        }
        agent.failed(task.machine, task.intent, "no")
        let report = agent.report([], totalMiB: 1, requests: [], beat: 1)
        for (boot, isBound) in [("boot-1", true), ("boot-2", false)] {
            var next = HostAgent(host: 1, boot: boot, previous: report)
            next.learn(liveset)
            next.learn(record)
            let isIdle = next.actions([]).isEmpty
            #expect(isIdle == isBound)
            #expect(next.seen == record.version)
        }
    }

    @Test("a manager whose own area was lost carries out none of the orders that it finds, and says so")
    func lostArea() {
        let record = order("db", host: 1)
        var liveset = PoolFixture().liveset
        liveset.own = 1
        var agent = HostAgent(host: 1, boot: "boot-1", previous: nil, hasForgotten: true)
        agent.learn(liveset)
        agent.learn(record)
        let isIdle = agent.actions([]).isEmpty
        #expect(isIdle)
        #expect(agent.results.map(\.outcome) == [.failed])
    }

    @Test("guests of an earlier life are killed, all of them when the host fences itself")
    func leftovers() {
        var liveset = PoolFixture().liveset
        liveset.own = 1
        liveset.members[1] = 3
        var agent = HostAgent(host: 1, boot: "boot-1", previous: nil)
        agent.learn(liveset)
        let guest = RunningGuest(name: "a", intent: nil, state: .running, memoryMiB: 1, detail: "")
        let mine = RunningGuest(name: "b", intent: nil, state: .running, memoryMiB: 1, detail: "")
        let listed = [ListedGuest(guest: guest, number: 2), ListedGuest(guest: mine, number: 3)]
        guard case .kill("a", let why)? = agent.actions(listed).first else {
            Issue.record("not killed")
            return
        }
        #expect(why.contains("incarnation 2"))
        let leftoverCount = agent.actions(listed).count
        #expect(leftoverCount == 1)
        liveset.isFencing = true
        agent.learn(liveset)
        let fencedCount = agent.actions(listed).count
        #expect(fencedCount == 2)
    }

    @Test("before the host is a member nothing is started")
    func notMember() {
        var liveset = PoolFixture().liveset
        (liveset.own, liveset.isMember, liveset.phase) = (1, false, "joining")
        var agent = HostAgent(host: 1, boot: "boot-1", previous: nil)
        agent.learn(liveset)
        agent.learn(order("db", host: 1))
        let isIdle = agent.actions([]).isEmpty
        #expect(isIdle)
    }

    @Test("a manager that does not change its area for long is silent")
    func silence() {
        var core = core()
        core.learn(AreaReading(number: core.beginReading(), areas: [.blank, other(nil), .blank]), now: now)
        #expect(core.silentHosts(now: now + .seconds(20)).isEmpty)
        #expect(core.silentHosts(now: now + .seconds(21)) == [1])
        let next = AreaReading(number: core.beginReading(), areas: [.blank, other(nil, sequence: 2), .blank])
        core.learn(next, now: now + .seconds(21))
        #expect(core.silentHosts(now: now + .seconds(22)).isEmpty)
    }
}

extension MasterPart {
    /// The record with the machine stopped, as the operator's request makes it.
    fileprivate mutating func apply(stop name: String) {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.record = self
        pool.record.version.epoch = PoolFixture.epoch
        pool.ask(.stop(name: name, isForced: false), with: &decider)
        let version = self.version
        self = pool.record
        self.version = version
    }
}
