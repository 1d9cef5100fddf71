import ByteFormat
import MessageAuthentication
import Testing

@Suite("Message codes")
struct MessageCodeTests {
    private static func key(_ start: [UInt8]) throws -> PoolKey {
        try #require(PoolKey(start + [UInt8](repeating: 0, count: 32 - start.count)))
    }

    private static func hex(_ code: MessageCode) -> String {
        (0..<MessageCode.byteCount).map { index in
            let text = String(code[index], radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    /// RFC 4231, cases 1, 2 and 3; HMAC pads a short key with zeros, so 32-byte keys can express them.
    @Test("codes are HMAC-SHA256 as RFC 4231 has them")
    func published() throws {
        var first = HMACAuthenticator(current: try Self.key([UInt8](repeating: 0x0B, count: 20)))
        #expect(
            Self.hex(first.code(of: Array("Hi There".utf8).span))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        )
        var second = HMACAuthenticator(current: try Self.key(Array("Jefe".utf8)))
        #expect(
            Self.hex(second.code(of: Array("what do ya want for nothing?".utf8).span))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        var third = HMACAuthenticator(current: try Self.key([UInt8](repeating: 0xAA, count: 20)))
        #expect(
            Self.hex(third.code(of: [UInt8](repeating: 0xDD, count: 50).span))
                == "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        )
    }

    @Test("the same context gives the same code again, also for no bytes at all")
    func reuse() throws {
        var authenticator = HMACAuthenticator(current: try Self.key([1]))
        let message: [UInt8] = [1, 2, 3]
        let first = authenticator.code(of: message.span)
        let empty = authenticator.code(of: [UInt8]().span)
        #expect(authenticator.code(of: message.span).isEqualInConstantTime(to: first))
        #expect(!empty.isEqualInConstantTime(to: first))
    }

    @Test("while a key is rotated both keys are taken, and the caller learns which")
    func rotation() throws {
        let (old, new) = (try Self.key([1]), try Self.key([2]))
        let message: [UInt8] = [9, 9]
        var before = HMACAuthenticator(current: old)
        var during = HMACAuthenticator(current: new, previous: old)
        var after = HMACAuthenticator(current: new)
        let (oldCode, newCode) = (before.code(of: message.span), during.code(of: message.span))
        #expect(during.key(making: oldCode, of: message.span) == .previous)
        #expect(during.key(making: newCode, of: message.span) == .current)
        #expect(after.key(making: newCode, of: message.span) == .current)
        #expect(after.key(making: oldCode, of: message.span) == nil)
        #expect(before.key(making: newCode, of: message.span) == nil)
    }

    @Test("a key of another length, or of zeros, is none")
    func unusableKeys() {
        #expect(PoolKey([UInt8](repeating: 1, count: 31)) == nil)
        #expect(PoolKey([UInt8](repeating: 1, count: 33)) == nil)
        #expect(PoolKey([UInt8](repeating: 0, count: 32)) == nil)
    }
}
