import ControlPlane
import PoolModel
import Testing

@Suite("Operators' requests")
struct RequestTests {
    @Test("a stopped machine stays off, and starts again when asked")
    func stopAndStart() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register("db", host: 1, with: &decider)
        pool.obey()
        pool.decide(&decider)
        #expect(pool.ask(.stop(name: "db", isForced: false), with: &decider)?.isAccepted == true)
        pool.end("db", outcome: .stopped)
        pool.decide(&decider)
        pool.decide(&decider)
        #expect(pool.place("db") == nil)
        #expect(pool.record.machine("db")?.note == "is off")
        #expect(pool.ask(.start(name: "db", host: 2), with: &decider)?.isAccepted == true)
        #expect(pool.place("db") == 2)
        #expect(pool.claim("db")?.cause == .requested)
    }

    @Test("a start that is taken back before it began ends once its host has seen that")
    func takenBack() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register("db", host: 1, with: &decider)
        pool.ask(.stop(name: "db", isForced: false), with: &decider)
        pool.decide(&decider)
        #expect(pool.place("db") == 1)
        pool.reports[1]?.seen = pool.record.version
        pool.decide(&decider)
        #expect(pool.place("db") == nil)
    }

    @Test("a request is carried out once however often it is read")
    func once() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        let wish = Registration(name: "db", memoryMiB: 10, definition: "x")
        pool.reports[1]?.requests = [ManagerRequest(id: "a", by: "me", kind: .register(wish))]
        pool.decide(&decider)
        pool.decide(&decider)
        #expect(pool.record.answers.count == 1)
        #expect(pool.record.answers.first?.isAccepted == true)
        #expect(pool.record.ledger.entries.filter { $0.kind == .request }.count == 1)
        pool.reports[1]?.requests = []
        pool.decide(&decider)
        #expect(pool.record.answers.isEmpty)
    }

    @Test("what cannot be done is refused with the reason")
    func refusals() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register("db", with: &decider)
        func text(_ kind: ManagerRequest.Kind) -> String {
            guard let answer = pool.ask(kind, with: &decider), !answer.isAccepted else { return "accepted" }
            return answer.text
        }
        var bad = Registration(name: "db", memoryMiB: 10, definition: "x")
        #expect(text(.register(bad)).contains("there is a machine 'db' already"))
        bad.name = "a b"
        #expect(text(.register(bad)).contains("is no name for a machine"))
        bad.name = "../etc"
        #expect(text(.register(bad)).contains("is no name for a machine"))
        (bad.name, bad.memoryMiB) = ("ok", 0)
        #expect(text(.register(bad)).contains("memory = 0 MiB is not in"))
        (bad.memoryMiB, bad.definition) = (1, String(repeating: "x", count: 70_000))
        #expect(text(.register(bad)).contains("at most 65536"))
        #expect(text(.remove(name: "db")).contains("is on; stop it first"))
        #expect(text(.start(name: "none", host: nil)).contains("there is no machine 'none'"))
        #expect(text(.start(name: "db", host: 9)).contains("there is no host in row 9"))
        var settings = MachineSettings(name: "db")
        settings.startDelaySeconds = -1
        #expect(text(.set(settings)).contains("start-delay = -1 s is not in 0 ... 3600 s"))
    }

    @Test("a full record refuses further machines and says so")
    func full() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        var refused: String?
        for index in 0..<20 where refused == nil {
            let wish = Registration(
                name: "m\(index)",
                memoryMiB: 1,
                definition: String(repeating: "\(index % 10)", count: 30_000)
            )
            let answer = pool.ask(.register(wish), with: &decider)
            if answer?.isAccepted == false { refused = answer?.text }
        }
        #expect(refused?.contains("the pool record is full") == true)
    }

    @Test("settings change alone, and a removed machine is forgotten with its definition")
    func setAndRemove() {
        var pool = PoolFixture()
        var decider = RestartDecider()
        pool.register("db", host: 1, with: &decider)
        pool.obey()
        pool.decide(&decider)
        var settings = MachineSettings(name: "db")
        (settings.priority, settings.order) = (.bestEffort, 3)
        pool.ask(.set(settings), with: &decider)
        #expect(pool.record.machine("db")?.priority == .bestEffort)
        #expect(pool.record.machine("db")?.order == 3)
        #expect(pool.record.machine("db")?.memoryMiB == 100)
        pool.ask(.stop(name: "db", isForced: true), with: &decider)
        pool.end("db", outcome: .stopped)
        pool.decide(&decider)
        #expect(pool.ask(.remove(name: "db"), with: &decider)?.isAccepted == true)
        #expect(pool.record.machines.isEmpty)
        #expect(pool.record.definitions.isEmpty)
    }
}
