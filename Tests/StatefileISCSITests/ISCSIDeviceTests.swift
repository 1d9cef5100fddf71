import ByteFormat
import LinuxPlatform
import PoolModel
import StatefileISCSI
import StatefileMedium
import Testing

/// The device against a real target.
@Suite("A unit of a real target", .serialized, .enabled(if: TargetServer.isPossible, TargetServer.reason))
struct ISCSIDeviceTests {
    private let clock = BootClock()

    @Test func opensReadsAndWrites() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]]))
        let isNew = try device.open(until: clock.now() + .seconds(5))
        #expect(isNew)
        let facts = device.facts
        #expect(facts.byteCount == 4 << 20)
        #expect(facts.logicalBlockBytes == 512)
        let again = try device.open(until: clock.now() + .seconds(5))
        #expect(!again)

        let written = AlignedBuffer.filled(0xA5, 4096)
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
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]]))
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

    @Test("a tool's session ends nobody's, a daemon's ends that of its former run")
    func sessionNames() throws {
        let server = try TargetServer.withUnit()
        let address = try server.address(portals: [server.hosts[0]])
        var first = ISCSIDevice.make(address)
        _ = try first.open(until: clock.now() + .seconds(5))
        var tool = ISCSIDevice.make(address, purpose: nil)
        _ = try tool.open(until: clock.now() + .seconds(5))
        #expect(tool.wayOfFormerWrites == nil)
        try first.write(
            AlignedBuffer.filled(1, 512),
            byteCount: 512,
            offsetBytes: 0,
            until: clock.now() + .seconds(1)
        )

        var second = ISCSIDevice.make(address)
        #expect(second.wayOfFormerWrites == "\(address.portals[0])")
        _ = try second.open(until: clock.now() + .seconds(5))
        #expect(second.wayOfFormerWrites == nil)
        #expect(throws: StatefileError.self) {
            // The target has ended this session; with so little time it cannot take its name back.
            try first.write(
                AlignedBuffer.filled(2, 512),
                byteCount: 512,
                offsetBytes: 0,
                until: clock.now() + .milliseconds(1)
            )
        }
    }

    @Test("the CHAP secrets are asked for, and a wrong one is told as that, at once")
    func secrets() throws {
        let server = try TargetServer.withUnit()
        try server.requireSecret(user: "pool", secret: "abcdefghijkl")
        let address = try server.address(portals: [server.hosts[0]])
        func secrets(_ secret: String) throws -> CHAPSecrets {
            try CHAPSecrets(text: "user pool\nsecret \(secret)\n", urlUser: nil, path: "/x")
        }
        var right = ISCSIDevice.make(address, secrets: try secrets("abcdefghijkl"))
        let isOpen = try right.open(until: clock.now() + .seconds(5))
        #expect(isOpen)
        for wrong in [try secrets("abcdefghijkX"), nil] {
            let start = clock.now()
            var device = ISCSIDevice.make(address, secrets: wrong)
            let cause = ISCSIDevice.cause { try device.open(until: start + .seconds(5)) }
            #expect(cause == .authentication)
            #expect(clock.now() - start < .seconds(2))
        }
    }

    @Test("with mutual CHAP a target that does not prove itself is refused")
    func mutualSecrets() throws {
        let server = try TargetServer.withUnit()
        try server.requireSecret(user: "pool", secret: "abcdefghijkl")
        try server.answer(user: "array", secret: "mnopqrstuvwx")
        let address = try server.address(portals: [server.hosts[0]])
        func secrets(_ secret: String) throws -> CHAPSecrets {
            let text = "user pool\nsecret abcdefghijkl\ntarget-user array\ntarget-secret \(secret)\n"
            return try CHAPSecrets(text: text, urlUser: nil, path: "/x")
        }
        var right = ISCSIDevice.make(address, secrets: try secrets("mnopqrstuvwx"))
        let isOpen = try right.open(until: clock.now() + .seconds(5))
        #expect(isOpen)
        var wrong = ISCSIDevice.make(address, secrets: try secrets("mnopqrstuvwX"))
        let cause = ISCSIDevice.cause { try wrong.open(until: clock.now() + .seconds(5)) }
        #expect(cause == .authentication)
    }

    @Test("a target that is not there, and a unit that is not there, are told as that")
    func wrongPlaces() throws {
        let server = try TargetServer.withUnit()
        var unit = ISCSIDevice.make(try server.address(portals: [server.hosts[0]], lun: 7))
        let missing = ISCSIDevice.cause { try unit.open(until: clock.now() + .seconds(5)) }
        #expect(missing == .noUnit)
        let text = "iscsi://\(server.hosts[0])/iqn.2026-01.invalid.other/1"
        guard case .iscsi(let address) = try StatefileAddress(text) else { return }
        var target = ISCSIDevice.make(address)
        #expect(ISCSIDevice.cause { try target.open(until: clock.now() + .seconds(5)) } == .noTarget)
    }

    @Test("the controller's unit, which is no disk, is refused")
    func notADisk() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]], lun: 0))
        let cause = ISCSIDevice.cause { try device.open(until: clock.now() + .seconds(5)) }
        #expect(cause == .notADisk(type: 12))
    }

    @Test("a write-protected unit is read, and refused where it is to be written")
    func writeProtection() throws {
        let server = try TargetServer.withUnit()
        try server.protect(lun: 1)
        let address = try server.address(portals: [server.hosts[0]])
        var reader = ISCSIDevice.make(address, access: .read)
        let isOpen = try reader.open(until: clock.now() + .seconds(5))
        #expect(isOpen)
        var writer = ISCSIDevice.make(address)
        #expect(ISCSIDevice.cause { try writer.open(until: clock.now() + .seconds(5)) } == .writeProtected)
    }

    @Test("a unit that was put in the place of ours is not used")
    func swappedUnit() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]]))
        _ = try device.open(until: clock.now() + .seconds(5))
        server.kill()
        try server.start(insteadOf: 1, serial: "another")
        // Its file takes writes as well as ours.
        var cause: ISCSIError.Cause?
        let deadline = clock.now() + .seconds(10)
        repeat {
            cause = ISCSIDevice.cause {
                _ = try device.open(until: clock.now() + .seconds(2))
                let written = AlignedBuffer.filled(9, 512)
                try device.write(written, byteCount: 512, offsetBytes: 0, until: clock.now() + .seconds(1))
                return true
            }
            // The server's end breaks the connection first.
            if case .broken = cause { continue }
            break
        } while clock.now() < deadline
        guard case .otherUnit(_, let found) = cause else {
            Issue.record("another cause: \(String(describing: cause))")
            return
        }
        #expect(found.contains("another"))
        #expect(try server.content(lun: 1, at: 0, count: 512) == [UInt8](repeating: 0, count: 512))
        // The right one again.
        server.kill()
        try server.start(insteadOf: 1, serial: "unit-one")
        let isOpen = try device.open(until: clock.now() + .seconds(10))
        #expect(isOpen)
    }

    @Test("a name is refused where an address is wanted, before anything waits for DNS")
    func names() {
        #expect(throws: StatefileAddressError.notAnAddress("array.example")) {
            try StatefileAddress("iscsi://array.example/iqn.2026-01.invalid.x/1")
        }
    }
}
