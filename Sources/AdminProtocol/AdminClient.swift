import FoundationEssentials
import Glibc
public import PoolModel

/// Why a call over a control socket gave no result.
public enum AdminClientError: Error, Sendable, CustomStringConvertible {
    /// Nobody listens at the path, or the caller may not connect.
    case cannotConnect(path: String, reason: String)
    /// No reply within the time given.
    case timedOut(path: String, command: String, after: TimeSpan)
    /// The server closed the connection, or it broke.
    case connectionLost(path: String, command: String, reason: String)
    /// The reply could not be read.
    case malformedReply(path: String, command: String, reason: String)
    /// The server refused, with its reason.
    case refused(AdminFailure)

    /// The sentence for the operator.
    public var description: String {
        switch self {
        case .cannotConnect(let path, let reason):
            "cannot connect to \(path) (\(reason)); is the daemon running, and are you root?"
        case .timedOut(let path, let command, let after):
            "'\(command)' got no reply from \(path) within \(after); the daemon may be hung or the host"
                + " overloaded"
        case .connectionLost(let path, let command, let reason):
            "the connection to \(path) ended while '\(command)' waited for its reply (\(reason))"
        case .malformedReply(let path, let command, let reason):
            "the reply of \(path) to '\(command)' cannot be read (\(reason)); are both of the same version?"
        case .refused(let failure):
            failure.message
        }
    }
}

/// A blocking client of a control socket: one call at a time, on the caller's thread.
///
/// It connects with the first call and again after a failure. Not `Sendable`: one thread uses it.
public final class AdminClient {
    /// Where the server listens.
    public let path: String
    /// How long a call waits for its reply.
    public let timeout: TimeSpan
    private var socket: UnixSocket?
    private var lastID: UInt64 = 0

    /// A client of the socket at `path`.
    public init(path: String, timeout: TimeSpan = .seconds(5)) {
        self.path = path
        self.timeout = timeout
    }

    /// Asks and waits for the reply. Blocks at most `timeout`.
    public func call<Command: AdminCommand>(_ command: Command) throws(AdminClientError) -> Command.Reply {
        let deadline = UnixSocket.nowMilliseconds() + Int64(timeout.inMilliseconds)
        let socket = try connected()
        lastID += 1
        do throws(AdminClientError) {
            let head = AdminFraming.RequestHead(id: lastID, command: Command.name)
            guard
                let request = try? AdminFraming.line(
                    AdminFraming.OutgoingRequest(head: head, command: command)
                )
            else {
                throw .malformedReply(
                    path: path,
                    command: Command.name,
                    reason: "the request could not be encoded"
                )
            }
            try send(request, over: socket, Command.name, deadline)
            let line = try receive(over: socket, Command.name, deadline)
            return try decode(line, of: Command.self)
        } catch {
            // After a time-out a late reply may come; a fresh connection cannot mistake it for another's.
            if case .refused = error {} else { self.socket = nil }
            throw error
        }
    }

    private func connected() throws(AdminClientError) -> UnixSocket {
        if let socket { return socket }
        guard path.utf8.count <= UnixSocket.pathLimitBytes else {
            throw .cannotConnect(path: path, reason: "longer than \(UnixSocket.pathLimitBytes) bytes")
        }
        do {
            let made = try UnixSocket.make()
            try made.connect(to: path)
            socket = made
            return made
        } catch {
            throw .cannotConnect(path: path, reason: error.sentence)
        }
    }

    private func wait(
        _ socket: UnixSocket,
        _ events: Int32,
        _ command: String,
        _ deadline: Int64
    ) throws(AdminClientError) {
        let left = deadline - UnixSocket.nowMilliseconds()
        guard left > 0 else { throw .timedOut(path: path, command: command, after: timeout) }
        var descriptors = [pollfd(fd: socket.descriptor, events: Int16(events), revents: 0)]
        _ = UnixSocket.wait(&descriptors, milliseconds: Int32(min(left, 60_000)))
    }

    private func send(
        _ data: Data,
        over socket: UnixSocket,
        _ command: String,
        _ deadline: Int64
    ) throws(AdminClientError) {
        var rest = data
        while !rest.isEmpty {
            do {
                rest = Data(rest.dropFirst(try socket.write(rest)))
            } catch {
                throw .connectionLost(path: path, command: command, reason: error.sentence)
            }
            if !rest.isEmpty { try wait(socket, POLLOUT, command, deadline) }
        }
    }

    private func receive(
        over socket: UnixSocket,
        _ command: String,
        _ deadline: Int64
    ) throws(AdminClientError) -> Data {
        var buffer = LineBuffer(limitBytes: AdminFraming.replyLimitBytes)
        while true {
            if let line = buffer.nextLine() { return line }
            guard !buffer.isOverfull else {
                throw .malformedReply(path: path, command: command, reason: "longer than 16 MiB")
            }
            let more: Data?
            do { more = try socket.read() } catch {
                throw .connectionLost(path: path, command: command, reason: error.sentence)
            }
            guard let more else {
                try wait(socket, POLLIN, command, deadline)
                continue
            }
            guard !more.isEmpty else {
                throw .connectionLost(path: path, command: command, reason: "closed by the server")
            }
            buffer.append(more)
        }
    }

    private func decode<Command: AdminCommand>(
        _ line: Data,
        of: Command.Type
    ) throws(AdminClientError) -> Command.Reply {
        do {
            let head = try JSONDecoder().decode(AdminFraming.ReplyHead.self, from: line)
            if let failure = head.error { throw AdminClientError.refused(failure) }
            guard head.id == lastID else {
                throw AdminClientError.malformedReply(
                    path: path,
                    command: Command.name,
                    reason: "id \(head.id) instead of \(lastID)"
                )
            }
            return try JSONDecoder().decode(AdminFraming.ResultReply<Command.Reply>.self, from: line).result
        } catch let error as AdminClientError {
            throw error
        } catch {
            throw .malformedReply(path: path, command: Command.name, reason: "\(error)")
        }
    }
}
