import FoundationEssentials
import LocalServices
import Synchronization

/// Why a control socket could not be opened.
public struct AdminServerError: Error, Sendable, CustomStringConvertible {
    /// The path.
    public let path: String
    /// The call that failed and why.
    public let reason: String

    /// The sentence for the operator.
    public var description: String { "cannot listen on control socket \(path): \(reason)" }
}

/// The server of a control socket: one ordinary thread, poll(2), lines in, lines out.
///
/// Bounded everywhere: `connectionLimit` callers (more wait in the kernel's queue), one request a caller at a
/// time, a line limit; a caller who does not read his reply gets no further one. It may be slow or stuck
/// without harm: nothing in the daemon waits for it (docs/decisions/0002-admin-socket-without-nio.md).
public final class AdminServer: Sendable {
    /// The most callers at once.
    public static let connectionLimit = 32

    /// Where it listens.
    public let path: String
    private let router: AdminRouter
    private let allowedUserIDs: Set<UInt32>
    private let waker = Mutex<StreamWaker?>(nil)
    private let isStopped = Atomic<Bool>(false)

    /// A server that answers by `router` for root and the daemon's own user, or for the given users.
    ///
    /// Nothing is opened before `run`.
    public init(path: String, router: AdminRouter, allowedUserIDs: Set<UInt32>? = nil) {
        self.path = path
        self.router = router
        self.allowedUserIDs = allowedUserIDs ?? [0, OwnProcess.user]
    }

    /// Makes `run` return soon; from any thread.
    public func stop() {
        isStopped.store(true, ordering: .releasing)
        waker.withLock { $0 }?.wake()
    }

    /// Opens the socket; a stale file of a former life is removed, a living server is not disturbed.
    func open() throws(AdminServerError) -> UnixListener {
        guard path.utf8.count <= UnixStream.pathLimitBytes else {
            let limit = UnixStream.pathLimitBytes
            throw AdminServerError(
                path: path,
                reason: "the path is longer than the \(limit) bytes a Unix socket allows"
            )
        }
        try probe()
        do throws(LocalError) {
            UnixListener.removeFile(path)
            return try UnixListener(at: path)
        } catch {
            throw AdminServerError(path: path, reason: error.description)
        }
    }

    private func isAnswered() -> Bool {
        do throws(LocalError) {
            _ = try UnixStream.connect(to: path)
            return true
        } catch {
            // A full queue belongs to a living server.
            return error.wouldWait
        }
    }

    /// Refuses when another process answers at the path already; for a clear end before anything else is
    /// started.
    public func probe() throws(AdminServerError) {
        guard !isAnswered() else {
            throw AdminServerError(path: path, reason: "another process answers there; stop it first")
        }
    }

    /// Serves on the calling thread until `stop`; `opened` is called once it listens.
    public func run(opened: () -> Void = {}) throws(AdminServerError) {
        let listener = try open()
        let waker: StreamWaker
        do throws(LocalError) { waker = try StreamWaker() } catch {
            throw AdminServerError(path: path, reason: error.description)
        }
        self.waker.withLock { $0 = waker }
        opened()
        var connections: [AdminConnection] = []
        while !isStopped.load(ordering: .acquiring) {
            // With all places taken the next caller waits in the kernel's queue.
            let hasRoom = connections.count < AdminServer.connectionLimit
            var waits = [StreamWait(waker), StreamWait(hasRoom ? listener : nil)]
            waits += connections.map { StreamWait($0.stream, forWriting: $0.hasMoreToSay) }
            StreamWait.wait(&waits, milliseconds: 60_000)
            var kept: [AdminConnection] = []
            for (connection, wait) in zip(connections, waits[2...])
            where !wait.isReady || connection.serve(router) {
                kept.append(connection)
            }
            connections = kept
            if waits[1].isReady, let connection = acceptOne(listener) { connections.append(connection) }
        }
        UnixListener.removeFile(path)
    }

    private func acceptOne(_ listener: UnixListener) -> AdminConnection? {
        guard let stream = try? listener.accept() else { return nil }
        guard let found = try? stream.peer() else { return nil }
        let peer = AdminPeer(processID: found.process, userID: found.user)
        let connection = AdminConnection(stream: stream, peer: peer)
        guard !allowedUserIDs.contains(peer.userID) else { return connection }
        let sentence = "user \(peer.userID) may not use \(path); only root and the daemon's own user may"
        connection.refuseAndClose(AdminFailure(.forbidden, sentence))
        return connection.isDone ? nil : connection
    }
}

/// One caller of a server.
final class AdminConnection {
    let stream: UnixStream
    private let peer: AdminPeer
    private var incoming = LineBuffer(limitBytes: AdminFraming.requestLimitBytes)
    private var outgoing: [UInt8] = []
    private var sentBytes = 0
    private var isClosing = false

    init(stream: UnixStream, peer: AdminPeer) {
        self.stream = stream
        self.peer = peer
    }

    /// Waits for room for the rest of a reply rather than for a request.
    var hasMoreToSay: Bool { !outgoing.isEmpty }

    /// Whether the last word is out and the connection can go.
    var isDone: Bool { isClosing && outgoing.isEmpty }

    /// Sends a refusal that belongs to no request, then ends.
    func refuseAndClose(_ failure: AdminFailure) {
        outgoing.append(contentsOf: AdminFraming.refusalLine(id: 0, failure))
        isClosing = true
        if !flush() { outgoing = [] }
    }

    /// Goes on with whatever is possible now; false when the connection is over.
    func serve(_ router: AdminRouter) -> Bool {
        guard flush() else { return false }
        guard !isDone else { return false }
        // Lines that came together with one whose reply was stuck are answered before more is read.
        guard answerLines(router) else { return false }
        guard outgoing.isEmpty else { return true }
        do {
            guard let more = try stream.read() else { return true }
            guard !more.isEmpty else { return false }
            incoming.append(Data(more))
        } catch {
            return false
        }
        return answerLines(router)
    }

    private func answerLines(_ router: AdminRouter) -> Bool {
        while outgoing.isEmpty, let line = incoming.nextLine() {
            guard line.count <= incoming.limitBytes else { return refuseLength() }
            outgoing = Array(router.answer(line: line, peer: peer))
            guard flush() else { return false }
        }
        return incoming.isOverfull ? refuseLength() : true
    }

    private func refuseLength() -> Bool {
        let limit = AdminFraming.requestLimitBytes
        refuseAndClose(
            AdminFailure(.tooLarge, "the request line is longer than \(limit) bytes; the connection ends")
        )
        return !isDone
    }

    /// Writes what fits; false when the connection broke.
    private func flush() -> Bool {
        guard !outgoing.isEmpty else { return true }
        guard let count = try? stream.write(outgoing, from: sentBytes) else { return false }
        sentBytes += count
        if sentBytes == outgoing.count { (outgoing, sentBytes) = ([], 0) }
        return true
    }
}
