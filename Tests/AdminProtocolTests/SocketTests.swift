import FoundationEssentials
import Glibc
import LocalServices
import PoolModel
import Testing

@testable import AdminProtocol

/// A server on its own thread with a socket in a directory of its own.
private final class RunningServer {
    let path: String
    private let directory: String
    private let server: AdminServer
    private let thread: Task<Void, any Error>

    init(allowedUserIDs: Set<UInt32>? = nil, router: AdminRouter) async throws {
        directory = "/tmp/hf-admin-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        path = directory + "/d.sock"
        let server = AdminServer(path: path, router: router, allowedUserIDs: allowedUserIDs)
        self.server = server
        let (opened, announce) = AsyncStream<Void>.makeStream()
        thread = Task.detached {
            defer { announce.finish() }
            try server.run { announce.yield() }
        }
        for await _ in opened { break }
    }

    func end() async throws {
        server.stop()
        try await thread.value
        try? FileManager.default.removeItem(atPath: directory)
    }
}

private func echoRouter() -> AdminRouter {
    var router = AdminRouter()
    router.on(GuestsCommand.self) { command, peer throws(AdminFailure) in
        Accepted(message: "\(command.running) \(peer.userID == geteuid())")
    }
    router.on(FenceCommand.self) { command, _ throws(AdminFailure) in Accepted(message: command.host) }
    router.on(LeaveCommand.self) { _, _ throws(AdminFailure) in
        throw AdminFailure(.guestsRun, "guests run on this host")
    }
    return router
}

@Suite(.serialized) struct SocketTests {
    @Test func aCallGoesThereAndBack() async throws {
        let server = try await RunningServer(router: echoRouter())
        let client = AdminClient(path: server.path)
        #expect(try client.call(GuestsCommand(running: true)).message == "true true")
        #expect(try client.call(GuestsCommand(running: false)).message == "false true")
        let large = String(repeating: "x", count: 900_000)
        #expect(try client.call(FenceCommand(host: large)).message == large)
        try await server.end()
    }

    @Test func aRefusalArrivesAsSuch() async throws {
        let server = try await RunningServer(router: echoRouter())
        let client = AdminClient(path: server.path)
        do {
            _ = try client.call(LeaveCommand())
            Issue.record("the refusal was lost")
        } catch {
            guard case .refused(let failure) = error else { throw error }
            #expect(failure.code == .guestsRun)
        }
        #expect(try client.call(GuestsCommand(running: true)).message == "true true")
        try await server.end()
    }

    @Test func aForeignUserIsRefused() async throws {
        let server = try await RunningServer(allowedUserIDs: [4_000_000], router: echoRouter())
        let client = AdminClient(path: server.path)
        #expect(throws: AdminClientError.self) { try client.call(GuestsCommand(running: true)) }
        try await server.end()
    }

    @Test func anOversizeLineIsRefusedAndTheServerGoesOn() async throws {
        let server = try await RunningServer(router: echoRouter())
        let client = AdminClient(path: server.path)
        let huge = String(repeating: "x", count: 2 << 20)
        #expect(throws: AdminClientError.self) { try client.call(FenceCommand(host: huge)) }
        #expect(try client.call(GuestsCommand(running: true)).message == "true true")
        try await server.end()
    }

    @Test func garbageDoesNotEndTheConnection() async throws {
        let server = try await RunningServer(router: echoRouter())
        let stream = try UnixStream.connect(to: server.path)
        let lines = Array("garbage\n{\"id\":9,\"command\":\"guests\",\"running\":true}\n".utf8)
        #expect(try stream.write(lines) == lines.count)
        var text = ""
        while text.split(separator: "\n").count < 2 {
            stream.wait(forWriting: false, milliseconds: 5000)
            let more = try #require(try stream.read())
            try #require(!more.isEmpty)
            text += String(decoding: more, as: UTF8.self)
        }
        #expect(text.contains("malformed-request"))
        #expect(text.contains(#""id":9,"ok":true"#))
        try await server.end()
    }

    @Test func aSecondServerDoesNotTakeThePathOfALivingOne() async throws {
        let server = try await RunningServer(router: echoRouter())
        #expect(throws: AdminServerError.self) {
            try AdminServer(path: server.path, router: echoRouter()).run()
        }
        #expect(try AdminClient(path: server.path).call(GuestsCommand(running: true)).message == "true true")
        try await server.end()
    }

    @Test func aMissingServerIsNamedInTheError() {
        let client = AdminClient(path: "/tmp/hf-nobody-listens-here.sock")
        do {
            _ = try client.call(LivesetCommand())
            Issue.record("nobody should have answered")
        } catch {
            #expect("\(error)".contains("cannot connect to /tmp/hf-nobody-listens-here.sock"))
        }
    }
}
