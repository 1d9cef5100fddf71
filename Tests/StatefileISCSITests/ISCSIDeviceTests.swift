import ByteFormat
import LinuxPlatform
import PoolModel
import StatefileISCSI
import StatefileMedium
import Testing

/// The device against a real target.
@Suite(.serialized, .enabled(if: TargetServer.obstacle == nil, "\(TargetServer.obstacle ?? "")"))
struct ISCSIDeviceTests {
    private let clock = BootClock()

    private func device(
        _ address: ISCSIAddress,
        access: DeviceAccess = .readWrite,
        purpose: UInt16? = 1,
        secrets: CHAPSecrets? = nil,
        patience: TimeSpan = .seconds(1)
    ) -> ISCSIDevice {
        let login = ISCSILogin(
            initiatorName: "iqn.2026-01.invalid.holdfast:host1",
            secrets: secrets,
            purpose: purpose
        )
        return ISCSIDevice(address: address, login: login, access: access, patience: patience)
    }

    private func server(_ byteCount: Int = 4 << 20) throws -> TargetServer {
        let server = try TargetServer()
        try server.addUnit(lun: 1, byteCount: byteCount, serial: "unit-one")
        return server
    }

    private func fill(_ value: UInt8, _ count: Int) -> AlignedBuffer {
        var buffer = AlignedBuffer(minimumByteCount: count)
        buffer.withMutableBytes { bytes in for index in bytes.indices { bytes[index] = value } }
        return buffer
    }

    @Test func opensReadsAndWrites() throws {
        let server = try server()
        var device = device(try server.address(portals: [server.hosts[0]]))
        let isNew = try device.open(until: clock.now() + .seconds(5))
        #expect(isNew)
        let facts = device.facts
        #expect(facts.byteCount == 4 << 20)
        #expect(facts.logicalBlockBytes == 512)
        let again = try device.open(until: clock.now() + .seconds(5))
        #expect(!again)

        let written = fill(0xA5, 4096)
        try device.write(written, byteCount: 4096, offsetBytes: 8192, until: clock.now() + .seconds(1))
        #expect(try server.content(lun: 1, at: 8192, count: 4096) == [UInt8](repeating: 0xA5, count: 4096))
        var read = AlignedBuffer(minimumByteCount: 4096)
        try device.read(offsetBytes: 8192, byteCount: 4096, into: &read, until: clock.now() + .seconds(1))
        read.withBytes { bytes in #expect(bytes.indices.allSatisfy { bytes[$0] == 0xA5 }) }
        let late = device.lateWrites
        #expect(late == LateWrites())
        #expect(device.paths.map(\.state) == [.active])
        #expect(device.paths[0].lastLatency != nil)
    }

    /// More than one burst, and an odd number of blocks.
    @Test func movesWhatTakesManyPackets() throws {
        let server = try server()
        var device = device(try server.address(portals: [server.hosts[0]]))
        _ = try device.open(until: clock.now() + .seconds(5))
        let count = 1_500_672
        var written = AlignedBuffer(minimumByteCount: count)
        written.withMutableBytes { bytes in
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 >> 3) }
        }
        try device.write(written, byteCount: count, offsetBytes: 512, until: clock.now() + .seconds(5))
        var read = AlignedBuffer(minimumByteCount: count)
        try device.read(offsetBytes: 512, byteCount: count, into: &read, until: clock.now() + .seconds(5))
        let isSame = written.withBytes(in: 0..<count) { left in
            read.withBytes(in: 0..<count) { right in left.indices.allSatisfy { left[$0] == right[$0] } }
        }
        #expect(isSame)
    }
}
