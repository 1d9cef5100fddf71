import ByteFormat
import MessageAuthentication
import PoolModel
import StatefileLayout
import Testing

@Suite("Slots")
struct SlotTests {
    @Test("a slot is read back as it was written", arguments: [1, 3, 16, 64])
    func roundTrip(hostCount: Int) throws {
        for block in [512, 4096] {
            var bench = try Bench(hostCount: hostCount, blockBytes: block)
            var records = RandomRecords(seed: UInt64(hostCount), hostCount: hostCount)
            for _ in 0..<30 {
                let owner = records.host()
                let slot = records.slot(of: owner)
                var read = records.slot(of: records.host())
                let rejection = bench.decode(bench.bytes(of: slot), of: owner.row, into: &read)
                #expect(rejection == nil)
                #expect(read == slot)
            }
        }
    }

    @Test("the bytes of a slot are those of docs/FORMATS.md")
    func goldenBytes() throws {
        var bench = try Bench(hostCount: 2, blockBytes: 512)
        var slot = Slot(emptyFor: HostIndex(1))
        slot.sequence = 0x0102_0304_0506_0708
        slot.incarnation = Incarnation(
            number: IncarnationNumber(7),
            boot: BootID(0xB007),
            nonce: RunNonce(0xC0FFEE)
        )
        slot.phase = .member
        slot.epoch = Epoch(5)
        slot.certainlyDead = .seconds(1)
        slot.grace = TimeSpan(nanoseconds: 3)
        slot.watchdog = TimeSpan(nanoseconds: 4)
        slot.ballotInstance = Epoch(6)
        (slot.netOK, slot.hasGuests) = (true, true)
        slot.weight = 100
        slot.recentRemovals = 2
        slot.selfFences = 1
        slot.lastFence = .stalledFeed
        slot.requests.asksOut.insert(HostIndex(0))
        slot.requests.asksEnable = true
        slot.hears[HostIndex(0)] = IncarnationNumber(9)
        slot.vouches[HostIndex(0)] = IncarnationNumber(10)
        slot.grantAges[HostIndex(0)] = GrantAge(milliseconds: 11)
        slot.lastWords = LastWords("bye")
        let bytes = bench.bytes(of: slot)
        var expected: [UInt8] = Array("HFsl".utf8) + [1, 0, 1, 0]
        expected += [
            0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF,
        ]
        expected += [0xAC, 0x01, 0, 0, 1, 0, 0, 0]  // 428 bytes; owner 1, position 0
        expected += [2, 1 | 8 | 32, 100, 0, 7, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1]
        expected += [UInt8](repeating: 0, count: 14) + [0xB0, 0x07]
        expected += [0xEE, 0xFF, 0xC0, 0, 0, 0, 0, 0] + [5, 0, 0, 0, 0, 0, 0, 0]
        expected +=
            [0x00, 0xCA, 0x9A, 0x3B, 0, 0, 0, 0] + [3, 0, 0, 0, 0, 0, 0, 0] + [4, 0, 0, 0, 0, 0, 0, 0]
        expected += [6, 0, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 0, 0]
        expected += [255, 2, 1, 3, 2, 3, 0, 0] + Array("bye".utf8) + [UInt8](repeating: 0, count: 237)
        expected += [9, 0, 0, 0, 10, 0, 0, 0, 11, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]
        #expect(Array(bytes[0..<392]) == expected)
        #expect(sealed(bytes, &bench.authenticator) == bytes)
        #expect(bytes[428...].allSatisfy { $0 == 0 })
    }

    @Test("each cause of rejection is told exactly, and says torn or foreign")
    func causes() throws {
        var bench = try Bench(hostCount: 3)
        var records = RandomRecords(seed: 5, hostCount: 3)
        let good = bench.bytes(of: records.slot(of: HostIndex(1)))
        func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
            var copy = good
            copy[offset] = value
            return copy
        }
        #expect(bench.rejection(good, of: 1) == nil)
        #expect(bench.rejection([UInt8](repeating: 0, count: good.count), of: 1) == .blank)
        #expect(bench.rejection(changed(0, 0), of: 1) == .wrongMagic)
        #expect(bench.rejection(changed(25, 0xFF), of: 1) == .wrongLength)
        #expect(bench.rejection(changed(100, good[100] ^ 4), of: 1) == .wrongChecksum)
        #expect(bench.rejection(changed(4095, 1), of: 1) == .wrongPadding)
        #expect(bench.rejection(withChecksum(changed(6, 2)), of: 1) == .newerFormat)
        #expect(bench.rejection(withChecksum(changed(8, 0xFF)), of: 1) == .otherGeneration)
        #expect(bench.rejection(withChecksum(changed(100, good[100] ^ 4)), of: 1) == .wrongCode)
        #expect(bench.rejection(good, of: 2) == .wrongOwner)
        #expect(bench.rejection(sealed(changed(32, 99), &bench.authenticator), of: 1) == .wrongContent)
        #expect(bench.rejection(sealed(changed(124, 4), &bench.authenticator), of: 1) == .wrongContent)
        #expect(bench.rejection(sealed(changed(125, 241), &bench.authenticator), of: 1) == .wrongContent)
        for cause in RecordRejection.allCases {
            let isTorn = [.wrongLength, .wrongChecksum, .wrongPadding].contains(cause)
            #expect(cause.verdict == (isTorn ? .torn : .foreign))
        }
    }

    @Test("a slot cannot be moved to another row, not even with a new owner byte and checksum")
    func moved() throws {
        var bench = try Bench(hostCount: 3)
        var records = RandomRecords(seed: 6, hostCount: 3)
        var bytes = bench.bytes(of: records.slot(of: HostIndex(1)))
        #expect(bench.rejection(bytes, of: 0) == .wrongOwner)
        bytes[28] = 0
        #expect(bench.rejection(withChecksum(bytes), of: 0) == .wrongCode)
    }

    @Test("a slot of a writer with more fields is read as far as it is known")
    func newerWriter() throws {
        var bench = try Bench(hostCount: 3)
        var records = RandomRecords(seed: 7, hostCount: 3)
        let slot = records.slot(of: HostIndex(2))
        var bytes = bench.bytes(of: slot)
        let length = 368 + 36 + 36
        bytes[4] = 2
        for index in length - 36..<length { bytes[index] = 0x77 }  // two new fields of 18 bytes
        let longer = length + 36
        bytes[24] = UInt8(truncatingIfNeeded: longer)
        bytes[25] = UInt8(truncatingIfNeeded: longer >> 8)
        var read = Slot(emptyFor: HostIndex(0))
        #expect(bench.decode(sealed(bytes, &bench.authenticator), of: 2, into: &read) == nil)
        #expect(read == slot)
    }

    @Test("a flip of any one bit is never accepted")
    func bitFlips() throws {
        var bench = try Bench(hostCount: 3, blockBytes: 512)
        var records = RandomRecords(seed: 8, hostCount: 3)
        var bytes = bench.bytes(of: records.slot(of: HostIndex(0)))
        for bit in 0..<bytes.count * 8 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(bench.rejection(bytes, of: 0) != nil)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    @Test("a torn write, old blocks behind new ones, is told as torn")
    func tornWrite() throws {
        var bench = try Bench(hostCount: 64, blockBytes: 512)
        var records = RandomRecords(seed: 9, hostCount: 64)
        let old = bench.bytes(of: records.slot(of: HostIndex(5)))
        let new = bench.bytes(of: records.slot(of: HostIndex(5)))
        for cut in [512, 1024] {
            let mixed = Array(new[0..<cut] + old[cut...])
            #expect(bench.rejection(mixed, of: 5)?.verdict == .torn)
        }
    }

    @Test("random and mutated bytes, checksummed or even sealed, never trap")
    func fuzz() throws {
        var bench = try Bench(hostCount: 16, blockBytes: 512)
        var records = RandomRecords(seed: 10, hostCount: 16)
        let good = bench.bytes(of: records.slot(of: HostIndex(3)))
        for round in 0..<3000 {
            var bytes = round % 4 == 0 ? records.random.bytes(good.count) : good
            for _ in 0...records.random.next() % 8 {
                bytes[Int(records.random.next() % UInt64(bytes.count))] = records.random.next()
            }
            if round % 4 == 2 { bytes = withChecksum(bytes) }
            if round % 4 == 3 {
                (bytes[24], bytes[25], bytes[26], bytes[27]) = (good[24], good[25], 0, 0)
                bytes = sealed(bytes, &bench.authenticator)
            }
            let cut = round % 7 == 0 ? Int(records.random.next() % UInt64(bytes.count)) : bytes.count
            let rejection = bench.rejection(Array(bytes[0..<cut]), of: 3)
            if round % 4 < 3 && bytes != good { #expect(rejection != nil) }
        }
    }

    @Test("while the key is rotated, slots under either key are valid; later the old key's are not")
    func rotation() throws {
        var bench = try Bench(hostCount: 3)
        var records = RandomRecords(seed: 11, hostCount: 3)
        let bytes = bench.bytes(of: records.slot(of: HostIndex(0)))
        bench.authenticator = HMACAuthenticator(current: try Bench.key(2), previous: try Bench.key(1))
        #expect(bench.rejection(bytes, of: 0) == nil)
        bench.authenticator = try Bench.authenticator(2)
        #expect(bench.rejection(bytes, of: 0) == .wrongCode)
    }
}
