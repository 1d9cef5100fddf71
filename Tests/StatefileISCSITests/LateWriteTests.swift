import ByteFormat
import LinuxPlatform
import PoolModel
import StatefileISCSI
import StatefileMedium
import Testing

/// Writes that were given up and arrive after all ([VIEW-3]).
@Suite("Late writes", .serialized, .enabled(if: TargetServer.isPossible, TargetServer.reason))
struct LateWriteTests {
    private let clock = BootClock()

    private func write(_ device: inout ISCSIDevice, _ value: UInt8, within span: TimeSpan) throws {
        let buffer = AlignedBuffer.filled(value, 4096)
        try device.write(buffer, byteCount: 4096, offsetBytes: 0, until: clock.now() + span)
    }

    private func first(_ server: TargetServer) throws -> UInt8 {
        try server.content(lun: 1, at: 0, count: 1)[0]
    }

    /// Writes 1, then 2 into a pulled cable, which is given up.
    private func giveUp(_ device: inout ISCSIDevice, _ cable: Cable) throws {
        _ = try device.open(until: clock.now() + .seconds(5))
        try write(&device, 1, within: .seconds(1))
        cable.pull()
        #expect(throws: StatefileError.self) { try write(&device, 2, within: .milliseconds(100)) }
        #expect(device.lateWrites.mayLand)
    }

    /// What the rest defends against: seen here as it is, so that the defence is not tested against nothing.
    @Test(
        "a write that was given up lands after its session's owner is gone, over a newer one of somebody else"
    )
    func theTrapIsReal() throws {
        let server = try TargetServer.withUnit()
        let cable = try Cable(to: server.hosts[0])
        defer { cable.end() }
        do {
            var device = ISCSIDevice.make(try server.address(portals: [cable.portal]))
            try giveUp(&device, cable)
            device.close()
        }
        var other = ISCSIDevice.make(try server.address(portals: [server.hosts[1]]), purpose: nil)
        _ = try other.open(until: clock.now() + .seconds(5))
        try write(&other, 3, within: .seconds(1))
        cable.plug(.delivering)
        // It lands when the server gets to it; on a busy machine that takes longer than usual.
        for _ in 0..<100 where try first(server) != 2 { pause(.milliseconds(100)) }
        #expect(try first(server) == 2)
    }

    @Test("after the next login of the same session it cannot land any more")
    func theLoginEndsIt() throws {
        let server = try TargetServer.withUnit()
        let cable = try Cable(to: server.hosts[0])
        defer { cable.end() }
        var device = ISCSIDevice.make(try server.address(portals: [cable.portal]))
        try giveUp(&device, cable)
        cable.plug(.holding)
        _ = try device.open(until: clock.now() + .seconds(5))
        #expect(!device.lateWrites.mayLand)
        try write(&device, 3, within: .seconds(1))
        cable.plug(.delivering)
        pause(.milliseconds(300))
        #expect(try first(server) == 3)
    }

    @Test("nor after the login of the next run of the same host")
    func theNextRunEndsIt() throws {
        let server = try TargetServer.withUnit()
        let cable = try Cable(to: server.hosts[0])
        defer { cable.end() }
        let address = try server.address(portals: [cable.portal])
        do {
            var device = ISCSIDevice.make(address)
            try giveUp(&device, cable)
        }
        cable.plug(.holding)
        var next = ISCSIDevice.make(address)
        #expect(next.wayOfFormerWrites != nil)
        _ = try next.open(until: clock.now() + .seconds(5))
        #expect(next.wayOfFormerWrites == nil)
        try write(&next, 3, within: .seconds(1))
        cable.plug(.delivering)
        pause(.milliseconds(300))
        #expect(try first(server) == 3)
    }

    @Test("a portal that was not reached keeps a new run's quarantine, until it is reached")
    func quarantine() throws {
        let server = try TargetServer.withUnit()
        let cable = try Cable(to: server.hosts[0])
        defer { cable.end() }
        cable.pull()
        let address = try server.address(portals: [cable.portal, server.hosts[1]])
        var device = ISCSIDevice.make(address, patience: .milliseconds(500))
        let isOpen = try device.open(until: clock.now() + .seconds(5))
        #expect(isOpen)
        #expect(device.wayOfFormerWrites == cable.portal)
        cable.plug(.losing)
        let deadline = clock.now() + .seconds(5)
        while device.wayOfFormerWrites != nil, clock.now() < deadline {
            _ = try device.open(until: clock.now() + .milliseconds(100))
            pause(.milliseconds(10))
        }
        #expect(device.wayOfFormerWrites == nil)
    }
}
