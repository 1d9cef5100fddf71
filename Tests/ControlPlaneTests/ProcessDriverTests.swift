import FoundationEssentials
import Glibc
import HypervisorAPI
import HypervisorProcess
import PoolModel
import Testing

/// A guest directory and the processes started in it; each test ends what it started.
private final class Ground {
    let directory: String
    private var drivers: [ProcessDriver] = []

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/holdfast-driver-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func driver(boot: String = "boot-1", directory: String? = nil) -> ProcessDriver {
        let driver = ProcessDriver(
            ProcessDriver.Settings(
                host: "lab1",
                boot: boot,
                directory: directory ?? self.directory,
                guestCgroup: nil,
                totalMiB: 1024
            )
        )
        drivers.append(driver)
        return driver
    }

    deinit {
        for driver in drivers {
            for guest in driver.guests() { try? driver.kill(guest.name) }
            for _ in 0..<200 where !driver.guests().isEmpty {
                _ = driver.ended()
                usleep(5000)
            }
        }
        try? FileManager.default.removeItem(atPath: directory)
    }
}

/// The process driver with real processes: `sleep` and `sh`, which this test starts and ends itself.
@Suite("The process driver", .serialized)
struct ProcessDriverTests {
    private func order(_ name: String, _ command: [String], incarnation: UInt32 = 3) -> GuestOrder {
        let quoted = command.map { "\"\($0)\"" }.joined(separator: ", ")
        return GuestOrder(
            name: name,
            memoryMiB: 10,
            definition: "{\"command\": [\(quoted)]}",
            intent: "e1-1",
            incarnation: IncarnationNumber(incarnation)
        )
    }

    private let sleep = ["/bin/sleep", "600"]

    private func pid(_ guest: Guest?) -> Int32 { Int32(guest?.detail.dropFirst(4) ?? "") ?? -1 }

    private func lease() -> MonotonicInstant { .distantFuture }

    /// Waits until `condition` holds, at most five seconds: real processes take real time.
    private func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            usleep(10_000)
        }
        return false
    }

    private func commandLine(_ pid: Int32) -> String {
        (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
    }

    @Test("a guest is parked until the daemon permits it, then it runs and is listed")
    func start() throws {
        let ground = try Ground()
        let driver = ground.driver()
        #expect(try driver.adopt().isEmpty)
        var parked = ""
        try driver.start(order("a", sleep)) {
            let file = try? String(contentsOfFile: ground.directory + "/a.guest", encoding: .utf8)
            let line = file?.split(separator: "\n").first { $0.hasPrefix("pid = ") }
            parked = self.commandLine(Int32(line?.dropFirst(6) ?? "") ?? -1)
            return self.lease()
        }
        #expect(parked.contains("holdfast-parked-guest"))
        let guest = driver.guests().first
        #expect(guest?.intent == "e1-1")
        #expect(guest?.incarnation == IncarnationNumber(3))
        #expect(guest?.state == .running)
        #expect(eventually { commandLine(pid(guest)).hasPrefix("/bin/sleep") })
        #expect(throws: HypervisorError.stillRuns(name: "a", detail: "process \(pid(guest))")) {
            try driver.start(order("a", sleep)) { self.lease() }
        }
    }

    @Test("without a permit, or with a lease that ended, nothing is executed and nothing is left")
    func refused() throws {
        let ground = try Ground()
        let driver = ground.driver()
        let touched = ground.directory + "/touched"
        let touch = order("a", ["/usr/bin/touch", touched])
        #expect(throws: HypervisorError.notPermitted("the epoch is over")) {
            try driver.start(touch) { () throws(StartRefusal) in throw StartRefusal("the epoch is over") }
        }
        do {
            try driver.start(touch) { .distantPast }
            Issue.record("a start without a lease went through")
        } catch {
            #expect(error.description.contains("the lease of this host ended"))
        }
        #expect(driver.guests().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: touched))
        #expect(!FileManager.default.fileExists(atPath: ground.directory + "/a.guest"))
    }

    @Test("the exit of a guest is noticed, with its status and the order that started it")
    func exit() throws {
        let ground = try Ground()
        let driver = ground.driver()
        try driver.start(order("a", ["/bin/sh", "-c", "exit 7"])) { self.lease() }
        var ends: [GuestEnd] = []
        #expect(
            eventually {
                ends += driver.ended(); return !ends.isEmpty
            }
        )
        #expect(ends.first?.text == "ended with exit status 7")
        #expect(ends.first?.wasStopped == false)
        #expect(ends.first?.intent == "e1-1")
        #expect(driver.guests().isEmpty)
    }

    @Test("a guest is asked to stop, and stopped when it does not listen")
    func stop() throws {
        let ground = try Ground()
        let driver = ground.driver()
        try driver.start(order("polite", sleep)) { self.lease() }
        try driver.start(order("deaf", ["/bin/sh", "-c", "trap '' TERM; while :; do /bin/sleep 600; done"])) {
            self.lease()
        }
        usleep(100_000)
        try driver.stop("polite", grace: .seconds(60))
        try driver.stop("deaf", grace: .seconds(0.3))
        var ends: [GuestEnd] = []
        #expect(
            eventually {
                ends += driver.ended(); return ends.count == 2
            }
        )
        #expect(ends.map(\.wasStopped) == [true, true])
        #expect(Set(ends.map(\.text)) == ["was ended by signal 15", "was ended by signal 9"])
    }

    @Test("what a guest leaves behind is cleared away before it counts as ended")
    func remnants() throws {
        let ground = try Ground()
        let driver = ground.driver()
        let file = ground.directory + "/child"
        try driver.start(order("a", ["/bin/sh", "-c", "/bin/sleep 600 & echo $! > \(file)"])) { self.lease() }
        #expect(eventually { !driver.ended().isEmpty })
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let child = Int32(text.split(separator: "\n").first ?? "") ?? -1
        #expect(child > 1)
        #expect(eventually { kill(child, 0) != 0 || commandLine(child).isEmpty })
    }

    @Test("a new run of the manager adopts what runs, and stops it by number")
    func adopted() throws {
        let ground = try Ground()
        let first = ground.driver()
        try first.start(order("a", sleep)) { self.lease() }
        let guest = first.guests().first
        let second = ground.driver()
        let sentences = try second.adopt()
        #expect(sentences.count == 1)
        #expect(sentences.first?.contains("runs on as process \(pid(guest)), order e1-1") == true)
        #expect(second.guests() == first.guests())
        try second.kill("a")
        // The first driver is the parent and has to reap.
        #expect(eventually { !first.ended().isEmpty })
        var ends: [GuestEnd] = []
        #expect(
            eventually {
                ends += second.ended(); return !ends.isEmpty
            }
        )
        #expect(ends.first?.wasStopped == true)
    }

    @Test("a guest that a former manager parked and never let go is stopped, never run")
    func parkedLeftover() throws {
        let ground = try Ground()
        let first = ground.driver()
        let touched = ground.directory + "/touched"
        let second = ground.driver()
        var sentences: [String] = []
        // While the first driver waits for its permit, a second one looks around as after a crash.
        try? first.start(order("a", ["/usr/bin/touch", touched])) { () throws(StartRefusal) in
            do { sentences = try second.adopt() } catch { throw StartRefusal("\(error)") }
            return self.lease()
        }
        #expect(sentences.first?.contains("was parked by a former manager and never let go") == true)
        #expect(eventually { !first.ended().isEmpty })
        #expect(eventually { second.ended().first?.intent == "e1-1" })
        #expect(!FileManager.default.fileExists(atPath: touched))
    }

    @Test("a guest that ended while no manager watched is reported as ended, with its order")
    func endedUnwatched() throws {
        let ground = try Ground()
        let first = ground.driver()
        try first.start(order("a", ["/bin/sh", "-c", "exit 0"])) { self.lease() }
        let child = pid(first.guests().first)
        #expect(
            eventually {
                var status: Int32 = 0; return unsafe waitpid(child, &status, WNOHANG) != 0
            }
        )
        let second = ground.driver()
        #expect(try second.adopt().first?.contains("ended while no manager watched") == true)
        #expect(eventually { second.ended().first?.intent == "e1-1" })
        #expect(first.guests().count == 1)
        #expect(eventually { !first.ended().isEmpty })
    }

    @Test("guests of an earlier boot are never adopted: what is left of them is stopped")
    func earlierBoot() throws {
        let ground = try Ground()
        let first = ground.driver()
        try first.start(order("a", sleep)) { self.lease() }
        #expect(eventually { commandLine(pid(first.guests().first)).hasPrefix("/bin/sleep") })
        let second = ground.driver(boot: "boot-2")
        #expect(try second.adopt().first?.contains("is stopped") == true)
        #expect(second.guests().isEmpty)
        #expect(eventually { !first.ended().isEmpty })
        #expect(!FileManager.default.fileExists(atPath: ground.directory + "/a.guest"))
    }

    @Test("definitions that cannot be used are refused with the reason")
    func badDefinitions() throws {
        let ground = try Ground()
        let driver = ground.driver()
        func reason(_ definition: String) -> String {
            let bad = GuestOrder(
                name: "a",
                memoryMiB: 1,
                definition: definition,
                intent: "i",
                incarnation: .none
            )
            do { try driver.start(bad) { self.lease() } } catch { return error.description }
            return "started"
        }
        #expect(reason("sleep 5").contains("it is not like {\"command\""))
        #expect(reason("{\"command\": []}").contains("absolute path"))
        #expect(reason("{\"command\": [\"sleep\"]}").contains("absolute path"))
        #expect(reason("{\"command\": [\"/no/such\"]}").contains("/no/such is no program"))
        #expect(
            reason("{\"command\": [\"/bin/true\"], \"environment\": {\"A=B\": \"\"}}").contains("holds '='")
        )
    }

    @Test("arguments and environment are filled in for the host that runs the guest")
    func filledIn() throws {
        let ground = try Ground()
        let driver = ground.driver()
        let script = "echo {host} {guest} {intent} {other} $HOLDFAST_HOST $MODE $1"
        let definition = """
            {"command": ["/bin/sh", "-c", "\(script)", "x", "a b"], "environment": {"MODE": "on-{host}"}}
            """
        let order = GuestOrder(
            name: "a",
            memoryMiB: 1,
            definition: definition,
            intent: "e2-9",
            incarnation: .none
        )
        try driver.start(order) { self.lease() }
        #expect(eventually { !driver.ended().isEmpty })
        let log = try String(contentsOfFile: ground.directory + "/a.log", encoding: .utf8)
        #expect(log == "lab1 a e2-9 {other} lab1 on-lab1 a b\n")
    }
}
