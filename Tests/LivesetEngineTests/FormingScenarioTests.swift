import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Forming, and what the simulator found in it")
struct FormingScenarioTests {
    @Test(
        "a host that cannot arm does not decide one view after the other while it waits",
        arguments: [1, 2]
    )
    func noChurn(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            for host in 0..<hosts {
                world.failWatchdog(host)
                world.reboot(host)
            }
            world.run(for: .seconds(60))
            Scenario.keeps(world)
            let newest = (0..<hosts).map { world.ballotOnDisk(of: $0).decided.epoch.rawValue }.max() ?? 0
            #expect(newest < 40, Comment(rawValue: world.report))
            for host in 0..<hosts { #expect(!world.mayRunGuests(host)) }
            for host in 0..<hosts { world.failWatchdog(host, false) }
            #expect(world.runUntilWhole(atMost: .seconds(90)), Comment(rawValue: world.report))
        }
    }

    @Test(
        "a host that has adopted nothing proposes no state of the pool: nobody asked to disable it",
        arguments: [1, 2, 3]
    )
    func neverDisabledByItself(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            for _ in 0..<3 {
                for host in 0..<hosts {
                    world.interrupt(host, Interruption(before: .persist(.held), .freeze(.seconds(1))))
                    world.reboot(host)
                }
                for _ in 0..<3 { world.failNextPersist(0) }
                world.run(for: .seconds(25))
            }
            Scenario.keeps(world)
            for host in 0..<hosts {
                #expect(
                    world.ballotOnDisk(of: host).decided.state == .active,
                    Comment(rawValue: world.report)
                )
            }
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "a member that was let in and never adopted is not certified by its silence while a host forms [JOIN-4]"
    )
    func letInAndSilent() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: 2)
            world.powerOff(1)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0)) }
            // Host 1 is let in and stands still before it writes held, for about as long as host 0 waits.
            world.powerOn(1)
            let stop = world.timing.certainlyDead + .milliseconds(200 * Int(seed))
            world.interrupt(1, Interruption(before: .persist(.held), .freeze(stop)))
            world.run(atMost: .seconds(40)) { $0.members(of: 0) == $0.all }
            world.reboot(0)
            world.run(for: .seconds(60))
            Scenario.keeps(world)
            #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
        }
    }

    @Test(
        "a number that was held and never armed gets no lease once the others have formed without it [JOIN-4]"
    )
    func heldAndNeverArmed() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 2) {
                $0.hosts.daemonRestartTime = .seconds(12)...TimeSpan.seconds(20)
            }
            world.powerOff(1)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0)) }
            world.powerOn(1)
            world.interrupt(1, Interruption(before: .openWatchdog, .crashDaemon))
            world.run(atMost: .seconds(40)) { $0.members(of: 0) == $0.all }
            world.reboot(0)
            world.run(for: .seconds(60))
            Scenario.keeps(world)
            #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
        }
    }

    @Test(
        "a host alone that lost its storage in a pool of one lives on, whatever happens to its daemon's threads"
    )
    func poolOfOne() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 1)
            world.cutStorage(of: 0)
            world.run(for: .seconds(120))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }
}
