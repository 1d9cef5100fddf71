import FoundationEssentials
import Glibc
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
    private let wakeRead: Int32
    private let wakeWrite: Int32
    private let isStopped = Atomic<Bool>(false)

    /// A server that answers by `router` for root and the daemon's own user, or for the given users.
    ///
    /// Nothing is opened before `run`.
    public init(path: String, router: AdminRouter, allowedUserIDs: Set<UInt32>? = nil) {
        self.path = path
        self.router = router
        self.allowedUserIDs = allowedUserIDs ?? [0, UInt32(geteuid())]
        var ends: [Int32] = [-1, -1]
        // Safe: pipe fills the two elements of the array.
        if unsafe pipe(&ends) != 0 { ends = [-1, -1] }
        for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (wakeRead, wakeWrite) = (ends[0], ends[1])
    }

    deinit {
        if wakeRead >= 0 { close(wakeRead) }
        if wakeWrite >= 0 { close(wakeWrite) }
    }

    /// Makes `run` return soon; from any thread.
    public func stop() {
        isStopped.store(true, ordering: .releasing)
        var byte: UInt8 = 1
        // Safe: one byte is read from a variable that lives during the call. A full pipe wakes as well.
        _ = unsafe write(wakeWrite, &byte, 1)
    }

    /// Opens the socket; a stale file of a former life is removed, a living server is not disturbed.
    func open() throws(AdminServerError) -> UnixSocket {
        guard path.utf8.count <= UnixSocket.pathLimitBytes else {
            throw AdminServerError(
                path: path,
                reason: "the path is longer than the \(UnixSocket.pathLimitBytes) bytes a Unix socket allows"
            )
        }
        do {
            let probe = try UnixSocket.make()
            var isTaken = true
            do { try probe.connect(to: path) } catch { isTaken = error.number == EAGAIN }
            guard !isTaken else {
                throw AdminServerError(path: path, reason: "another process answers there; stop it first")
            }
            UnixSocket.removeFile(path)
            let listener = try UnixSocket.make()
            try listener.listen(at: path)
            return listener
        } catch let error as SocketFailure {
            throw AdminServerError(path: path, reason: error.sentence)
        } catch let error as AdminServerError {
            throw error
        } catch {
            throw AdminServerError(path: path, reason: "\(error)")
        }
    }

    /// Serves on the calling thread until `stop`; `opened` is called once it listens.
    public func run(opened: () -> Void = {}) throws(AdminServerError) {
        let listener = try open()
        opened()
        var connections: [AdminConnection] = []
        while !isStopped.load(ordering: .acquiring) {
            // With all places taken the listener waits in its queue rather than being polled.
            let listens = connections.count < AdminServer.connectionLimit
            var descriptors = [
                pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listens ? listener.descriptor : -1, events: Int16(POLLIN), revents: 0),
            ]
            descriptors += connections.map {
                pollfd(fd: $0.socket.descriptor, events: $0.awaitedEvents, revents: 0)
            }
            guard UnixSocket.wait(&descriptors, milliseconds: 60_000) else { continue }
            var kept: [AdminConnection] = []
            for (connection, descriptor) in zip(connections, descriptors[2...])
            where descriptor.revents == 0 || connection.serve(router) {
                kept.append(connection)
            }
            connections = kept
            if descriptors[1].revents != 0, let connection = acceptOne(listener) {
                connections.append(connection)
            }
        }
        UnixSocket.removeFile(path)
    }

    private func acceptOne(_ listener: UnixSocket) -> AdminConnection? {
        guard let socket = try? listener.accept() else { return nil }
        guard let peer = try? socket.peer() else { return nil }
        let connection = AdminConnection(socket: socket, peer: peer)
        guard !allowedUserIDs.contains(peer.userID) else { return connection }
        let sentence = "user \(peer.userID) may not use \(path); only root and the daemon's own user may"
        connection.refuseAndClose(AdminFailure(.forbidden, sentence))
        return connection.isDone ? nil : connection
    }
}

/// One caller of a server.
final class AdminConnection {
    let socket: UnixSocket
    private let peer: AdminPeer
    private var incoming = LineBuffer(limitBytes: AdminFraming.requestLimitBytes)
    private var outgoing = Data()
    private var isClosing = false

    init(socket: UnixSocket, peer: AdminPeer) {
        self.socket = socket
        self.peer = peer
    }

    /// Either a request or room for the rest of the reply.
    var awaitedEvents: Int16 { Int16(outgoing.isEmpty ? POLLIN : POLLOUT) }

    /// Whether the last word is out and the connection can go.
    var isDone: Bool { isClosing && outgoing.isEmpty }

    /// Sends a refusal that belongs to no request, then ends.
    func refuseAndClose(_ failure: AdminFailure) {
        outgoing.append(AdminFraming.refusalLine(id: 0, failure))
        isClosing = true
        if !flush() { outgoing = Data() }
    }

    /// Goes on with whatever is possible now; false when the connection is over.
    func serve(_ router: AdminRouter) -> Bool {
        guard flush() else { return false }
        guard !isDone else { return false }
        // Lines that came together with one whose reply was stuck are answered before more is read.
        guard answerLines(router) else { return false }
        guard outgoing.isEmpty else { return true }
        do {
            guard let more = try socket.read() else { return true }
            guard !more.isEmpty else { return false }
            incoming.append(more)
        } catch {
            return false
        }
        return answerLines(router)
    }

    private func answerLines(_ router: AdminRouter) -> Bool {
        while outgoing.isEmpty, let line = incoming.nextLine() {
            guard line.count <= incoming.limitBytes else { return refuseLength() }
            outgoing = router.answer(line: line, peer: peer)
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
        guard let count = try? socket.write(outgoing) else { return false }
        outgoing = Data(outgoing.dropFirst(count))
        return true
    }
}
