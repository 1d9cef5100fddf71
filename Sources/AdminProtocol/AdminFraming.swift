import FoundationEssentials

/// Lines of JSON: how requests and replies look on the wire, and their limits.
public enum AdminFraming {
    /// The longest request line that a server takes: 1 MiB.
    public static let requestLimitBytes = 1 << 20
    /// The longest reply line that a client takes: 16 MiB.
    public static let replyLimitBytes = 16 << 20

    /// The head of every request.
    struct RequestHead: Codable {
        var id: UInt64
        var command: String
    }

    /// A request on its way out: head and command in one flat object.
    struct OutgoingRequest<Command: AdminCommand>: Encodable {
        var head: RequestHead
        var command: Command

        func encode(to encoder: any Encoder) throws {
            try command.encode(to: encoder)
            try head.encode(to: encoder)
        }
    }

    /// The head of every reply, and the refusal if it is one.
    struct ReplyHead: Codable {
        var id: UInt64
        var ok: Bool
        var error: AdminFailure?
    }

    /// A reply that carries a result.
    struct ResultReply<Result: Codable>: Codable {
        var id: UInt64
        var ok: Bool
        var result: Result
    }

    /// One line, newline included.
    static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = try encoder.encode(value)
        data.append(UInt8(ascii: "\n"))
        return data
    }

    /// The line that refuses request `id`.
    static func refusalLine(id: UInt64, _ failure: AdminFailure) -> Data {
        let reply = ReplyHead(id: id, ok: false, error: failure)
        // Strings and a number always encode; a fixed line stands in, so that every caller is answered.
        let lastResort =
            #"{"id":0,"ok":false,"error":{"code":"failed","message":"the refusal could not be encoded"}}"#
        guard let data = try? line(reply) else { return Data((lastResort + "\n").utf8) }
        return data
    }
}

/// Collects bytes into lines, with a limit.
struct LineBuffer {
    /// The most bytes that one line may have.
    let limitBytes: Int
    private var bytes = Data()
    private var searched = 0

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// Adds what was read.
    mutating func append(_ more: Data) { bytes.append(more) }

    /// Whether what is left is longer than a line may be.
    var isOverfull: Bool { bytes.count > limitBytes }

    /// Takes the next complete line, without its newline.
    mutating func nextLine() -> Data? {
        let start = bytes.startIndex
        guard let end = bytes[(start + searched)...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            return nil
        }
        let line = Data(bytes[start..<end])
        bytes = Data(bytes[(end + 1)...])
        searched = 0
        return line
    }
}
