import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Leaving, disabling and the operator's wishes")
struct LeaveScenarioTests {
    @Test(
        "a host without guests leaves: view without it, tombstone, disarmed; nothing is fenced [LEAVE-1]",
        arguments: [2, 3, 5]
    )
    func leaves(hosts: Int) throws {
        for seed in Scenario.seeds {
            for leaver in [0, hosts - 1] {
                let world = try Scenario.whole(seed: seed, hosts: hosts)
                #expect(world.request(.leave, of: leaver) == .accepted)
                let rest = world.all.without(HostIndex(leaver))
                let left = world.run(atMost: .seconds(20)) { !$0.isArmed(leaver) && $0.agrees(on: rest) }
                #expect(left, Comment(rawValue: world.report))
                #expect(world.phase(of: leaver) == .left)
                #expect(world.slotOnDisk(of: leaver).phase == .left)
                #expect(world.fenceCount == 0)
                // It rejoins without a reboot, under a higher number.
                let number = world.number(of: leaver)
                world.restartDaemon(leaver)
                #expect(world.runUntilWhole(atMost: .seconds(40)), Comment(rawValue: world.report))
                #expect(world.number(of: leaver) > number)
                Scenario.keeps(world)
            }
        }
    }

    @Test("a host with guests does not leave")
    func guestsKeepIt() throws {
        let world = try Scenario.whole(seed: 1, hosts: 3)
        world.setGuests(1, running: true)
        #expect(world.request(.leave, of: 1) == .guestsRun)
        world.run(for: .seconds(10))
        #expect(world.isWhole)
    }

    @Test("a host whose daemon crashes again and again stops itself; the pool is whole again after its boot")
    func givesUp() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.setGuests(1, running: true)
            #expect(world.request(.giveUp, of: 1) == .accepted)
            world.run(for: .seconds(2))
            #expect(world.fenceCount == 1, Comment(rawValue: world.report))
            #expect(world.runUntilWhole(atMost: .seconds(90)), Comment(rawValue: world.report))
            #expect(world.fenceCount == 1)
            Scenario.keeps(world)
        }
    }

    @Test("a leave is taken back before it is carried out")
    func staysAfterAll() throws {
        let world = try Scenario.whole(seed: 2, hosts: 3)
        world.request(.leave, of: 2)
        #expect(world.request(.stay, of: 2) == .accepted)
        world.run(for: .seconds(20))
        Scenario.keeps(world)
        #expect(world.isWhole, Comment(rawValue: world.report))
    }

    @Test(
        "the last member writes left, stays in the view, and the pool comes back [LEAVE-1]",
        arguments: [1, 2, 3]
    )
    func lastLeaves(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            for host in 0..<hosts {
                world.request(.leave, of: host)
                world.run(atMost: .seconds(20)) { $0.phase(of: host) == .left }
                #expect(world.phase(of: host) == .left, Comment(rawValue: world.report))
            }
            #expect(world.fenceCount == 0)
            // Started in the other order: the last one to leave comes back last.
            for host in 0..<hosts {
                world.restartDaemon(host)
                world.run(for: .seconds(4))
            }
            #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
            Scenario.keeps(world)
        }
    }

    @Test("a late tombstone of a former run does not certify the restarted last member [DEAD-2]")
    func lateTombstone() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 2) {
                $0.network.delaysOneIn = 2
                $0.network.latestArrival = .seconds(25)
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(10)
            }
            world.powerOff(1)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0)) }
            world.powerOn(1)
            world.run(for: .seconds(1))
            world.request(.leave, of: 0)
            world.run(atMost: .seconds(10)) { $0.phase(of: 0) == .left }
            world.restartDaemon(0)
            world.run(for: .seconds(60))
            Scenario.keeps(world)
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "disable disarms every host, and enable arms the pool again [LEAVE-2] [JOIN-3]",
        arguments: [1, 2, 3, 5]
    )
    func disableAndEnable(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            #expect(world.request(.disable, of: hosts - 1) == .accepted)
            world.run(for: .seconds(10))
            for host in 0..<hosts { #expect(!world.isArmed(host), Comment(rawValue: world.report)) }
            #expect(world.fenceCount == 0)
            // Disarmed, nothing fences, whatever is lost.
            world.cutAllStorage()
            world.cutAllNetwork()
            world.run(for: .seconds(30))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            world.healAllStorage()
            world.healAllNetwork()
            world.run(for: .seconds(10))
            #expect(world.request(.enable, of: 0) == .accepted)
            #expect(world.runUntilWhole(atMost: .seconds(60)), Comment(rawValue: world.report))
            Scenario.keeps(world)
        }
    }

    @Test("the operator fences a host: it goes, is certified and comes back [FAULT-6]")
    func asksOut() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            #expect(world.request(.fence(HostIndex(2)), of: 1) == .accepted)
            let out = world.run(atMost: .seconds(20)) { $0.agrees(on: Scenario.set(0, 1)) }
            #expect(out, Comment(rawValue: world.report))
            world.run(for: .seconds(2))
            #expect(world.fenced == Scenario.set(2))
            // [VIEW-5]: it stops itself when it learns of the view, not when its lease ends.
            #expect(world.saw(on: 2) { if case .selfFence(.removedFromView) = $0 { true } else { false } })
            Scenario.becomesWhole(world)
        }
    }

    @Test("a confirmed power-off shortens the wait [DEAD-4]")
    func confirmedOff() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.powerOff(2)
            world.run(for: .seconds(1))
            for host in 0..<2 { world.request(.confirmOff(HostIndex(2)), of: host) }
            let out = world.run(atMost: .seconds(4)) { $0.agrees(on: Scenario.set(0, 1)) }
            #expect(out, Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "the emergency disable of a host publishes unguarded, disarms it, and expiry certifies it never [LEAVE-2]"
    )
    func emergencyDisable() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            #expect(world.request(.emergencyDisable, of: 2) == .accepted)
            world.run(for: .seconds(5))
            #expect(!world.isArmed(2), Comment(rawValue: world.report))
            world.cutStorage(of: 2)
            world.cutNetwork(of: 2)
            world.run(for: world.timing.certainlyDead * 3)
            Scenario.keeps(world)
            #expect(world.certificatesOf(2).isEmpty, Comment(rawValue: world.report))
        }
    }

    @Test("a host that fenced itself too often in a row stays out until it is told to come back [FAULT-8]")
    func bootLoop() throws {
        let world = try Scenario.whole(seed: 6, hosts: 3) { $0.hosts.selfFenceLimit = 2 }
        for _ in 0..<2 {
            world.request(.fence(HostIndex(2)), of: 2)
            world.run(for: .seconds(30))
        }
        #expect(world.phase(of: 2) == .heldOut, Comment(rawValue: world.report))
        #expect(world.agrees(on: Scenario.set(0, 1)))
        #expect(!world.isArmed(2))
        world.request(.clearHoldOut, of: 2)
        #expect(world.runUntilWhole(atMost: .seconds(40)), Comment(rawValue: world.report))
        Scenario.keeps(world)
    }
}
