import ByteFormat
import HeartbeatWire
import MessageAuthentication
import PoolModel
import Testing

@Suite("Heartbeat datagrams")
struct HeartbeatCodecTests {
    @Test("a heartbeat is read as it was sent", arguments: [2, 3, 16, 64])
    func roundTrip(hostCount: Int) throws {
        var heartbeats = RandomHeartbeats(seed: UInt64(hostCount), hostCount: hostCount)
        for _ in 0..<60 {
            var bench = try GateBench(hostCount: hostCount)
            let sender = HostIndex(1 + Int(heartbeats.random.next() % UInt64(hostCount - 1)))
            let heartbeat = heartbeats.heartbeat(from: sender)
            let datagram = bench.datagram(heartbeat)
            #expect(datagram.count <= bench.codec.largestBytes)
            #expect(datagram.count >= bench.codec.smallestBytes)
            #expect(bench.admit(datagram, from: sender) == .accepted)
            #expect(bench.received == heartbeat)
        }
    }

    @Test("the bytes of a heartbeat are those of docs/FORMATS.md")
    func goldenBytes() throws {
        var bench = try GateBench(hostCount: 3)
        var heartbeat = Heartbeat(
            sender: HostIndex(1),
            incarnation: Incarnation(
                number: IncarnationNumber(7),
                boot: BootID(0xB007),
                nonce: RunNonce(0xC0FFEE)
            )
        )
        heartbeat.sequence = 300
        heartbeat.phase = .member
        heartbeat.epoch = Epoch(5)
        (heartbeat.isRoundOld, heartbeat.isStorageLost, heartbeat.netOK) = (true, false, true)
        heartbeat.acknowledgedSlot = 9
        heartbeat.certainlyDead = .seconds(1)
        heartbeat.echoes[HostIndex(2)] = Echo(
            kind: .grant,
            number: IncarnationNumber(200),
            nonce: RunNonce(0xAB),
            sequence: 128
        )
        var view = View(epoch: Epoch(5), state: .active)
        view.master = HostIndex(2)
        view.entries[HostIndex(0)] = ViewEntry(
            number: IncarnationNumber(3),
            standing: .removed,
            reason: .partitioned,
            removedIn: Epoch(5)
        )
        view.entries[HostIndex(2)].standing = .member
        heartbeat.view = view
        let datagram = bench.datagram(heartbeat)
        var expected: [UInt8] = Array("HFhb".utf8) + [1, 0, 1, 0]
        expected += [
            0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF,
        ]
        expected += [1, 2, 1 | 8 | 32, 3] + [7, 0, 0, 0] + [0xEE, 0xFF, 0xC0, 0, 0, 0, 0, 0]
        expected += [UInt8](repeating: 0, count: 14) + [0xB0, 0x07]
        expected += [0x2C, 1, 0, 0, 0, 0, 0, 0] + [5, 0, 0, 0, 0, 0, 0, 0] + [9, 0, 0, 0, 0, 0, 0, 0]
        expected += [0x00, 0xCA, 0x9A, 0x3B, 0, 0, 0, 0]
        expected += [0b10_00_00] + [0xAB, 0, 0, 0, 0, 0, 0, 0] + [0xC8, 0x01] + [0x80, 0x01]
        expected += [5, 0, 1, 2, 2] + [0x8A, 3, 5] + [0x00, 0] + [0x01, 0]
        #expect(Array(datagram.dropLast(32)) == expected)
        #expect(bench.sealed(datagram) == datagram)
    }

    @Test("a full pool's heartbeat with its view fits one Ethernet frame, and the largest is 2,652 bytes")
    func sizes() throws {
        #expect(HeartbeatCodec.largestDatagramBytes == 2652)
        var bench = try GateBench(hostCount: 64)
        var heartbeat = Heartbeat(
            sender: HostIndex(1),
            incarnation: Incarnation(number: IncarnationNumber(7), boot: BootID(1), nonce: RunNonce(1))
        )
        var view = View(epoch: Epoch(1 << 20), state: .active)
        for row in 0..<64 {
            heartbeat.echoes[HostIndex(row)] = Echo(
                kind: .plain,
                number: IncarnationNumber(16_383),
                nonce: RunNonce(.max),
                sequence: 1 << 28 - 1
            )
            view.entries[HostIndex(row)] = ViewEntry(
                number: IncarnationNumber(16_383),
                standing: .member,
                reason: nil,
                removedIn: .zero
            )
        }
        #expect(bench.datagram(heartbeat).count == 88 + 16 + 64 * 14 + 32)
        heartbeat.view = view
        #expect(bench.datagram(heartbeat).count <= 1452)
        var worst = heartbeat
        for row in 0..<64 {
            worst.echoes[HostIndex(row)] = Echo(
                kind: .plain,
                number: IncarnationNumber(.max),
                nonce: RunNonce(.max),
                sequence: .max
            )
            view.entries[HostIndex(row)] = ViewEntry(
                number: IncarnationNumber(.max),
                standing: .removed,
                reason: .silent,
                removedIn: Epoch(.max)
            )
        }
        view.epoch = Epoch(.max)
        (view.configurationEpoch, view.featureLevel) = (.max, .max)
        worst.view = view
        #expect(bench.datagram(worst).count == HeartbeatCodec.largestDatagramBytes)
    }

    @Test("a flip of any one bit, and any cut, is never accepted")
    func bitFlips() throws {
        var bench = try GateBench(hostCount: 3)
        var heartbeats = RandomHeartbeats(seed: 50, hostCount: 3)
        var datagram = bench.datagram(heartbeats.heartbeat(from: HostIndex(2)))
        for bit in 0..<datagram.count * 8 {
            datagram[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(bench.admit(datagram) != .accepted)
            datagram[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        for count in 0..<datagram.count { #expect(bench.admit(Array(datagram[0..<count])) != .accepted) }
        #expect(bench.admit(datagram + [0]) != .accepted)
        #expect(bench.gate.counters.accepted == 0)
        #expect(bench.gate.counters.duplicates == 0)
        #expect(bench.admit(datagram) == .accepted)
    }

    @Test("random bytes and sealed nonsense never trap, and nothing read from them is out of range")
    func fuzz() throws {
        var bench = try GateBench(hostCount: 5)
        var heartbeats = RandomHeartbeats(seed: 51, hostCount: 5)
        for round in 0..<4000 {
            var datagram = bench.datagram(heartbeats.heartbeat(from: HostIndex(2)))
            if round % 3 == 0 {
                datagram = Array("HFhb".utf8) + heartbeats.random.bytes(Int(heartbeats.random.next() % 600))
                _ = bench.admit(datagram)
                continue
            }
            for _ in 0...heartbeats.random.next() % 5 {
                let place = 24 + Int(heartbeats.random.next() % UInt64(datagram.count - 24))
                datagram[place] = heartbeats.random.next()
            }
            if round % 3 == 1 {
                #expect(bench.admit(datagram) != .accepted || bench.sealed(datagram) == datagram)
                continue
            }
            if bench.admit(bench.sealed(datagram)) == .accepted {
                #expect(bench.received.sender.row < 5)
                #expect(bench.received.certainlyDead >= .zero)
            }
        }
    }
}
