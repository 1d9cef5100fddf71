import ByteFormat
import Testing

@Suite("Checksum and fingerprint")
struct ChecksumTests {
    /// RFC 3720, appendix B.4, and the catalogue's check value.
    @Test("CRC-32C gives the published values")
    func published() {
        #expect(CRC32C.checksum(of: Array("123456789".utf8).span) == 0xE306_9283)
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32).span) == 0x8A91_36AA)
        #expect(CRC32C.checksum(of: [UInt8](repeating: 0xFF, count: 32).span) == 0x62A8_AB43)
        #expect(CRC32C.checksum(of: [UInt8](0..<32).span) == 0x46DD_794E)
        #expect(CRC32C.checksum(of: [UInt8]().span) == 0)
    }

    @Test("CRC-32C in eight-byte steps equals the bit by bit one, however the bytes are split")
    func splits() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<100 {
            let bytes = random.bytes(Int(random.next() % 100))
            var expected = UInt32.max
            for byte in bytes {
                expected ^= UInt32(byte)
                for _ in 0..<8 { expected = expected & 1 == 0 ? expected >> 1 : expected >> 1 ^ 0x82F6_3B78 }
            }
            var crc = CRC32C()
            let cut = bytes.isEmpty ? 0 : Int(random.next() % UInt64(bytes.count))
            crc.add(bytes.span.extracting(0..<cut))
            crc.add(bytes.span.extracting(cut..<bytes.count))
            #expect(crc.value == ~expected)
        }
    }

    @Test("every single bit changes the fingerprint, and so does the length")
    func fingerprintBits() {
        var random = SeededGenerator(seed: 3)
        var bytes = random.bytes(517)
        let before = Fingerprint.of(bytes.span)
        for bit in 0..<bytes.count * 8 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Fingerprint.of(bytes.span) != before)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        #expect(Fingerprint.of(bytes.span) == before)
        #expect(Fingerprint.of([0].span) != Fingerprint.of([0, 0].span))
    }

    @Test("a buffer is aligned, zeroed, of whole pages, and lends what was written")
    func buffer() {
        var buffer = AlignedBuffer(minimumByteCount: 5000)
        #expect(buffer.byteCount == 8192)
        #expect(unsafe Int(bitPattern: buffer.baseAddress) % AlignedBuffer.alignment == 0)
        let sum = buffer.withBytes { bytes in bytes.indices.reduce(0) { $0 + Int(bytes[$1]) } }
        #expect(sum == 0)
        buffer.withMutableBytes(in: 4096..<4100) { $0[1] = 7 }
        #expect(buffer.withBytes { $0[4097] } == 7)
        #expect(buffer.withBytes(in: 4097..<4098) { $0.count } == 1)
    }
}
