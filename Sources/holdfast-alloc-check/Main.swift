import CAllocationCount
import LivesetEngine
import MessageAuthentication
import NodeRuntime
import PoolModel
import RuntimeFakes

/// Fails when the daemon's loops allocate in steady state: the gate behind "nothing allocates once it runs".
///
/// Three hosts form a pool in memory, run for a warm-up, and then for minutes of simulated time: heartbeats
/// over two networks, rounds, feeds, status publications, and, as a second scene, the loss of the whole
/// statefile and its return. To be built with `-c release`: a debug build allocates where the optimiser would
/// not.
///
/// Exit status: 0 no allocation, 1 some, 2 the pool did not form or the counting does not work. `--trap` ends
/// at the first allocation, for a debugger.
@main
struct AllocationCheck {
    static func main() {
        guard let key = PoolKey([UInt8](repeating: 7, count: PoolKey.byteCount)),
            let world = try? LoopWorld(hostCount: 3, authenticator: { HMACAuthenticator(current: key) })
        else {
            print("holdfast-alloc-check: the simulated pool could not be made")
            exitProgram(2)
        }
        guard allocation_count() > 100 else {
            print(
                "holdfast-alloc-check: only \(allocation_count()) allocations were seen so far: they are not counted"
            )
            exitProgram(2)
        }
        // Formed, and every announcement of forming is over.
        world.run(for: .seconds(60))
        let members = world.hosts.compactMap { $0.status?.view.members.count }
        guard members == [3, 3, 3] else {
            print(
                "holdfast-alloc-check: the pool did not form: members \(members), expected 3 on each of 3 hosts"
            )
            describe(world)
            exitProgram(2)
        }
        let mayTrap = CommandLine.arguments.contains("--trap")
        var failed = measure("steady state", world, mayTrap: mayTrap) { world.run(for: .seconds(120)) }
        failed =
            measure("statefile lost and back", world, mayTrap: mayTrap) {
                world.disk.isLost = true
                world.run(for: .seconds(20))
                world.disk.isLost = false
                world.run(for: .seconds(20))
            } || failed
        exitProgram(failed ? 1 : 0)
    }

    private static func measure(
        _ scene: String,
        _ world: LoopWorld<HMACAuthenticator>,
        mayTrap: Bool,
        _ body: () -> Void
    ) -> Bool {
        let turns = turnCount(world)
        allocation_trap(mayTrap ? 1 : 0)
        let before = allocation_count()
        let bytesBefore = allocation_bytes()
        body()
        let count = allocation_count() - before
        let bytes = allocation_bytes() - bytesBefore
        allocation_trap(0)
        let made = turnCount(world) - turns
        let thousandths = made == 0 ? 0 : count * 1000 / made
        print(
            "\(scene): \(count) allocations (\(bytes) bytes) in \(made) engine turns: "
                + "\(thousandths / 1000).\(thousandths % 1000 / 100)\(thousandths % 100 / 10)\(thousandths % 10) "
                + "a turn"
        )
        let alive = world.hosts.filter(\.runs).count
        if alive != 3 { print("\(scene): only \(alive) of 3 hosts still run") }
        return count != 0 || made < 1000 || alive != 3
    }

    private static func turnCount(_ world: LoopWorld<HMACAuthenticator>) -> UInt64 {
        world.hosts.reduce(0) { $0 + ($1.engineLink.statistics.read()?.turnCount ?? 0) }
    }

    private static func describe(_ world: LoopWorld<HMACAuthenticator>) {
        for host in world.hosts {
            guard let status = host.status else { continue }
            let obstacle = status.joinObstacle.map { "\($0)" } ?? "none"
            print(
                "  host \(host.own): phase \(status.phase), epoch \(status.view.epoch), obstacle \(obstacle)"
            )
        }
    }
}
