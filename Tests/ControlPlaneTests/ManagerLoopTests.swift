import AdminProtocol
import ByteFormat
import ControlPlane
import FoundationEssentials
import HypervisorAPI
import HypervisorProcess
import LinuxPlatform
import Logging
import MessageAuthentication
import PoolModel
import StatefileBlock
import StatefileLayout
import StatefileMedium
import Synchronization
import Testing

/// Three daemons that agree: a view that the test changes.
private final class AgreedPool: Sendable {
    struct View: Sendable {
        var epoch: UInt64 = 1
        var members: [Int: UInt32] = [0: 1, 1: 1, 2: 1]
        var master = 0
        var certified: [Int: UInt32] = [:]
        var isActive = true
    }
    let view = Mutex(View())

    func snapshot(of own: Int) -> LivesetSnapshot {
        let view = view.withLock { $0 }
        var snapshot = LivesetSnapshot(hosts: ["lab1", "lab2", "lab3"], own: own, boot: "b")
        (snapshot.ownNumber, snapshot.isMember) = (1, view.members[own] != nil)
        (snapshot.poolState, snapshot.epoch, snapshot.members) = (
            view.isActive ? .active : .enabling, view.epoch, view.members
        )
        snapshot.liveset = Set(view.members.keys)
        snapshot.storageLive = Set(view.members.keys)
        (snapshot.master, snapshot.masterNumber) = (view.master, view.members[view.master] ?? 0)
        snapshot.isActingMaster = view.master == own
        snapshot.certificates = view.certified.map {
            DeathProof(
                host: $0.key,
                hostName: "lab\($0.key + 1)",
                number: $0.value,
                clause: .tombstone,
                by: "lab2"
            )
        }
        return snapshot
    }
}

private final class AgreedDaemon: DaemonPort {
    let pool: AgreedPool
    let own: Int
    var saysRunning: Bool?
    var permits = 0

    init(_ pool: AgreedPool, _ own: Int) { (self.pool, self.own) = (pool, own) }

    func liveset() throws(DaemonTrouble) -> LivesetSnapshot { pool.snapshot(of: own) }
    func report(guestsRunning: Bool) throws(DaemonTrouble) { saysRunning = guestsRunning }
    func permit(epoch: UInt64, masterNumber: UInt32) throws(StartRefusal) -> MonotonicInstant {
        let view = pool.view.withLock { $0 }
        guard epoch == view.epoch, saysRunning == true else { throw StartRefusal("not now") }
        permits += 1
        return BootClock().now() + .seconds(5)
    }
}

/// One host of the test: a real loop, storage thread and process driver.
private final class TestHost {
    let daemon: AgreedDaemon
    let driver: ProcessDriver
    let board: ManagerBoard
    let loop: ManagerLoop
    let store: RecordStore

    init(_ pool: AgreedPool, _ row: Int, statefile: String, directory: String, run: Int = 0) throws {
        let name = "lab\(row + 1)"
        daemon = AgreedDaemon(pool, row)
        driver = ProcessDriver(
            ProcessDriver.Settings(
                host: name,
                boot: "b",
                directory: directory + "/" + name,
                guestCgroup: nil,
                totalMiB: 1000
            )
        )
        let waker = try Waker()
        store = try RecordStore(loopWaker: waker)
        board = ManagerBoard(host: name, waker: waker)
        loop = ManagerLoop(
            settings: ManagerLoop.Settings(host: name, boot: "b", readInterval: .milliseconds(50)),
            daemon: daemon,
            driver: driver,
            store: store,
            board: board,
            log: Logger(label: name) { _ in SwiftLogNoOpLogHandler() }
        )
        try loop.begin()
        let keys = try #require(RecordKeys(current: [UInt8](1...32), previous: nil))
        try store.start(
            source: StatefileSource(path: statefile),
            hostName: name,
            keys: keys,
            lockPath: directory + "/\(name).\(run).lock"
        )
    }

    var guests: [String] { driver.guests().map(\.name) }

    func endGuests() {
        for guest in driver.guests() { try? driver.kill(guest.name) }
        for _ in 0..<200 where !driver.guests().isEmpty {
            _ = driver.ended()
            BootClock().sleep(until: BootClock().now() + .milliseconds(5))
        }
    }
}

@Suite("Three managers on one statefile", .serialized)
struct ManagerLoopTests {
    private static func format(_ path: String) throws {
        let plan = StatefilePlan(hostNames: ["lab1", "lab2", "lab3"], timing: .fast)
        var device = BlockDevice(path: path, access: .exclusive, createByteCount: 4 << 20)
        var authenticator = HMACAuthenticator(current: try #require(PoolKey([UInt8](1...32))))
        _ = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
    }

    /// Turns the loops until `condition` holds; real storage and processes take real time, at most ten
    /// seconds.
    private func eventually(_ hosts: [TestHost], _ condition: () -> Bool) -> Bool {
        let deadline = BootClock().now() + .seconds(10)
        while BootClock().now() < deadline {
            for host in hosts { _ = host.loop.turn() }
            if condition() { return true }
            BootClock().sleep(until: BootClock().now() + .milliseconds(5))
        }
        return false
    }

    @Test(
        "a registered machine runs once, is restarted elsewhere under a certificate, and is stopped on request"
    )
    func wholeWay() throws {
        let directory = FileManager.default.temporaryDirectory.path + "/holdfast-loop-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let statefile = directory + "/statefile"
        try ManagerLoopTests.format(statefile)
        let pool = AgreedPool()
        var hosts = try (0..<3).map { try TestHost(pool, $0, statefile: statefile, directory: directory) }
        defer { for host in hosts { host.endGuests() } }

        var wish = Registration(
            name: "db",
            memoryMiB: 100,
            definition: #"{"command": ["/bin/sleep", "600"]}"#
        )
        (wish.priority, wish.host) = (.restart, 0)
        // Asked on a host that is not master.
        let id = hosts[2].board.ask(.register(wish), by: "test")
        #expect(eventually(hosts) { hosts[0].guests == ["db"] })
        #expect(
            eventually(hosts) {
                if case .answered(let answer) = hosts[2].board.progress(of: id) {
                    answer.isAccepted
                } else {
                    false
                }
            }
        )
        let list = { (host: TestHost) in
            host.board.view.core?.newestRecord?.machine("db")
        }
        #expect(eventually(hosts) { list(hosts[1])?.claims.first?.isRunning == true })
        #expect(hosts[0].daemon.saysRunning == true)
        #expect(hosts[1].daemon.saysRunning == false)

        // The manager of the host that runs it starts anew: the guest goes on and is not started again.
        let permits = hosts[0].daemon.permits
        let former = hosts[0]
        hosts[0] = try TestHost(pool, 0, statefile: statefile, directory: directory, run: 1)
        #expect(hosts[0].guests == ["db"])
        #expect(eventually(hosts) { hosts[0].board.view.core?.role == .acting(epoch: 1) })
        #expect(permits == 1)
        #expect(hosts[0].daemon.permits == 0)

        // lab1 dies with its guest; lab2 becomes master and certifies it.
        former.endGuests()
        let survivors = [hosts[1], hosts[2]]
        pool.view.withLock { view in
            view.members[0] = nil
            (view.epoch, view.master, view.certified) = (2, 1, [0: 1])
        }
        #expect(eventually(survivors) { survivors.flatMap(\.guests) == ["db"] })
        #expect(
            eventually(survivors) {
                list(survivors[1])?.claims.first.map { $0.host > 0 && $0.isRunning } == true
            }
        )
        let ordered = survivors[1].board.view.core?.newestRecord?.ledger.entries.last { $0.kind == .ordered }
        #expect(ordered?.proofs.map(\.clause) == [.tombstone])
        #expect(ordered?.proofs.first?.hostName == "lab1")

        // Stopped on request, and forgotten.
        _ = survivors[0].board.ask(.stop(name: "db", isForced: false), by: "test")
        #expect(eventually(survivors) { survivors.flatMap(\.guests).isEmpty })
        #expect(eventually(survivors) { list(survivors[0])?.claims.isEmpty == true })
        #expect(survivors.allSatisfy { $0.daemon.saysRunning == false })
        _ = survivors[1].board.ask(.remove(name: "db"), by: "test")
        #expect(eventually(survivors) { list(survivors[0]) == nil })
    }

    /// One call from another thread, while this one turns the loops.
    private func call<Command: AdminCommand>(
        _ command: Command,
        at path: String,
        _ hosts: [TestHost]
    ) -> Result<Command.Reply, AdminClientError>? {
        let box = Box<Result<Command.Reply, AdminClientError>>()
        let caller = try? PlatformThread.start(name: "caller") {
            let client = AdminClient(path: path)
            do throws(AdminClientError) {
                box.put(.success(try client.call(command)))
            } catch {
                box.put(.failure(error))
            }
        }
        _ = eventually(hosts) { box.value != nil }
        caller?.join()
        return box.value
    }

    @Test("the control socket registers, lists, explains and refuses")
    func socket() throws {
        let directory = FileManager.default.temporaryDirectory.path + "/holdfast-loop-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let statefile = directory + "/statefile"
        try ManagerLoopTests.format(statefile)
        let pool = AgreedPool()
        let hosts = try (0..<3).map { try TestHost(pool, $0, statefile: statefile, directory: directory) }
        defer { for host in hosts { host.endGuests() } }
        let board = hosts[0].board
        #expect(eventually(hosts) { board.view.core?.role == .acting(epoch: 1) })
        #expect(
            eventually(hosts) { board.view.core?.payloads.values.filter { $0.report.epoch == 1 }.count == 3 }
        )
        let server = AdminServer(path: directory + "/manager.sock", router: ManagerRouter.make(board))
        let opened = Box<Bool>()
        let thread = try PlatformThread.start(name: "socket") {
            try? server.run(opened: { opened.put(true) })
        }
        #expect(eventually(hosts) { opened.value == true })
        defer {
            server.stop()
            thread.join()
        }
        func call<Command: AdminCommand>(_ command: Command) -> Result<Command.Reply, AdminClientError>? {
            self.call(command, at: server.path, hosts)
        }
        var register = VMRegisterCommand(vm: "web", memoryMiB: 64)
        (register.command, register.haRestartPriority, register.host) = (
            ["/bin/sleep", "600"], "restart", "lab2"
        )
        #expect((try call(register)?.get())?.state == .accepted)
        #expect(eventually(hosts) { hosts[1].guests == ["web"] })
        #expect(
            eventually(hosts) {
                board.view.core?.newestRecord?.machine("web")?.claims.first?.isRunning == true
            }
        )
        let machine = try call(VMListCommand())?.get().machines.first
        #expect(machine?.state == "running")
        #expect(machine?.host == "lab2")
        let why = try call(VMWhyCommand(vm: "web"))?.get()
        #expect(why?.hosts["lab2"] == "runs it")
        #expect(why?.hosts["lab1"] == "could take it: 1000 MiB free")
        #expect(why?.sentences.first == "web runs on lab2")
        #expect(try call(LedgerCommand())?.get().entries.map(\.kind) == [.request, .ordered, .running])
        #expect(try call(HostWhyCommand(host: "lab2"))?.get().machines.map(\.name) == ["web"])
        #expect(try call(ManagerStatusCommand())?.get().role == "acting")
        guard case .failure(.refused(let failure))? = call(VMRemoveCommand(vm: "web")) else {
            Issue.record("a running machine was removed")
            return
        }
        #expect(failure.code == .refusedByMaster)
        #expect(failure.message.contains("is on; stop it first"))
        guard case .failure(.refused(let unknown))? = call(VMWhyCommand(vm: "none")) else {
            Issue.record("an unknown machine was explained")
            return
        }
        #expect(unknown.code == .unknownMachine)
    }
}

/// A place for a value of another thread.
private final class Box<Value: Sendable>: Sendable {
    private let content = Mutex<Value?>(nil)
    var value: Value? { content.withLock { $0 } }
    func put(_ value: Value) { content.withLock { $0 = value } }
}
