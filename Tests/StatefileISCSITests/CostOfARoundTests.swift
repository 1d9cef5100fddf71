import ByteFormat
import Glibc
import LinuxPlatform
import PoolModel
import RuntimeFakes
import StatefileLayout
import StatefileMedium
import Testing

@testable import StatefileISCSI

/// What a round costs on iSCSI: commands, bytes on the wire and time; `Benchmarks/iscsi.sh` prints it as a
/// table.
@Suite("The cost of a round", .serialized, .enabled(if: TargetServer.isPossible, TargetServer.reason))
struct CostOfARoundTests {
    private struct Cost {
        var commands: UInt64 = 0
        var sentBytes = 0
        var receivedBytes = 0
        var latency = RoundLatency([])
    }

    private func cost(
        _ server: TargetServer,
        _ device: inout ISCSIDevice,
        count: Int,
        _ round: (inout ISCSIDevice, MonotonicInstant) throws -> Void
    ) throws -> Cost {
        let clock = BootClock()
        for _ in 0..<10 { try round(&device, clock.now() + .seconds(5)) }
        let (commands, wire) = (device.commandCount, try server.wireBytes(0))
        var times: [TimeSpan] = []
        for _ in 0..<count {
            let start = clock.now()
            try round(&device, start + .seconds(5))
            times.append(clock.now() - start)
        }
        let after = try server.wireBytes(0)
        return Cost(
            commands: (device.commandCount - commands) / UInt64(count),
            sentBytes: (after.sent - wire.sent) / count,
            receivedBytes: (after.received - wire.received) / count,
            latency: RoundLatency(times)
        )
    }

    /// The cost of a round, and of a reading of all ballots, for a pool of `hostCount`.
    private func costs(hostCount: Int, rounds: Int) throws -> (round: Cost, ballots: Cost) {
        let size = try StatefileGeometry.recommendedBytes(hostCount: hostCount)
        let server = try TargetServer.withUnit(byteCount: size)
        let address = try server.address(portals: [server.hosts[0]])
        var device = ISCSIDevice.make(address, access: .exclusive)
        var authenticator = SumAuthenticator(key: 1)
        let plan = StatefilePlan(hostNames: (1...hostCount).map { "host\($0)" }, timing: .fast)
        let header = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
        let geometry = header.geometry
        var slots = AlignedBuffer(minimumByteCount: geometry.slotArea.count)
        var ballots = AlignedBuffer(minimumByteCount: geometry.ballotArea.count)
        let slot = AlignedBuffer(minimumByteCount: geometry.slotBytes)
        let round = try cost(server, &device, count: rounds) { device, deadline in
            let own = geometry.slot(of: HostIndex(0)).lowerBound
            try device.write(slot, byteCount: geometry.slotBytes, offsetBytes: own, until: deadline)
            try device.read(
                offsetBytes: geometry.slotArea.lowerBound,
                byteCount: geometry.slotArea.count,
                into: &slots,
                until: deadline
            )
        }
        let reading = try cost(server, &device, count: rounds / 4) { device, deadline in
            try device.readBallots(geometry, into: &ballots, until: deadline)
        }
        return (round, reading)
    }

    @Test("a round is one write and one read command, and a reading of all ballots is one")
    func commands() throws {
        let (round, ballots) = try costs(hostCount: 3, rounds: 20)
        #expect(round.commands == 2)
        #expect(ballots.commands == 1)
    }

    @Test("where a unit refuses writes to its medium, its cache is flushed after each")
    func flush() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]]))
        device.refusesFUA = true
        let clock = BootClock()
        _ = try device.open(until: clock.now() + .seconds(5))
        let before = device.commandCount
        let written = AlignedBuffer.filled(7, 4096)
        try device.write(written, byteCount: 4096, offsetBytes: 0, until: clock.now() + .seconds(1))
        #expect(device.commandCount == before + 2)
        #expect(try server.content(lun: 1, at: 0, count: 4096) == [UInt8](repeating: 7, count: 4096))
    }

    @Test("a request that is of no whole blocks of the unit is refused, and no trap")
    func halfBlocks() throws {
        let server = try TargetServer.withUnit()
        var device = ISCSIDevice.make(try server.address(portals: [server.hosts[0]]))
        let clock = BootClock()
        _ = try device.open(until: clock.now() + .seconds(5))
        let cause = ISCSIDevice.cause {
            let written = AlignedBuffer.filled(7, 4096)
            try device.write(written, byteCount: 4096, offsetBytes: 100, until: clock.now() + .seconds(1))
            return true
        }
        #expect(cause == .unusableBlocks(blockBytes: 512, blockCount: 8192))
    }

    @Test(.enabled(if: CostOfARoundTests.isBenchmark, "set HOLDFAST_BENCH=1; Benchmarks/iscsi.sh does"))
    func theFigures() throws {
        for hostCount in [3, 16, 64] {
            let (round, ballots) = try costs(hostCount: hostCount, rounds: 400)
            for (name, cost) in [("round", round), ("all ballots", ballots)] {
                let times = [0.5, 0.99, 1].map { text(cost.latency.quantile($0)) }.joined(separator: " | ")
                print(
                    "| \(hostCount) | \(name) | \(cost.commands) | \(cost.sentBytes) | \(cost.receivedBytes) | \(times) |"
                )
            }
        }
    }

    /// In milliseconds with three digits.
    private func text(_ span: TimeSpan) -> String {
        let microseconds = span.nanoseconds / 1000
        return "\(microseconds / 1000).\(String(1000 + microseconds % 1000).dropFirst()) ms"
    }

    private static var isBenchmark: Bool { unsafe getenv("HOLDFAST_BENCH") != nil }
}
