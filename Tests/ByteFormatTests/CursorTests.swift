import ByteFormat
import Testing

@Suite("Cursors over bytes")
struct CursorTests {
    @Test("every field is little-endian, and a UUID is not")
    func goldenBytes() {
        var bytes = [UInt8](repeating: 0xEE, count: 56)
        var span = bytes.mutableSpan
        var writer = ByteWriter()
        writer.write(UInt8(0x01), to: &span)
        writer.write(UInt16(0x0203), to: &span)
        writer.write(UInt32(0x0405_0607), to: &span)
        writer.write(UInt64(0x0809_0A0B_0C0D_0E0F), to: &span)
        writer.write(Int64(-2), to: &span)
        writer.write(UInt128(1), to: &span)
        writer.writeBigEndian(UInt128(1), to: &span)
        #expect(writer.offset == 55)
        #expect(
            bytes
                == [
                    0x01, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04, 0x0F, 0x0E, 0x0D, 0x0C, 0x0B, 0x0A, 0x09, 0x08,
                    0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                ] + [1] + [UInt8](repeating: 0, count: 30) + [1, 0xEE]
        )
    }

    @Test("what is written is read back")
    func roundTrip() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var bytes = [UInt8](repeating: 0, count: 64)
            let (one, two, four) = (random.next() as UInt8, random.next() as UInt16, random.next() as UInt32)
            let (eight, sixteen) = (random.next() as UInt64, random.next() as UInt128)
            let short = random.next() >> (random.next() % 64)
            var span = bytes.mutableSpan
            var writer = ByteWriter(at: 3)
            writer.write(one, to: &span)
            writer.write(two, to: &span)
            writer.write(four, to: &span)
            writer.write(eight, to: &span)
            writer.writeVariable(short, to: &span)
            writer.writeBigEndian(sixteen, to: &span)
            var reader = ByteReader(3..<writer.offset)
            #expect(reader.readUInt8(from: bytes.span) == one)
            #expect(reader.readUInt16(from: bytes.span) == two)
            #expect(reader.readUInt32(from: bytes.span) == four)
            #expect(reader.readUInt64(from: bytes.span) == eight)
            #expect(reader.readVariable(from: bytes.span) == short)
            #expect(reader.readBigEndianUInt128(from: bytes.span) == sixteen)
            #expect(reader.remaining == 0)
            #expect(!reader.isOverrun)
        }
    }

    @Test("a read past the end gives zero, and says so for good")
    func overrun() {
        let bytes: [UInt8] = [1, 2, 3, 4]
        var reader = ByteReader(0..<4)
        #expect(reader.readUInt16(from: bytes.span) == 0x0201)
        #expect(reader.readUInt32(from: bytes.span) == 0)
        #expect(reader.isOverrun)
        #expect(reader.readUInt8(from: bytes.span) == 0)
        var wide = ByteReader(2..<100)
        #expect(wide.readUInt32(from: bytes.span) == 0)
        #expect(wide.isOverrun)
        var skipping = ByteReader(0..<4)
        skipping.skip(5)
        #expect(skipping.isOverrun)
    }

    @Test(
        "a short number has one form only",
        arguments: [
            [0x80, 0x00], [0xFF, 0x80, 0x00], [0x80], [],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00],
        ] as [[UInt8]]
    )
    func malformedNumbers(bytes: [UInt8]) {
        var reader = ByteReader(0..<bytes.count)
        #expect(reader.readVariable(from: bytes.span) == 0)
        #expect(reader.isOverrun)
    }

    @Test(
        "short numbers take as many bytes as they need",
        arguments: [(0, 1), (0x7F, 1), (0x80, 2), (0x3FFF, 2), (0x4000, 3), (UInt64.max >> 1, 9), (.max, 10)]
            as [(UInt64, Int)]
    )
    func lengths(value: UInt64, count: Int) {
        var bytes = [UInt8](repeating: 0, count: 12)
        var span = bytes.mutableSpan
        var writer = ByteWriter()
        writer.writeVariable(value, to: &span)
        #expect(writer.offset == count)
        var reader = ByteReader(0..<count)
        #expect(reader.readVariable(from: bytes.span) == value)
        #expect(!reader.isOverrun)
    }
}
