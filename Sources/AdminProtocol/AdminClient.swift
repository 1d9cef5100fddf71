import FoundationEssentials
import LinuxPlatform
import LocalServices
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
    private var stream: UnixStream?
    private var lastID: UInt64 = 0

    /// A client of the socket at `path`.
    public init(path: String, timeout: TimeSpan = .seconds(5)) {
        self.path = path
        self.timeout = timeout
    }

    /// Asks and waits for the reply.
    ///
    /// Blocks at most `timeout`.
    ///
    /// A kept connection that turns out to be dead (the server was restarted) is replaced once; every command
    /// may be asked twice.
    public func call<Command: AdminCommand>(_ command: Command) throws(AdminClientError) -> Command.Reply {
        let deadline = BootClock().now() + timeout
        guard let kept = stream else { return try ask(command, over: try connect(), deadline) }
        do throws(AdminClientError) {
            return try ask(command, over: kept, deadline)
        } catch {
            guard case .connectionLost = error else { throw error }
            return try ask(command, over: try connect(), deadline)
        }
    }

    private func ask<Command: AdminCommand>(
        _ command: Command,
        over stream: UnixStream,
        _ deadline: MonotonicInstant
    ) throws(AdminClientError) -> Command.Reply {
        lastID += 1
        do throws(AdminClientError) {
            let head = AdminFraming.RequestHead(id: lastID, command: Command.name)
            let request = AdminFraming.OutgoingRequest(head: head, command: command)
            guard let line = try? AdminFraming.line(request) else {
                let reason = "the request could not be encoded"
                throw .malformedReply(path: path, command: Command.name, reason: reason)
            }
            try send(Array(line), over: stream, Command.name, deadline)
            return try decode(try receive(over: stream, Command.name, deadline), of: Command.self)
        } catch {
            // After a time-out a late reply may come; a fresh connection cannot mistake it for another's.
            if case .refused = error {} else { self.stream = nil }
            throw error
        }
    }

    private func connect() throws(AdminClientError) -> UnixStream {
        guard path.utf8.count <= UnixStream.pathLimitBytes else {
            throw .cannotConnect(path: path, reason: "longer than \(UnixStream.pathLimitBytes) bytes")
        }
        do throws(LocalError) {
            let made = try UnixStream.connect(to: path)
            stream = made
            return made
        } catch {
            throw .cannotConnect(path: path, reason: error.description)
        }
    }

    private func wait(
        _ stream: UnixStream,
        forWriting: Bool,
        _ command: String,
        _ deadline: MonotonicInstant
    ) throws(AdminClientError) {
        let left = deadline - BootClock().now()
        guard left > .zero else { throw .timedOut(path: path, command: command, after: timeout) }
        stream.wait(forWriting: forWriting, milliseconds: left.inMilliseconds + 1)
    }

    private func send(
        _ bytes: [UInt8],
        over stream: UnixStream,
        _ command: String,
        _ deadline: MonotonicInstant
    ) throws(AdminClientError) {
        var offset = 0
        while offset < bytes.count {
            do throws(LocalError) {
                offset += try stream.write(bytes, from: offset)
            } catch {
                throw .connectionLost(path: path, command: command, reason: error.description)
            }
            if offset < bytes.count { try wait(stream, forWriting: true, command, deadline) }
        }
    }

    private func receive(
        over stream: UnixStream,
        _ command: String,
        _ deadline: MonotonicInstant
    ) throws(AdminClientError) -> Data {
        var buffer = LineBuffer(limitBytes: AdminFraming.replyLimitBytes)
        while true {
            if let line = buffer.nextLine() { return line }
            guard !buffer.isOverfull else {
                throw .malformedReply(path: path, command: command, reason: "longer than 16 MiB")
            }
            let more: [UInt8]?
            do throws(LocalError) { more = try stream.read() } catch {
                throw .connectionLost(path: path, command: command, reason: error.description)
            }
            guard let more else {
                try wait(stream, forWriting: false, command, deadline)
                continue
            }
            guard !more.isEmpty else {
                throw .connectionLost(path: path, command: command, reason: "closed by the server")
            }
            buffer.append(Data(more))
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
