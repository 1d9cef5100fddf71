import ByteFormat
import LabPlatform
import LinuxPlatform
import PoolModel
import RuntimeFakes
import StatefileLayout
import StatefileMedium
import Testing

@testable import StatefileNFS

/// What a round costs on NFS: requests, bytes on the wire and time; `Benchmarks/nfs.sh` prints it as a table.
@Suite(.serialized, .enabled(if: GaneshaBench.isPossible, "needs root, namespaces and nfs-ganesha"))
struct RoundCostTests {
    struct Cost: Sendable {
        var hosts = 0
        var requests = 0
        var sentBytes = 0
        var receivedBytes = 0
        var times: [TimeSpan] = []

        /// In milliseconds with three digits.
        func time(_ quantile: Double) -> String {
            guard !times.isEmpty else { return "-" }
            let place = min(Int(Double(times.count) * quantile), times.count - 1)
            let microseconds = times[place].nanoseconds / 1000
            let fraction = String(1000 + microseconds % 1000).dropFirst()
            return "\(microseconds / 1000).\(fraction) ms"
        }
    }

    /// Bytes of the client's cable, both ways, with all headers.
    private static func wire() -> (sent: Int, received: Int) {
        let lines = FileTree.text("/proc/thread-self/net/dev")?.split(separator: "\n") ?? []
        for line in lines where line.contains("cable:") {
            let fields = line.split(separator: " ").compactMap { Int($0) }
            guard fields.count >= 9 else { continue }
            return (fields[8], fields[0])
        }
        return (0, 0)
    }

    private static func measure(
        _ device: inout NFSDevice,
        count: Int,
        _ round: (inout NFSDevice, MonotonicInstant) throws(StatefileError) -> Void
    ) throws -> Cost {
        var cost = Cost()
        let clock = BootClock()
        for _ in 0..<10 { try round(&device, clock.now() + .seconds(5)) }
        let (requests, wire) = (device.session?.requestCount ?? 0, wire())
        for _ in 0..<count {
            let start = clock.now()
            try round(&device, start + .seconds(5))
            cost.times.append(clock.now() - start)
        }
        let after = RoundCostTests.wire()
        cost.requests = ((device.session?.requestCount ?? 0) - requests) / count
        cost.sentBytes = (after.sent - wire.sent) / count
        cost.receivedBytes = (after.received - wire.received) / count
        cost.times.sort()
        return cost
    }

    /// The cost of a round, and of a reading of all ballots, for a pool of `hostCount`.
    private static func costs(hostCount: Int, rounds: Int) throws -> (round: Cost, ballots: Cost) {
        let bench = try GaneshaBench()
        let names = (1...hostCount).map { "host\($0)" }
        let size = try StatefileGeometry.recommendedBytes(hostCount: hostCount)
        let header = try bench.format(names, byteCount: size)
        let address = bench.address
        return try bench.client.run {
            var device = NFSDevice(
                address,
                StatefileUse(.readWrite, .tool),
                hostName: nil,
                stateDirectory: nil
            )
            _ = try device.open(until: BootClock().now() + .seconds(5))
            let geometry = header.geometry
            var slots = AlignedBuffer(minimumByteCount: geometry.slotArea.count)
            var ballots = AlignedBuffer(minimumByteCount: geometry.ballotArea.count)
            let slot = AlignedBuffer(minimumByteCount: geometry.slotBytes)
            var round = try measure(&device, count: rounds) { device, deadline throws(StatefileError) in
                let own = geometry.slot(of: HostIndex(0)).lowerBound
                try device.write(slot, byteCount: geometry.slotBytes, offsetBytes: own, until: deadline)
                try device.read(
                    offsetBytes: geometry.slotArea.lowerBound,
                    byteCount: geometry.slotArea.count,
                    into: &slots,
                    until: deadline
                )
            }
            var reading = try measure(&device, count: rounds / 4) { device, deadline throws(StatefileError) in
                try device.readBallots(geometry, into: &ballots, until: deadline)
            }
            (round.hosts, reading.hosts) = (hostCount, hostCount)
            return (round, reading)
        }
    }

    @Test func aRoundIsOneWriteAndOneReadRequest() throws {
        let (round, ballots) = try RoundCostTests.costs(hostCount: 3, rounds: 20)
        #expect(round.requests == 2)
        // Two listings, a look-up and a read for each host.
        #expect(ballots.requests == 2 + 2 * 3)
    }

    @Test(
        .enabled(
            if: Processes.variable("HOLDFAST_BENCH") != nil,
            "set HOLDFAST_BENCH=1; Benchmarks/nfs.sh does"
        )
    )
    func theFigures() throws {
        for hostCount in [3, 16, 64] {
            let (round, ballots) = try RoundCostTests.costs(hostCount: hostCount, rounds: 400)
            for (name, cost) in [("round", round), ("all ballots", ballots)] {
                print(
                    "| \(cost.hosts) | \(name) | \(cost.requests) | \(cost.sentBytes) | \(cost.receivedBytes) | "
                        + "\(cost.time(0.5)) | \(cost.time(0.99)) | \(cost.time(1)) |"
                )
            }
        }
    }
}
