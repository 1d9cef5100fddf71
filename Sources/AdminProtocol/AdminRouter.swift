public import FoundationEssentials

/// Answers request lines: finds the handler by the command's name, decodes, calls, encodes.
///
/// A value made once at the start; handlers run one after another on the server's thread, so one that waits
/// makes every other caller wait. Garbage is answered, never asserted.
public struct AdminRouter: Sendable {
    private typealias Handler = @Sendable (UInt64, Data, AdminPeer) -> Data
    private var handlers: [String: Handler] = [:]

    /// A router that knows no command.
    public init() {}

    /// Answers requests of this type with `body`; two handlers of one command are a bug.
    public mutating func on<Command: AdminCommand>(
        _ type: Command.Type,
        _ body: @escaping @Sendable (Command, AdminPeer) throws(AdminFailure) -> Command.Reply
    ) {
        precondition(handlers[Command.name] == nil, "a command has one handler")
        handlers[Command.name] = { id, line, peer in
            let command: Command
            do {
                command = try JSONDecoder().decode(Command.self, from: line)
            } catch {
                return AdminFraming.refusalLine(
                    id: id,
                    AdminFailure(
                        .malformedRequest,
                        "the fields of '\(Command.name)' do not fit: \(Self.say(error))"
                    )
                )
            }
            do throws(AdminFailure) {
                let result = try body(command, peer)
                let reply = AdminFraming.ResultReply(id: id, ok: true, result: result)
                guard let data = try? AdminFraming.line(reply) else {
                    throw AdminFailure(
                        .failed,
                        "the reply of '\(Command.name)' could not be encoded; this is a bug"
                    )
                }
                return data
            } catch {
                return AdminFraming.refusalLine(id: id, error)
            }
        }
    }

    /// The names that have a handler.
    public var commands: [String] { handlers.keys.sorted() }

    /// The reply line, newline included, to one request line.
    public func answer(line: Data, peer: AdminPeer) -> Data {
        let head: AdminFraming.RequestHead
        do {
            head = try JSONDecoder().decode(AdminFraming.RequestHead.self, from: line)
        } catch {
            let sentence =
                "the line is no JSON object with a number 'id' and a string 'command': \(Self.say(error))"
            return AdminFraming.refusalLine(id: 0, AdminFailure(.malformedRequest, sentence))
        }
        guard let handler = handlers[head.command] else {
            let known = commands.joined(separator: ", ")
            let sentence = "there is no command '\(head.command.prefix(64))' here; known: \(known)"
            return AdminFraming.refusalLine(id: head.id, AdminFailure(.unknownCommand, sentence))
        }
        return handler(head.id, line, peer)
    }

    private static func say(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
        case .typeMismatch(let type, let context): return "'\(path(context))' is not of type \(type)"
        case .valueNotFound(_, let context): return "'\(path(context))' is null"
        case .dataCorrupted(let context): return context.debugDescription
        @unknown default: return "it cannot be decoded"
        }
    }
}
