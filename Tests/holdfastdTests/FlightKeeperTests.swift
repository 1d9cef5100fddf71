import AdminProtocol
import FlightFormat
import Foundation
import JournalLog
import LinuxPlatform
import NodeRuntime
import PoolModel
import RuntimeFakes
import Synchronization
import Testing

@testable import holdfastd

/// The keeper with a folder of its own and the ring of a host that lives.
private final class KeeperBench: Sendable {
    let directory: String
    let isFencing = Atomic<Bool>(false)
    let waker: Waker
    let keeper: FlightKeeper
    let log = DaemonLog(queue: LogQueue {}, history: EventHistory(), host: "lab1")

    /// A keeper that writes by `write`; nil: to the disk.
    init(limit: Int = 8, write: FlightFolder.Writing? = nil) throws {
        let directory = FileManager.default.temporaryDirectory.path() + "keeper-\(UUID().uuidString)"
        self.directory = directory
        let world = try LoopWorld(
            hostCount: 2,
            flightBytes: 1,
            authenticator: { SumAuthenticator(key: 1) }
        )
        world.run(for: .seconds(100))
        let ring = try #require(world.hosts[0].flight)
        #expect(ring.contents().count > 1)
        waker = try Waker()
        let folder =
            write.map { FlightFolder(directory: directory, limit: limit, write: $0) }
            ?? FlightFolder(directory: directory, limit: limit)
        keeper = try FlightKeeper(
            ring: ring,
            folder: folder,
            own: HostIndex(0),
            hostNames: ["lab1", "lab2"],
            log: log,
            waker: waker
        )
    }

    func start() throws {
        try keeper.start { [self] in isFencing.load(ordering: .acquiring) }
    }

    func fence() {
        isFencing.store(true, ordering: .releasing)
        WakerPair(waker, waker).wake()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted() }

    func recording(_ name: String) throws -> FlightFile {
        let bytes = Array(try Data(contentsOf: URL(filePath: directory + "/" + name)))
        return try FlightFile(reading: bytes.span)
    }
}

/// Waits for something that another thread does.
private func eventually(_ what: String, _ condition: () -> Bool) {
    for _ in 0..<1000 {
        if condition() { return }
        usleep(10_000)
    }
    Issue.record("it did not happen: \(what)")
}

/// Keeps one thread waiting until it is opened.
private final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    let arrivals = Atomic<Int>(0)
    func open() { isOpen.store(true, ordering: .releasing) }
    func pass() {
        arrivals.add(1, ordering: .acquiringAndReleasing)
        while !isOpen.load(ordering: .acquiring) { usleep(2_000) }
    }
}

@Suite("Saving of flight recordings")
struct FlightKeeperTests {
    @Test("a recording that is asked for is on the disk, whole, before the answer")
    func asked() throws {
        let bench = try KeeperBench()
        try bench.start()
        let saved = try bench.keeper.save()
        #expect(bench.files.count == 1)
        #expect(saved.path == bench.directory + "/" + (bench.files.first ?? ""))
        #expect(saved.path.hasSuffix("Z-asked.flight"))
        let file = try bench.recording(try #require(bench.files.first))
        #expect(file.head.reason == .asked)
        #expect(file.head.hostNames == ["lab1", "lab2"])
        #expect(file.head.product == HoldfastVersion.text)
        #expect(file.segments.count > 1)
        #expect(file.damage == nil)
    }

    @Test("a fence saves the newest segment first, and everything under the same name")
    func fence() throws {
        let writes = Mutex<[(name: String, pieces: Int)]>([])
        let bench = try KeeperBench { pieces, name, _ in writes.withLock { $0.append((name, pieces.count)) } }
        try bench.start()
        bench.fence()
        eventually("two writes") { writes.withLock { $0.count } == 2 }
        usleep(300_000)
        let seen = writes.withLock { $0 }
        #expect(seen.count == 2, "a fence is saved once")
        #expect(seen[0].name == seen[1].name)
        #expect(seen[0].name.hasSuffix("Z-self-fence.flight"))
        #expect(seen[0].pieces == 2)
        #expect(seen[1].pieces > 2)
    }

    @Test("a file system that hangs keeps nobody waiting: not the fence, and an operator only for a while")
    func hangs() throws {
        let gate = Gate()
        let bench = try KeeperBench { _, _, _ in gate.pass() }
        try bench.start()
        let start = BootClock().now()
        bench.fence()
        #expect(BootClock().now() - start < .milliseconds(100))
        eventually("the thread hangs") { gate.arrivals.load(ordering: .acquiring) == 1 }
        let asked = BootClock().now()
        #expect(throws: AdminFailure.self) { try bench.keeper.save() }
        let waited = BootClock().now() - asked
        #expect(waited >= FlightKeeper.patience)
        #expect(waited < FlightKeeper.patience + .seconds(2))
        // The next one is told at once, so that the control socket is not held up again and again.
        let again = BootClock().now()
        #expect(throws: AdminFailure.self) { try bench.keeper.save() }
        #expect(BootClock().now() - again < .seconds(1))
        gate.open()
        eventually("it goes on") { (try? bench.keeper.save()) != nil }
    }

    @Test("a pipe that nobody reads hangs the keeper's thread alone")
    func pipe() throws {
        let directory = FileManager.default.temporaryDirectory.path() + "pipe-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(unsafe mkfifo(directory + "/.stuck.new", 0o600) == 0)
        let bench = try KeeperBench { pieces, _, _ throws(SystemError) in
            try WholeFile.write(pieces, as: "stuck", in: directory)
        }
        try bench.start()
        bench.fence()
        #expect(throws: AdminFailure.self) { try bench.keeper.save() }
        // A reader lets the opening end; a pipe cannot be synced, which is an error like any other.
        let reader = Thread { _ = try? Data(contentsOf: URL(filePath: directory + "/.stuck.new")) }
        reader.start()
        eventually("the failure is told") {
            bench.log.history.report(since: 0, limit: nil).events.contains {
                $0.sentence.hasPrefix("the flight recording could not be saved: ")
            }
        }
    }

    @Test("a full disk is told, and costs no former recording")
    func fullDisk() throws {
        let bench = try KeeperBench { _, name, directory throws(SystemError) in
            throw SystemError(call: "write", subject: directory + "/" + name, code: 28)
        }
        try FileManager.default.createDirectory(atPath: bench.directory, withIntermediateDirectories: true)
        try Data([1]).write(to: URL(filePath: bench.directory + "/20260101T000000.000Z-asked.flight"))
        try bench.start()
        do throws(AdminFailure) {
            _ = try bench.keeper.save()
            Issue.record("it was saved")
        } catch {
            #expect(error.code == .failed)
            #expect(error.message.contains("No space left on device (ENOSPC)"))
        }
        #expect(bench.files == ["20260101T000000.000Z-asked.flight"])
    }

    @Test("so many recordings of each reason stay as the setting says, the newest")
    func bounded() throws {
        let bench = try KeeperBench(limit: 2)
        try FileManager.default.createDirectory(atPath: bench.directory, withIntermediateDirectories: true)
        for year in 2001...2004 {
            for reason in ["asked", "self-fence"] {
                let name = "\(year)0101T000000.000Z-\(reason).flight"
                try Data([1]).write(to: URL(filePath: bench.directory + "/" + name))
            }
        }
        try Data([1]).write(to: URL(filePath: bench.directory + "/notes.txt"))
        try bench.start()
        let saved = try bench.keeper.save()
        let asked = bench.files.filter { $0.hasSuffix("-asked.flight") }
        #expect(asked.count == 2)
        #expect(asked.first == "20040101T000000.000Z-asked.flight")
        #expect(saved.path.hasSuffix(asked.last ?? "-"))
        #expect(bench.files.filter { $0.hasSuffix("-self-fence.flight") }.count == 4)
        #expect(bench.files.contains("notes.txt"))
    }
}
