/// A 64-bit hash of raw bytes, by which a change of a block is noticed whatever its content is.
///
/// Every step is a bijection of the state and of the word that goes in, so a change inside one aligned word
/// of eight bytes always changes the hash; wider changes are missed with probability 2^-64. It is no
/// protection against forgery. Used within one process only, never written to a disk or wire.
public enum Fingerprint {
    private static let first: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let second: UInt64 = 0xC2B2_AE3D_27D4_EB4F

    /// The hash of `bytes`.
    ///
    /// Four lanes take a word each, so that no step waits for the one before it.
    public static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var (a, b, c, d) = (first, second, first &+ second, UInt64(bytes.count) &* first)
        var index = 0
        while bytes.count - index >= 32 {
            a = step(a, word(bytes, index))
            b = step(b, word(bytes, index + 8))
            c = step(c, word(bytes, index + 16))
            d = step(d, word(bytes, index + 24))
            index += 32
        }
        while bytes.count - index >= 8 {
            d = step(d, word(bytes, index))
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        let hash = step(rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18), rest)
        let mixed = (hash ^ hash >> 33) &* second
        return mixed ^ mixed >> 29
    }

    private static func step(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        rotate(hash ^ word &* second, 31) &* first &+ second
    }

    private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
        word << count | word >> (64 - count)
    }

    private static func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
        let low =
            UInt64(bytes[index]) | UInt64(bytes[index + 1]) << 8 | UInt64(bytes[index + 2]) << 16
            | UInt64(bytes[index + 3]) << 24
        let high =
            UInt64(bytes[index + 4]) | UInt64(bytes[index + 5]) << 8 | UInt64(bytes[index + 6]) << 16
            | UInt64(bytes[index + 7]) << 24
        return low | high << 32
    }
}
