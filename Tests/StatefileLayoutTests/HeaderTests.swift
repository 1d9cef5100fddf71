import ByteFormat
import MessageAuthentication
import PoolModel
import StatefileLayout
import Testing

/// A device in memory that takes whole blocks only and can stop working after so many writes.
struct MemoryDevice {
    struct Failed: Error {}
    var bytes: [UInt8]
    var writesLeft = Int.max
    var offsets: [Int] = []

    mutating func write(_ offset: Int, _ source: Span<UInt8>, blockBytes: Int) throws(Failed) {
        guard writesLeft > 0, offset % blockBytes == 0, source.count % blockBytes == 0 else { throw Failed() }
        writesLeft -= 1
        offsets.append(offset)
        for index in source.indices { bytes[offset + index] = source[index] }
    }

    mutating func format(_ header: StatefileHeader, key: UInt8 = 1) throws {
        var authenticator = try Bench.authenticator(key)
        var buffer = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: header.geometry))
        try StatefileFormat.forEachWrite(header, buffer: &buffer, authenticator: &authenticator) {
            (offset, bytes) throws(Failed) in
            try write(offset, bytes, blockBytes: header.geometry.blockBytes)
        }
    }

    var content: StatefileContent { StatefileRecognition.recognise(bytes.span) }

    func read(key: UInt8 = 1, deviceBytes: Int? = nil) throws -> StatefileHeader {
        var authenticator = try Bench.authenticator(key)
        return try StatefileHeader.read(
            bytes.span,
            deviceBytes: deviceBytes ?? bytes.count,
            authenticator: &authenticator
        )
    }
}

@Suite("Header, recognition and format")
struct HeaderTests {
    static func header(
        names: [String],
        deviceBytes: Int,
        timing: TimingChoice = .fast,
        smallestBlockBytes: Int = 512
    ) throws -> StatefileHeader {
        let geometry = try StatefileGeometry(
            deviceBytes: deviceBytes,
            hostCount: names.count,
            smallestBlockBytes: smallestBlockBytes
        )
        return try StatefileHeader(
            generation: Bench.generation,
            hostNames: names,
            largestD: .seconds(11),
            timing: timing,
            createdAtUnixSeconds: 1_800_000_000,
            geometry: geometry
        )
    }

    static func names(_ count: Int, length: Int = 8) -> [String] {
        (0..<count).map { row in
            let tail = "\(row)"
            return String(repeating: "n", count: length - tail.utf8.count) + tail
        }
    }

    @Test(
        "a formatted device is recognised and read back",
        arguments: [
            (1, 512, .fast), (3, 1 << 20, .standard), (16, 266_240, .conservative),
            (64, 8 << 20, .storageStallTolerance(.seconds(20))),
        ] as [(Int, Int, TimingChoice)]
    )
    func formatted(hosts: Int, bytes: Int, timing: TimingChoice) throws {
        let size = max(bytes, 4096)
        let header = try Self.header(names: Self.names(hosts, length: 63), deviceBytes: size, timing: timing)
        var device = MemoryDevice(bytes: [UInt8](repeating: 0, count: size))
        #expect(device.content == .empty)
        try device.format(header)
        #expect(device.content == .ready(header))
        #expect(try device.read() == header)
        #expect(device.offsets.first == 0)
        #expect(device.offsets.last == 0)
    }

    @Test(
        "after format every slot is valid and empty, every index has ballot record 1, copies are empty"
    )
    func formattedRecords() throws {
        let header = try Self.header(names: ["a", "b", "c"], deviceBytes: 1 << 20)
        var device = MemoryDevice(bytes: [UInt8](repeating: 0xA5, count: 1 << 20))
        try device.format(header)
        let (geometry, codec) = (header.geometry, header.codec)
        var authenticator = try Bench.authenticator(1)
        let result = RoundResult(hostCount: 3)
        var counters = RecordCounters()
        codec.decodeSlots(
            device.bytes.span.extracting(geometry.slotArea),
            into: result,
            counters: &counters,
            authenticator: &authenticator
        )
        #expect(
            codec.decodeBallots(
                device.bytes.span.extracting(geometry.ballotArea),
                into: result,
                counters: &counters,
                authenticator: &authenticator
            )
        )
        for row in 0..<3 {
            let host = HostIndex(row)
            #expect(result.slots[row].verdict == .valid)
            #expect(result.slots[row].slot == Slot(emptyFor: host))
            #expect(result.ballots[row].validCount == 1)
            #expect(result.ballots[row].newest == BallotRecord(formattedFor: host))
            for copy in 0..<4 {
                let range = try #require(geometry.poolRecord(of: host, copy: copy))
                let reading = codec.decodePoolRecord(
                    device.bytes.span.extracting(range),
                    of: host,
                    copy: copy,
                    authenticator: &authenticator
                )
                let heading = PoolRecordHeading(writer: host, epoch: .zero, sequence: 0, payloadBytes: 0)
                #expect(reading == .valid(heading, payload: 64..<64))
            }
        }
        #expect(counters[.blank] == 9)
    }

    @Test("a crash anywhere in a format leaves a device that says so, and no host starts on it")
    func interruptedFormat() throws {
        let old = try Self.header(names: ["old"], deviceBytes: 1 << 20)
        let new = try Self.header(names: ["new1", "new2"], deviceBytes: 1 << 20)
        var whole = MemoryDevice(bytes: [UInt8](repeating: 0, count: 1 << 20))
        try whole.format(new)
        for writes in 1..<whole.offsets.count {
            var device = MemoryDevice(bytes: [UInt8](repeating: 0, count: 1 << 20))
            try device.format(old, key: 7)
            device.writesLeft = writes
            #expect(throws: MemoryDevice.Failed.self) { try device.format(new) }
            #expect(device.content == .unfinishedFormat(new))
            #expect(throws: StatefileHeaderError.unfinishedFormat) { try device.read() }
        }
    }

    @Test("other data, other formats and other keys are told apart")
    func recognition() throws {
        let header = try Self.header(names: ["a", "b"], deviceBytes: 1 << 20)
        var device = MemoryDevice(bytes: [UInt8](repeating: 0, count: 1 << 20))
        #expect(throws: StatefileHeaderError.unreadable(.blank)) { try device.read() }
        device.bytes[512] = 0x45  // a GPT begins in the second sector
        #expect(device.content == .foreign)
        device.bytes[512] = 0
        device.bytes[65_600] = 1  // a btrfs superblock begins at 64 KiB
        #expect(device.content == .foreign)
        try device.format(header)
        #expect(throws: StatefileHeaderError.unreadable(.wrongCode)) { try device.read(key: 2) }
        #expect(
            throws: StatefileHeaderError.deviceShrank(
                deviceBytes: 4096,
                usedBytes: header.geometry.usedBytes
            )
        ) { try device.read(deviceBytes: 4096) }
        let good = device.bytes
        device.bytes[100] ^= 1
        #expect(device.content == .damaged(.wrongChecksum))
        #expect(throws: StatefileHeaderError.unreadable(.wrongChecksum)) { try device.read() }
        device.bytes = withChecksum(good)
        device.bytes[6] = 2
        device.bytes = withChecksum(device.bytes)
        #expect(device.content == .newerFormat)
        device.bytes[0] = 0
        #expect(device.content == .foreign)
        #expect(StatefileRecognition.recognise([UInt8]().span) == .empty)
    }

    @Test("the bytes of a header are those of docs/FORMATS.md")
    func goldenBytes() throws {
        let header = try Self.header(
            names: ["lab1", "lab2"],
            deviceBytes: 1 << 20,
            timing: .storageStallTolerance(.seconds(1))
        )
        var device = MemoryDevice(bytes: [UInt8](repeating: 0, count: 1 << 20))
        try device.format(header)
        var expected: [UInt8] = Array("HFhd".utf8) + [1, 0, 1, 0]
        expected += [
            0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF,
        ]
        expected += [4, 1, 0, 0, 255, 0, 0, 0]  // 260 bytes
        expected += [2, 2, 4, 4, 0, 0x10, 0, 0] + [0, 0, 0x10, 0, 0, 0, 0, 0]
        expected += [0x00, 0xAE, 0xA6, 0x8F, 2, 0, 0, 0] + [0x00, 0xCA, 0x9A, 0x3B, 0, 0, 0, 0]
        expected +=
            [0x00, 0xD2, 0x49, 0x6B, 0, 0, 0, 0] + [0, 0x10, 0, 0] + [0, 0x10, 0, 0] + [0, 0x10, 0, 0]
        expected += [0, 0xE0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0]
        expected += [4] + Array("lab1".utf8) + [UInt8](repeating: 0, count: 59)
        expected += [4] + Array("lab2".utf8) + [UInt8](repeating: 0, count: 59)
        #expect(Array(device.bytes[0..<224]) == expected)
    }

    @Test("names that make no host table are refused, each for its reason")
    func hostTables() {
        #expect(throws: HostTableError.unusableCount(0)) { try StatefileHeader.check([]) }
        #expect(throws: HostTableError.unusableCount(65)) { try StatefileHeader.check(Self.names(65)) }
        #expect(throws: HostTableError.emptyName(row: 1)) { try StatefileHeader.check(["a", ""]) }
        #expect(throws: HostTableError.longName(String(repeating: "ä", count: 32), byteCount: 64)) {
            try StatefileHeader.check([String(repeating: "ä", count: 32)])
        }
        #expect(throws: HostTableError.unprintableName(row: 0)) { try StatefileHeader.check(["a b"]) }
        #expect(throws: HostTableError.doubleName("a")) { try StatefileHeader.check(["a", "b", "a"]) }
        #expect(throws: Never.self) { try StatefileHeader.check(Self.names(64, length: 63)) }
    }

    @Test("a flip of any one bit of the header's blocks is never accepted, and random bytes never trap")
    func fuzz() throws {
        let header = try Self.header(names: ["a", "b"], deviceBytes: 1 << 20)
        var device = MemoryDevice(bytes: [UInt8](repeating: 0, count: 1 << 20))
        try device.format(header)
        device.bytes.removeLast(device.bytes.count - StatefileRecognition.largestHeaderBytes)
        for bit in 0..<header.geometry.headerBytes * 8 where bit < 4096 || bit % 61 == 0 {
            device.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: StatefileHeaderError.self) { try device.read(deviceBytes: 1 << 20) }
            device.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        var random = SeededGenerator(seed: 30)
        var authenticator = try Bench.authenticator(1)
        let good = device.bytes
        for _ in 0..<1000 {
            device.bytes = good
            for _ in 0...random.next() % 6 { device.bytes[32 + Int(random.next() % 100)] = random.next() }
            device.bytes = sealed(device.bytes, &authenticator)
            _ = device.content
            _ = try? device.read(deviceBytes: 1 << 20)
        }
    }
}
