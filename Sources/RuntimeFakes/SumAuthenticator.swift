public import ByteFormat

/// A message code for tests: keyed, order-dependent, not secret.
public struct SumAuthenticator: MessageAuthenticator {
    private let key: UInt64
    /// The authenticator with this key.
    public init(key: UInt64) { self.key = key }

    /// The code of `message`.
    public mutating func code(of message: Span<UInt8>) -> MessageCode {
        var state = key ^ 0x9E37_79B9_7F4A_7C15
        for index in message.indices {
            state = (state ^ UInt64(message[index])) &* 0x0000_0100_0000_01B3
        }
        var code = MessageCode()
        for index in 0..<MessageCode.byteCount {
            code[index] = UInt8(truncatingIfNeeded: state >> UInt64(index % 8 * 8)) &+ UInt8(index)
        }
        return code
    }

    /// The current key, when it makes `code`.
    public mutating func key(making code: MessageCode, of message: Span<UInt8>) -> AuthenticationKey? {
        self.code(of: message).isEqualInConstantTime(to: code) ? .current : nil
    }
}
