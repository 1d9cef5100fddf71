import CLocalServices

/// A call to one of this host's own services that failed: which call, and with which errno.
public struct LocalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, as its manual page is named.
    public let call: String
    /// The errno value.
    public let code: Int32

    /// The failure in a result of the C side, which is -errno.
    init(_ call: String, result: Int) {
        self.call = call
        code = Int32(truncatingIfNeeded: -result)
    }

    init(_ call: String, result: Int32) { self.init(call, result: Int(result)) }

    /// Whether the call would have had to wait: a full queue, nothing there yet.
    public var wouldWait: Bool { code == 11 }

    /// `connect: No such file or directory (ENOENT)`.
    public var description: String {
        var text = [UInt8](repeating: 0, count: 160)
        unsafe text.withUnsafeMutableBytes { room in
            // Writes at most `count` characters and always ends them with 0.
            unsafe ls_error_text(code, room.baseAddress, room.count)
        }
        return "\(call): \(String(decoding: text.prefix { $0 != 0 }, as: UTF8.self))"
    }
}
