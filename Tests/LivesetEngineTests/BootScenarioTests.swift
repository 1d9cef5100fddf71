import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Booting and joining")
struct BootScenarioTests {
    @Test("hosts that boot together settle on one view with one acting master", arguments: [1, 2, 3, 5])
    func boots(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            #expect(world.actingMasters.count == 1)
            #expect(world.members(of: 0) == world.all)
            #expect(world.fenceCount == 0)
        }
    }

    @Test(
        "every profile boots",
        arguments: [TimingChoice.conservative, .standard, .fast, .storageStallTolerance(.seconds(20))]
    )
    func profiles(choice: TimingChoice) {
        let world = World(seed: 7, hosts: 3, timing: Timing(choice))
        #expect(world.runUntilWhole(atMost: .seconds(200)), Comment(rawValue: world.report))
        world.run(for: .seconds(100))
        Scenario.keeps(world)
        #expect(world.fenceCount == 0)
    }

    @Test("a pool that is not complete yet is not enabled [JOIN-3]")
    func waitsForAll() {
        let world = World(seed: 1, hosts: 3)
        world.powerOff(2)
        world.run(for: .seconds(60))
        #expect(world.members(of: 0).isEmpty)
        #expect(world.obstacle(of: 0) == .waitingForHosts)
        world.powerOn(2)
        #expect(world.runUntilWhole(atMost: .seconds(30)), Comment(rawValue: world.report))
    }

    @Test("without the statefile a host does not join, and says so [JOIN-2]")
    func noStatefile() throws {
        let world = try Scenario.whole(seed: 3, hosts: 3)
        world.powerOff(1)
        world.cutStorage(of: 1)
        world.run(for: .seconds(5))
        world.powerOn(1)
        world.run(for: .seconds(40))
        #expect(world.obstacle(of: 1) == .noStatefile)
        #expect(!world.members(of: 0).contains(HostIndex(1)))
        world.healStorage(of: 1)
        #expect(world.runUntilWhole(atMost: .seconds(30)), Comment(rawValue: world.report))
    }

    @Test("a host with a watchdog that cannot be opened stays out and says why [JOIN-1]")
    func watchdogFails() throws {
        let world = try Scenario.whole(seed: 4, hosts: 3)
        world.failWatchdog(1)
        world.reboot(1)
        world.run(for: .seconds(60))
        Scenario.keeps(world)
        #expect(world.obstacle(of: 1) == .watchdog)
        #expect(!world.mayRunGuests(1))
        #expect(world.agrees(on: Scenario.set(0, 2)) || world.members(of: 0) == world.all)
        world.failWatchdog(1, false)
        #expect(world.runUntilWhole(atMost: .seconds(90)), Comment(rawValue: world.report))
    }

    @Test("a read-back timeout that gives a larger D than the pool allows counts as a failed opening")
    func readBack() throws {
        let world = try Scenario.whole(seed: 5, hosts: 2)
        world.setWatchdogReadBack(1, world.timing.watchdog * 3)
        world.reboot(1)
        world.run(for: .seconds(60))
        Scenario.keeps(world)
        #expect(world.saw(on: 1) { if case .watchdogRefused = $0 { true } else { false } })
        #expect(!world.mayRunGuests(1))
        world.setWatchdogReadBack(1, nil)
        #expect(world.runUntilWhole(atMost: .seconds(90)), Comment(rawValue: world.report))
    }

    @Test("a daemon restart in the same boot keeps the number and the membership", arguments: [true, false])
    func daemonRestart(keepsDescriptor: Bool) throws {
        for seed in Scenario.seeds {
            for hosts in [1, 2, 3, 5] {
                let world = try Scenario.whole(seed: seed, hosts: hosts) {
                    $0.hosts.keepsDescriptor = keepsDescriptor
                }
                let number = world.number(of: 0)
                let epoch = world.view(of: 0).epoch
                world.crashDaemon(0)
                world.run(for: .seconds(15))
                Scenario.keeps(world)
                #expect(world.number(of: 0) == number)
                #expect(world.isWhole, Comment(rawValue: world.report))
                #expect(world.fenceCount == 0, Comment(rawValue: world.report))
                #expect(
                    world.view(of: 0).epoch.rawValue <= epoch.rawValue + 2,
                    "a restart asks at most for another master"
                )
            }
        }
    }

    @Test("a pool of three that lost power as a whole forms again, whoever comes first [JOIN-4]")
    func fullOutage() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            for host in 0..<3 { world.powerOff(host) }
            world.run(for: .seconds(5))
            for host in [2, 0, 1] {
                world.powerOn(host)
                world.run(for: .seconds(3))
            }
            #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
            Scenario.keeps(world)
        }
    }

    @Test("after a full outage two of three form once the third is certified by expiry [JOIN-4]")
    func formsWithoutTheThird() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            for host in 0..<3 { world.powerOff(host) }
            world.run(for: .seconds(5))
            world.powerOn(0)
            world.powerOn(1)
            world.run(for: world.timing.certainlyDead * 2 + .seconds(20))
            Scenario.keeps(world)
            #expect(world.agrees(on: Scenario.set(0, 1)), Comment(rawValue: world.report))
            world.powerOn(2)
            #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
        }
    }
}
