import ByteFormat
import LabPlatform
import LinuxPlatform
import PoolModel
import StatefileMedium
import Testing

@testable import StatefileNFS

/// Sessions against a real server.
@Suite(.serialized, .enabled(if: GaneshaBench.isPossible, "needs root, namespaces and nfs-ganesha"))
struct SessionTests {
    private static func soon(_ span: TimeSpan = .seconds(5)) -> MonotonicInstant { BootClock().now() + span }

    /// A session with a file `one` of 4096 bytes in it.
    private final class Written {
        var session: NFSSession
        let file: NFSFileHandle
        var buffer = AlignedBuffer(minimumByteCount: 4096)
        var isOpen: Bool { session.isOpen }

        init(_ address: NFSAddress) throws(NFSError) {
            let deadline = SessionTests.soon()
            session = try NFSSession.open(address, deadline: deadline)
            if let known = try session.lookUp("one", in: session.root, deadline: deadline) {
                file = known.handle
            } else {
                file = try session.create("one", in: session.root, deadline: deadline)
            }
            buffer.withMutableBytes { bytes in
                for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index) }
            }
        }

        /// Writes it; nil, or what went wrong and how long that took.
        func write(within span: TimeSpan = .seconds(5)) -> (error: NFSError, took: TimeSpan)? {
            let start = BootClock().now()
            do throws(NFSError) {
                try session.write(
                    buffer,
                    bytes: 0..<4096,
                    to: file,
                    offsetBytes: 0,
                    name: "one",
                    deadline: start + span
                )
                return nil
            } catch {
                return (error, BootClock().now() - start)
            }
        }

        func read() -> NFSError? {
            do throws(NFSError) {
                let part = NFSReadPart(file: file, offsetBytes: 0, byteCount: 4096, bufferOffset: 0)
                try session.read([part], into: &buffer, name: "one", deadline: SessionTests.soon())
                return nil
            } catch {
                return error
            }
        }
    }

    /// What opening gives: nil, or the error and how long it took.
    private static func openingError(
        _ address: NFSAddress,
        within span: TimeSpan = .seconds(3)
    ) -> (error: NFSError, took: TimeSpan)? {
        let start = BootClock().now()
        do throws(NFSError) {
            _ = try NFSSession.open(address, deadline: start + span)
            return nil
        } catch {
            return (error, BootClock().now() - start)
        }
    }

    @Test func filesAreMadeWrittenReadRenamedAndRemoved() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            let deadline = SessionTests.soon()
            var session = try NFSSession.open(address, deadline: deadline)
            let root = session.root
            let folder = try session.makeFolder("ballots", in: root, deadline: deadline)
            let file = try session.create("one", in: folder, deadline: deadline)
            var buffer = AlignedBuffer(minimumByteCount: 4096)
            buffer.withMutableBytes { bytes in
                for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index) }
            }
            try session.write(
                buffer,
                bytes: 16..<32,
                to: file,
                offsetBytes: 0,
                name: "one",
                deadline: deadline
            )
            try session.rename("one", to: "two", in: folder, deadline: deadline)
            let names = try session.list(folder, name: "ballots", deadline: deadline)
            #expect(names == ["two"])
            let found = try session.lookUp(["one", "two"], in: folder, deadline: deadline)
            #expect(found[0] == nil)
            #expect(found[1]?.attributes.byteCount == 16)
            #expect(found[1]?.handle == file)
            let part = NFSReadPart(file: file, offsetBytes: 4, byteCount: 8, bufferOffset: 100)
            try session.read([part], into: &buffer, name: "two", deadline: deadline)
            let read = buffer.withBytes(in: 100..<108) { bytes in bytes.indices.map { bytes[$0] } }
            #expect(read == [20, 21, 22, 23, 24, 25, 26, 27])
            try session.remove("two", in: folder, deadline: deadline)
            let rest = try session.list(folder, name: "ballots", deadline: deadline)
            #expect(rest.isEmpty)
            let limit = session.readLimit
            #expect(limit >= 1 << 16)
        }
    }

    @Test func transfersLargerThanOneRequestAreWhole() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            let deadline = SessionTests.soon()
            var session = try NFSSession.open(address, deadline: deadline)
            let count = (5 << 20) / 2 + 4096
            let file = try session.create("large", in: session.root, deadline: deadline)
            var buffer = AlignedBuffer(minimumByteCount: count)
            buffer.withMutableBytes { bytes in
                for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index / 4096) }
            }
            try session.write(
                buffer,
                bytes: 0..<count,
                to: file,
                offsetBytes: 0,
                name: "large",
                deadline: deadline
            )
            var copy = AlignedBuffer(minimumByteCount: count)
            let part = NFSReadPart(file: file, offsetBytes: 0, byteCount: count, bufferOffset: 0)
            try session.read([part], into: &copy, name: "large", deadline: deadline)
            let isSame = buffer.withBytes(in: 0..<count) { left in
                copy.withBytes(in: 0..<count) { right in left.indices.allSatisfy { left[$0] == right[$0] } }
            }
            #expect(isSame)
        }
    }

    @Test func aPulledCableEndsAWriteAtItsDeadlineToTheMillisecond() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            for milliseconds in [40, 333, 1234] {
                let written = try Written(address)
                #expect(written.write() == nil)
                try bench.pullCable()
                let outcome = try #require(written.write(within: .milliseconds(milliseconds)))
                let lateness = outcome.took - .milliseconds(milliseconds)
                #expect(lateness >= .zero)
                #expect(lateness < .milliseconds(30), "\(outcome)")
                guard case .timedOut(_, .writing("one"), _) = outcome.error else {
                    Issue.record("another error: \(outcome.error)")
                    return
                }
                #expect(outcome.error.leavesOutcomeUnknown)
                #expect(!written.isOpen)
                #expect(written.write()?.error == .closed(address))
                try bench.plugCable()
                try SessionTests.waitUntilReachable(address)
            }
        }
    }

    private static func waitUntilReachable(_ address: NFSAddress) throws {
        let deadline = soon(.seconds(20))
        while BootClock().now() < deadline {
            if openingError(address, within: .milliseconds(500)) == nil { return }
            LabPlatform.Poller.wait(for: 20)
        }
        throw LabError("the server was not reachable again within 20 s")
    }

    @Test func connectingToNothingEndsAtTheDeadline() throws {
        let bench = try GaneshaBench()
        var nowhere = bench.address
        // Of the same network, and nobody's: no answer, not even a refusal.
        nowhere.server = "10.91.7.77"
        nowhere.nfsPort = 2049
        nowhere.mountPort = 20048
        let address = nowhere
        try bench.client.run {
            let outcome = try #require(SessionTests.openingError(address, within: .milliseconds(700)))
            #expect(outcome.took < .milliseconds(740), "\(outcome)")
            guard case .timedOut(_, .connecting(service: "mount", port: 20048), _) = outcome.error else {
                Issue.record("another error: \(outcome.error)")
                return
            }
        }
    }

    @Test func aServerThatIsStoppedAndGoesOnIsUsedAgain() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            let written = try Written(address)
            bench.freeze()
            let writing = try #require(written.write(within: .milliseconds(300)))
            #expect(writing.took < .milliseconds(340))
            // The kernel still takes connections for the stopped process; the mount is not answered.
            let opening = try #require(SessionTests.openingError(address, within: .milliseconds(300)))
            #expect(opening.took < .milliseconds(340))
            guard case .timedOut = opening.error else {
                Issue.record("another error: \(opening.error)")
                return
            }
            LabPlatform.Poller.wait(for: 5_000)
            bench.thaw()
            try SessionTests.waitUntilReachable(address)
            let again = try Written(address)
            #expect(again.write() == nil)
        }
    }

    @Test func aServerThatIsKilledIsNoticedAtOnceAndUsedAgainAfterItsRestart() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            let written = try Written(address)
            #expect(written.write() == nil)
            bench.kill()
            let outcome = try #require(written.write())
            #expect(outcome.took < .milliseconds(100))
            guard case .disconnected = outcome.error else {
                Issue.record("another error: \(outcome.error)")
                return
            }
            let opening = try #require(SessionTests.openingError(address))
            #expect(opening.took < .milliseconds(100))
        }
        try bench.start()
        try bench.client.run {
            let again = try Written(address)
            #expect(again.write() == nil)
            #expect(again.read() == nil)
        }
    }

    @Test func aReadOnlyExportIsNamed() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            let written = try Written(address)
            #expect(written.write() == nil)
        }
        bench.kill()
        try bench.start(GaneshaBench.Export(access: "RO"))
        try bench.client.run {
            let written = try Written(address)
            #expect(written.read() == nil)
            let outcome = try #require(written.write())
            #expect(outcome.error == .refused(address, .writing("one"), .readOnly))
            #expect(outcome.error.description.contains("read-only for this host: export it 'rw'"))
            #expect(!outcome.error.leavesOutcomeUnknown)
            #expect(written.isOpen)
        }
    }

    @Test func aHostWithoutPermissionIsToldSo() throws {
        let bench = try GaneshaBench(GaneshaBench.Export(squash: "Root_Squash"))
        let address = bench.address
        try bench.client.run {
            do throws(NFSError) {
                _ = try Written(address)
                Issue.record("nobody may write to a folder of root")
            } catch {
                #expect(error == .refused(address, .making("one"), .noPermission))
                #expect(error.description.contains("no_root_squash"))
            }
        }
    }

    @Test func aMissingFolderAndAMissingExportAreNamed() throws {
        let bench = try GaneshaBench()
        var missing = bench.address
        missing.path += "/nothing"
        let address = missing
        try bench.client.run {
            let outcome = try #require(SessionTests.openingError(address))
            guard case .mountRefused(address, _) = outcome.error else {
                Issue.record("another error: \(outcome.error)")
                return
            }
            var elsewhere = address
            elsewhere.path = "/nowhere"
            let other = try #require(SessionTests.openingError(elsewhere))
            guard case .mountRefused = other.error else {
                Issue.record("another error: \(other.error)")
                return
            }
        }
    }

    @Test func anExportThatIsRemovedIsNamed() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            let written = try Written(address)
            #expect(written.write() == nil)
        }
        bench.kill()
        try bench.start(GaneshaBench.Export(isThere: false))
        try bench.client.run {
            let outcome = try #require(SessionTests.openingError(address))
            guard case .mountRefused = outcome.error else {
                Issue.record("another error: \(outcome.error)")
                return
            }
        }
    }

    @Test func aFileThatWasReplacedBehindItsBackIsNoticed() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            let written = try Written(address)
            #expect(written.write() == nil)
            var other = try NFSSession.open(address, deadline: SessionTests.soon())
            try other.remove("one", in: other.root, deadline: SessionTests.soon())
            _ = try other.create("one", in: other.root, deadline: SessionTests.soon())
            let error = written.read()
            switch error {
            case .replaced, .refused(_, _, .stale): break
            default: Issue.record("another outcome: \(String(describing: error))")
            }
        }
    }

    @Test func aFullDiskIsNamed() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        let disk = try SmallDisk(at: bench.exported, image: bench.folder + "/disk.img", byteCount: 2 << 20)
        defer { disk.remove() }
        bench.kill()
        try bench.start()
        try bench.client.run {
            let written = try Written(address)
            #expect(written.write() == nil)
            try disk.fill()
            var writer = try NFSSession.open(address, deadline: SessionTests.soon())
            let file = try writer.create("two", in: writer.root, deadline: SessionTests.soon())
            do throws(NFSError) {
                try writer.write(
                    written.buffer,
                    bytes: 0..<4096,
                    to: file,
                    offsetBytes: 0,
                    name: "two",
                    deadline: SessionTests.soon()
                )
                Issue.record("a full disk took a new block")
            } catch {
                #expect(error == .refused(address, .writing("two"), .noSpace))
                #expect(error.description.contains("disk is full"))
            }
            // What has its blocks already is still written.
            #expect(written.write() == nil)
        }
    }

    @Test func aServerGivenByNameIsRefused() {
        let named = NFSAddress(server: "storage.example", path: "/pool")
        let outcome = SessionTests.openingError(named)
        #expect(outcome?.error == .notAnAddress(named))
    }

    @Test func overIPv6ThePortsHaveToBeGiven() {
        let place = NFSAddress(server: "fd00::77", path: "/pool")
        #expect(SessionTests.openingError(place)?.error == .portsNeeded(place))
    }
}
