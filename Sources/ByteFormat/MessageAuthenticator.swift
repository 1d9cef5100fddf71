/// The 32 bytes by which a holder of the pool key proves that a record or datagram is the pool's.
public struct MessageCode: BitwiseCopyable, Sendable {
    /// How many bytes a code has.
    public static let byteCount = 32
    private var bytes: InlineArray<32, UInt8>

    /// All zeros.
    public init() { bytes = InlineArray(repeating: 0) }

    /// The byte at `index`.
    public subscript(index: Int) -> UInt8 {
        get { bytes[index] }
        set { bytes[index] = newValue }
    }

    /// Whether both codes are the same, in a time that does not depend on where they differ.
    public func isEqualInConstantTime(to other: MessageCode) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<MessageCode.byteCount { difference |= bytes[index] ^ other.bytes[index] }
        return difference == 0
    }
}

/// Which of the pool's keys made a code.
public enum AuthenticationKey: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The key that this host signs with.
    case current = 0
    /// The other key that is valid while the pool's key is rotated.
    case previous = 1
}

/// Makes and checks message codes with the pool key: HMAC-SHA256 in the product.
///
/// Not copyable and mutating throughout, so that each thread has its own and two threads never share a
/// context. No call blocks, and none allocates once the value is made.
public protocol MessageAuthenticator: ~Copyable, Sendable {
    /// The code of `message` under the current key.
    mutating func code(of message: Span<UInt8>) -> MessageCode
    /// Which key makes `code` from `message`; nil when none does. The comparison takes constant time.
    mutating func key(making code: MessageCode, of message: Span<UInt8>) -> AuthenticationKey?
}
