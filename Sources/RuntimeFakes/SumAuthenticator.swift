public import ByteFormat

/// A message code for tests: keyed, order-dependent, fast, not secret.
public struct SumAuthenticator: MessageAuthenticator {
    private let key: UInt64
    private let previous: UInt64?
    /// The authenticator with this key, and with another one that is valid besides.
    public init(key: UInt64, previous: UInt64? = nil) {
        self.key = key
        self.previous = previous
    }

    /// The code of `message`.
    public mutating func code(of message: Span<UInt8>) -> MessageCode {
        SumAuthenticator.code(of: message, key: key)
    }

    /// Which key makes `code`.
    public mutating func key(making code: MessageCode, of message: Span<UInt8>) -> AuthenticationKey? {
        if SumAuthenticator.code(of: message, key: key).isEqualInConstantTime(to: code) { return .current }
        guard let previous else { return nil }
        let other = SumAuthenticator.code(of: message, key: previous)
        return other.isEqualInConstantTime(to: code) ? .previous : nil
    }

    private static func code(of message: Span<UInt8>, key: UInt64) -> MessageCode {
        var state = key ^ 0x9E37_79B9_7F4A_7C15 ^ UInt64(message.count)
        // Bytes have no padding.
        let bytes = unsafe message.bytes
        var index = 0
        while message.count - index >= 8 {
            // Eight bytes are left.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            state = mixed(state, UInt64(littleEndian: word))
            index += 8
        }
        while index < message.count {
            state = mixed(state, UInt64(message[index]))
            index += 1
        }
        var code = MessageCode()
        for index in 0..<MessageCode.byteCount {
            if index % 8 == 0 { state = mixed(state, UInt64(index)) }
            code[index] = UInt8(truncatingIfNeeded: state >> UInt64(index % 8 * 8))
        }
        return code
    }

    private static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word) &* 0x9FB2_1C65_1E98_DF25
        return product ^ product >> 32
    }
}
