import LabPlatform
import LinuxPlatform
import PoolModel
import StatefileMedium
import Testing

@testable import StatefileNFS

/// A long outage is many attempts; libnfs must not keep its connections.
///
/// Other tests of this process run beside it, so only what is large counts: a connection that is kept takes
/// 17 KiB, an attempt makes up to three. Run alone, 1,500 sessions kept 76 KiB, 700 time-outs 16 KiB, 8,000
/// refusals none.
@Suite(.serialized, .enabled(if: GaneshaBench.isPossible, "needs root, namespaces and nfs-ganesha"))
struct OutageMemoryTests {
    private static let limit = 16 << 10

    /// Resident memory of this process in KiB.
    private static func resident() -> Int {
        let line = FileTree.text("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }

    private static func attempt(_ count: Int, _ address: NFSAddress, within span: TimeSpan = .seconds(3)) {
        for _ in 0..<count { _ = try? NFSSession.open(address, deadline: BootClock().now() + span) }
    }

    @Test func attemptsLeaveNoMemoryBehind() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        try bench.client.run {
            OutageMemoryTests.attempt(200, address)
            let mounted = OutageMemoryTests.resident()
            OutageMemoryTests.attempt(1500, address)
            let sessions = OutageMemoryTests.resident() - mounted
            bench.freeze()
            OutageMemoryTests.attempt(100, address, within: .milliseconds(4))
            let stopped = OutageMemoryTests.resident()
            OutageMemoryTests.attempt(700, address, within: .milliseconds(4))
            let timeouts = OutageMemoryTests.resident() - stopped
            bench.thaw()
            bench.kill()
            OutageMemoryTests.attempt(500, address)
            let refused = OutageMemoryTests.resident()
            OutageMemoryTests.attempt(3000, address)
            let refusals = OutageMemoryTests.resident() - refused
            print(
                "KiB kept: 1,500 sessions \(sessions), 700 timeouts \(timeouts), 3,000 refusals \(refusals)"
            )
            #expect(sessions < OutageMemoryTests.limit)
            #expect(timeouts < OutageMemoryTests.limit)
            #expect(refusals < OutageMemoryTests.limit)
        }
    }
}
