import ControlPlane
import PoolModel
import Testing

@Suite("Three managers over lost, late and torn writes")
struct NeverTwiceTests {
    private static func machine(_ index: Int) -> Registration {
        var wish = Registration(name: "m\(index)", memoryMiB: 100, definition: "d\(index)")
        wish.priority = index == 4 ? .bestEffort : .restart
        wish.order = index % 2
        return wish
    }

    /// A healthy pool that runs five machines.
    private static func pool(seed: UInt64) -> PoolWorld {
        var world = PoolWorld(seed: seed, hostCount: 3)
        for host in 0..<3 { world.startManager(host) }
        for index in 0..<5 { world.ask(index % 3, .register(machine(index))) }
        for _ in 0..<2500 { world.step(faults: false) }
        return world
    }

    @Test(
        "no machine ever runs on two live hosts, and after the faults every one runs once",
        arguments: 1...24
    )
    func neverTwice(seed: Int) {
        var world = NeverTwiceTests.pool(seed: UInt64(seed))
        let names = (0..<5).map { "m\($0)" }
        for step in 0..<10_000 {
            world.step(faults: true)
            for name in names where world.runners(name).count > 1 {
                Issue.record("seed \(seed), step \(step): \(name) runs on \(world.runners(name))")
                return
            }
        }
        world.heal()
        for name in names { world.ask(0, .start(name: name, host: nil)) }
        for step in 0..<6000 {
            world.step(faults: false)
            if step == 3000 { for name in names { world.ask(1, .start(name: name, host: nil)) } }
            for name in names where world.runners(name).count > 1 {
                Issue.record("seed \(seed), healed step \(step): \(name) runs on \(world.runners(name))")
                return
            }
        }
        for name in names where world.runners(name).count != 1 {
            let note = world.hosts[world.newest.master].core?.newestRecord?.machine(name)?.note ?? "no record"
            Issue.record("seed \(seed): \(name) runs on \(world.runners(name)) after the faults: \(note)")
        }
    }

    @Test("the faults really happen: machines are restarted often")
    func worldIsAlive() {
        var restarts = 0
        var views = 0
        for seed in 100..<110 {
            var world = NeverTwiceTests.pool(seed: UInt64(seed))
            #expect(
                (0..<5).allSatisfy { world.runners("m\($0)").count == 1 },
                "seed \(seed) does not start up"
            )
            for _ in 0..<10_000 { world.step(faults: true) }
            restarts += world.restarts
            views += world.views.count
        }
        #expect(restarts > 250, "\(restarts) orders")
        #expect(views > 100, "\(views) views")
    }
}
