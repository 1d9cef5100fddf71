import ByteFormat
import LinuxPlatform
import PoolModel
import StatefileMedium
import Testing

@testable import StatefileISCSI

/// What a portal, a cable or a server can do to a device, on the real thing.
@Suite("Paths that fail", .serialized, .enabled(if: TargetServer.isPossible, TargetServer.reason))
struct PathFaultTests {
    private let clock = BootClock()

    private func write(_ device: inout ISCSIDevice, _ value: UInt8, within span: TimeSpan) throws {
        let buffer = AlignedBuffer.filled(value, 4096)
        try device.write(buffer, byteCount: 4096, offsetBytes: 0, until: clock.now() + span)
    }

    private func first(_ server: TargetServer) throws -> UInt8 {
        try server.content(lun: 1, at: 0, count: 1)[0]
    }

    /// Opens the device until both portals are ready; gives the one that I/O goes over.
    private func openBoth(_ device: inout ISCSIDevice) throws -> Int {
        let deadline = clock.now() + .seconds(10)
        repeat {
            _ = try device.open(until: clock.now() + .seconds(5))
            let states = device.paths.map(\.state)
            if let active = states.firstIndex(of: .active), states[1 - active] == .standby { return active }
            pause(.milliseconds(5))
        } while clock.now() < deadline
        throw TargetServer.Failure(description: "the second portal does not become ready")
    }

    @Test("a request over a dead portal goes over the other inside its deadline, and its twin cannot do harm")
    func failOver() throws {
        let server = try TargetServer.withUnit()
        let cables = [try Cable(to: server.hosts[0]), try Cable(to: server.hosts[1])]
        defer { for cable in cables { cable.end() } }
        let address = try server.address(portals: cables.map(\.portal))
        var device = ISCSIDevice.make(address, patience: .milliseconds(500))
        let active = try openBoth(&device)
        try write(&device, 1, within: .seconds(1))
        cables[active].pull()
        let start = clock.now()
        try write(&device, 2, within: .milliseconds(500))
        let took = clock.now() - start
        // Half of what the request has goes to the first portal.
        #expect(took >= .milliseconds(240))
        #expect(took < .milliseconds(450))
        #expect(try first(server) == 2)
        #expect(device.paths[1 - active].state == .active)
        #expect(device.paths[active].failureCount == 1)
        // The first portal may still carry out its copy of the write.
        #expect(device.lateWrites.mayLand)
        #expect(device.lateWrites.givenUpCount == 1)

        // Its session is made again under the same name: the target ends the old one before it answers.
        cables[active].plug(.holding)
        try settle(&device, within: .seconds(10))
        try write(&device, 3, within: .seconds(1))
        cables[active].plug(.delivering)
        pause(.milliseconds(300))
        #expect(try first(server) == 3)
    }

    private func settle(_ device: inout ISCSIDevice, within span: TimeSpan) throws {
        let deadline = clock.now() + span
        while device.lateWrites.mayLand, clock.now() < deadline {
            _ = try device.open(until: clock.now() + .milliseconds(200))
            device.settle(until: clock.now() + .milliseconds(200))
            pause(.milliseconds(10))
        }
        #expect(!device.lateWrites.mayLand)
    }

    @Test("both portals are watched: one that dies while nobody uses it is seen")
    func standbyIsWatched() throws {
        let server = try TargetServer.withUnit()
        let address = try server.address(portals: [server.hosts[0], server.hosts[1]])
        var device = ISCSIDevice.make(address, patience: .milliseconds(500))
        let active = try openBoth(&device)
        try server.setLink(1 - active, isUp: false)
        let deadline = clock.now() + .seconds(10)
        while device.paths[1 - active].failureCount == 0, clock.now() < deadline {
            _ = try device.open(until: clock.now() + .milliseconds(100))
            try write(&device, 1, within: .milliseconds(500))
            pause(.milliseconds(50))
        }
        #expect(device.paths[1 - active].failureCount > 0)
        #expect(device.paths[active].failureCount == 0)
    }

    @Test("where no portal answers a request ends at its deadline, to some milliseconds")
    func deadlines() throws {
        let server = try TargetServer.withUnit()
        let cable = try Cable(to: server.hosts[0])
        defer { cable.end() }
        let address = try server.address(portals: [cable.portal])
        for milliseconds in [50, 333, 700, 1_250] {
            var device = ISCSIDevice.make(address, purpose: nil)
            _ = try device.open(until: clock.now() + .seconds(5))
            cable.pull()
            let start = clock.now()
            let cause = ISCSIDevice.cause {
                try write(&device, 1, within: .milliseconds(milliseconds))
                return true
            }
            let took = clock.now() - start
            guard case .timedOut(.writing, _) = cause else {
                Issue.record("another cause: \(String(describing: cause))")
                return
            }
            // libiscsi's own time-outs count whole seconds, and fire up to one early.
            #expect(took >= .milliseconds(milliseconds))
            #expect(took < .milliseconds(milliseconds + 40))
            cable.plug(.losing)
        }
    }

    @Test("connecting to a portal that swallows every packet ends at its deadline too, and does not spin")
    func blackHole() throws {
        let server = try TargetServer.withUnit()
        try server.dropEverything(on: 0)
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]]))
        let start = clock.now()
        let before = ProcessorTime.ofThread()
        let cause = ISCSIDevice.cause { try device.open(until: start + .milliseconds(2_500)) }
        #expect(cause == .timedOut(.connecting, after: .seconds(1)))
        #expect(clock.now() - start < .milliseconds(2_700))
        #expect(ProcessorTime.ofThread() - before < .milliseconds(100))
    }

    @Test("between attempts at a dead server nothing spins")
    func nothingSpins() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0], server.hosts[1]]))
        _ = try device.open(until: clock.now() + .seconds(5))
        server.kill()
        let before = ProcessorTime.ofThread()
        let start = clock.now()
        #expect(throws: StatefileError.self) { try write(&device, 1, within: .seconds(4)) }
        #expect(clock.now() - start >= .seconds(4))
        #expect(ProcessorTime.ofThread() - before < .milliseconds(200))
    }

    @Test("a server that is killed and started again is found in the same request")
    func restart() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]]))
        _ = try device.open(until: clock.now() + .seconds(5))
        try write(&device, 1, within: .seconds(1))
        server.kill()
        try server.start()
        try write(&device, 2, within: .seconds(5))
        #expect(try first(server) == 2)
        #expect(device.paths[0].failureCount >= 1)
    }

    @Test("a server that stands still for 5 s fails requests at their deadlines and serves again at once")
    func frozenServer() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0], server.hosts[1]]))
        _ = try device.open(until: clock.now() + .seconds(5))
        try write(&device, 1, within: .seconds(1))
        server.freeze()
        let start = clock.now()
        while clock.now() - start < .seconds(5) {
            #expect(throws: StatefileError.self) { try write(&device, 2, within: .milliseconds(500)) }
        }
        #expect(device.lateWrites.mayLand)
        server.thaw()
        let thaw = clock.now()
        _ = try device.open(until: thaw + .seconds(3))
        try write(&device, 3, within: .seconds(1))
        #expect(clock.now() - thaw < .seconds(3))
        // What stood in the server's sockets is not carried out any more.
        pause(.milliseconds(500))
        #expect(try first(server) == 3)
        try settle(&device, within: .seconds(10))
    }
}
