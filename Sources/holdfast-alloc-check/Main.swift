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
/// statefile and its return. The third scene uses the real ports of Linux instead. To be built with
/// `-c release`: a debug build allocates where the optimiser would not.
///
/// Exit status: 0 no allocation, 1 some, 2 a scene could not be played or the counting does not work.
/// `--trap` ends at the first allocation, for a debugger. `--iscsi URL` counts those of rounds over iSCSI
/// instead, on a unit of zeros that it formats; libiscsi makes some, so that is a figure and no gate.
@main
struct AllocationCheck {
    static func main() {
        guard let key = PoolKey([UInt8](repeating: 7, count: PoolKey.byteCount)),
            let world = try? LoopWorld(hostCount: 3, authenticator: { HMACAuthenticator(current: key) })
        else { giveUp("the simulated pool could not be made") }
        guard allocation_count() > 100 else {
            giveUp("only \(allocation_count()) allocations were counted so far")
        }
        if let place = CommandLine.arguments.firstIndex(of: "--iscsi"),
            place + 1 < CommandLine.arguments.count
        {
            exitProgram(playISCSI(key, url: CommandLine.arguments[place + 1]) ? 0 : 1)
        }
        form(world)
        var passed = playSteadyState(world)
        passed = playStatefileLoss(world) && passed
        passed = playRealPorts(key) && passed
        exitProgram(passed ? 0 : 1)
    }

    private static var mayTrap: Bool { CommandLine.arguments.contains("--trap") }

    private static func giveUp(_ why: String) -> Never {
        print("holdfast-alloc-check: \(why)")
        exitProgram(2)
    }

    // MARK: scenes

    /// Runs until the pool is formed and every announcement of forming is over.
    private static func form(_ world: LoopWorld<HMACAuthenticator>) {
        world.run(for: .seconds(60))
        let members = world.hosts.compactMap { $0.status?.view.members.count }
        guard members != [3, 3, 3] else { return }
        for host in world.hosts {
            guard let status = host.status else { continue }
            let obstacle = status.joinObstacle.map { "\($0)" } ?? "none"
            print("host \(host.own): phase \(status.phase), epoch \(status.view.epoch), obstacle \(obstacle)")
        }
        giveUp("the pool did not form: members \(members), expected 3 on each of 3 hosts")
    }

    private static func playSteadyState(_ world: LoopWorld<HMACAuthenticator>) -> Bool {
        let before = turnCount(world)
        let scene = measure { world.run(for: .seconds(120)) }
        return scene.report("steady state", turns: turnCount(world) - before) && areAllAlive(world)
    }

    private static func playStatefileLoss(_ world: LoopWorld<HMACAuthenticator>) -> Bool {
        let before = turnCount(world)
        let scene = measure {
            world.disk.isLost = true
            world.run(for: .seconds(20))
            world.disk.isLost = false
            world.run(for: .seconds(20))
        }
        return scene.report("statefile lost and back", turns: turnCount(world) - before) && areAllAlive(world)
    }

    private static func playRealPorts(_ key: PoolKey) -> Bool {
        guard let directory = makeTemporaryDirectory() else { giveUp("no temporary directory could be made") }
        defer { removeTemporaryDirectory(directory) }
        do {
            var ports = try RealPorts(key: key, directory: directory)
            for _ in 0..<100 where !ports.turn() {
                giveUp("a datagram or a round on the loopback ports failed")
            }
            var failures = 0
            let scene = measure {
                for _ in 0..<1000 where !ports.turn() { failures += 1 }
            }
            if failures > 0 { print("real ports: \(failures) of 1000 turns failed") }
            return scene.report("real ports", turns: 1000) && failures == 0
        } catch {
            giveUp("the real ports could not be made: \(error)")
        }
    }

    /// True when every round succeeded, whatever it allocated.
    private static func playISCSI(_ key: PoolKey, url: String) -> Bool {
        guard let directory = makeTemporaryDirectory() else { giveUp("no temporary directory could be made") }
        defer { removeTemporaryDirectory(directory) }
        do {
            var rounds = try ISCSIRounds(key: key, url: url, directory: directory)
            for _ in 0..<100 where !rounds.turn() { giveUp("a round over iSCSI failed") }
            var failures = 0
            let scene = measure {
                for _ in 0..<1000 where !rounds.turn() { failures += 1 }
            }
            if failures > 0 { print("iSCSI: \(failures) of 1000 rounds failed") }
            _ = scene.report("rounds over iSCSI", turns: 1000)
            return failures == 0
        } catch {
            giveUp("no rounds over iSCSI: \(error)")
        }
    }

    // MARK: counting

    private struct Scene {
        let blocks: UInt64
        let bytes: UInt64

        /// Prints the figures; true when nothing was allocated in enough turns.
        func report(_ name: String, turns: UInt64) -> Bool {
            let thousandths = turns == 0 ? 0 : blocks * 1000 / turns
            let fraction = String(1000 + thousandths % 1000).dropFirst()
            print(
                "\(name): \(blocks) allocations (\(bytes) bytes) in \(turns) turns: "
                    + "\(thousandths / 1000).\(fraction) a turn"
            )
            return blocks == 0 && turns >= 1000
        }
    }

    private static func measure(_ body: () -> Void) -> Scene {
        allocation_trap(mayTrap ? 1 : 0)
        let (blocks, bytes) = (allocation_count(), allocation_bytes())
        body()
        let scene = Scene(blocks: allocation_count() - blocks, bytes: allocation_bytes() - bytes)
        allocation_trap(0)
        return scene
    }

    private static func turnCount(_ world: LoopWorld<HMACAuthenticator>) -> UInt64 {
        world.hosts.reduce(0) { $0 + ($1.engineLink.statistics.read()?.turnCount ?? 0) }
    }

    private static func areAllAlive(_ world: LoopWorld<HMACAuthenticator>) -> Bool {
        let alive = world.hosts.filter(\.runs).count
        if alive != 3 { print("only \(alive) of 3 hosts still run") }
        return alive == 3
    }
}
