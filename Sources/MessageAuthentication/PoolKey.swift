/// A secret key of the pool: 32 random bytes.
///
/// It is neither printable nor comparable by accident; its bytes go to `HMACAuthenticator` and nowhere else.
public struct PoolKey: BitwiseCopyable, Sendable {
    /// How many bytes a key has.
    public static let byteCount = 32
    let bytes: InlineArray<32, UInt8>

    /// The key with these bytes; nil when there are not exactly 32, or all are zero.
    public init?(_ bytes: Span<UInt8>) {
        guard bytes.count == PoolKey.byteCount else { return nil }
        var copy = InlineArray<32, UInt8>(repeating: 0)
        var any: UInt8 = 0
        for index in bytes.indices {
            copy[index] = bytes[index]
            any |= bytes[index]
        }
        guard any != 0 else { return nil }
        self.bytes = copy
    }

    /// The key with these bytes; nil when there are not exactly 32, or all are zero.
    public init?(_ bytes: [UInt8]) { self.init(bytes.span) }
}
