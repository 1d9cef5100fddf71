/// A 64-bit hash of raw bytes, by which a change of a block is noticed whatever its content is.
///
/// Every step is a bijection of the state and of the word that goes in, so a change inside one aligned word
/// of eight bytes always changes the hash; wider changes are missed with probability 2^-64. It is no
/// protection against forgery. Used within one process only, never written to a disk or wire.
public enum Fingerprint {
    private static let first: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let second: UInt64 = 0xC2B2_AE3D_27D4_EB4F

    /// The hash of `bytes`.
    public static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var hash = UInt64(bytes.count) &* first
        var index = 0
        while index < bytes.count {
            var word: UInt64 = 0
            let count = min(8, bytes.count - index)
            for part in 0..<count { word |= UInt64(bytes[index + part]) << UInt64(8 * part) }
            hash ^= word &* second
            hash = (hash << 31 | hash >> 33) &* first &+ second
            index += count
        }
        hash = (hash ^ hash >> 33) &* second
        return hash ^ hash >> 29
    }
}
