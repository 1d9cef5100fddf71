import FlightFormat
import LivesetEngine
import NodeRuntime
import PoolModel
import RuntimeFakes
import Testing

/// What a host of a simulated pool recorded, as a file.
struct FieldRecording {
    var head: FlightHead
    var stretches: [FlightStretch]

    init(of host: LoopHost<SumAuthenticator>, hostCount: Int, reason: FlightReason) throws {
        let ring = try #require(host.flight)
        head = FlightHead(
            reason: reason,
            own: host.own,
            hostNames: (1...hostCount).map { "lab\($0)" },
            product: "0.1.0",
            savedAtUnixNanoseconds: 1_700_000_000_000_000_000,
            savedAt: .distantPast
        )
        stretches = ring.contents().compactMap { content in
            var stretch = content
            return ring.copy(&stretch) ? stretch : nil
        }
        head.savedAt = try #require(stretches.last).endedAt
    }

    /// A pool of two that forms, and then loses network and storage.
    static func selfFence(flightBytes: Int = 1 << 22, after quiet: TimeSpan = .seconds(60)) throws
        -> FieldRecording
    {
        let world = try LoopWorld(
            hostCount: 2,
            flightBytes: flightBytes,
            authenticator: { SumAuthenticator(key: 1) }
        )
        world.run(for: quiet)
        world.hosts[0].engineLink.post(.requested(.stay, ticket: 1), by: .bridge)
        world.run(for: .seconds(1))
        world.network.isCut = { _, _ in true }
        world.disk.isLost = true
        world.run(for: .seconds(15))
        #expect(world.hosts[0].hardware.fireCount > 0)
        return try FieldRecording(of: world.hosts[0], hostCount: 2, reason: .selfFence)
    }

    /// The file, with what `change` makes of each body.
    func bytes(change: (UInt64, inout [UInt8]) -> Void = { _, _ in }) -> [UInt8] {
        var file = FlightFile.encode(head)
        for stretch in stretches {
            var body = stretch.body
            change(stretch.number, &body)
            file += FlightFile.encode(
                number: stretch.number,
                begunAt: stretch.begunAt,
                endedAt: stretch.endedAt,
                body: body.span
            )
        }
        return file
    }
}
