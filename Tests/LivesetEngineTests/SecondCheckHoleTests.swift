import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Holes of the second check: model-check.md (e)")
struct SecondCheckHoleTests {
    @Test("a joiner that adopted and crashed keeps its number, although its slot still says joining [INC-1]")
    func heldInItsFile() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.powerOff(2)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0, 1)) }
            world.powerOn(2)
            let leased = world.run(atMost: .seconds(40)) { $0.leaseLeft(of: 2) > .zero }
            try #require(leased, Comment(rawValue: world.report))
            // Its slot still says joining: the round that would say member hangs.
            world.cutStorage(of: 2)
            world.setGuests(2, running: true)
            let number = world.number(of: 2)
            world.cutNetwork(of: 2)
            world.crashDaemon(2)
            world.run(for: world.timing.certainlyDead / 2)
            world.healStorage(of: 2)
            world.run(for: .seconds(1))
            #expect(world.number(of: 2) == number || !world.mayRunGuests(2), Comment(rawValue: world.report))
            world.run(for: world.timing.certainlyDead * 2)
            Scenario.keeps(world)
            Scenario.becomesWhole(world)
        }
    }

    @Test("a run that cannot write held does not adopt [INC-1]")
    func heldFails() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.powerOff(2)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0, 1)) }
            world.powerOn(2)
            world.run(atMost: .seconds(30)) { $0.phase(of: 2) == .joining }
            world.failNextPersist(2)
            world.run(for: .seconds(40))
            Scenario.keeps(world)
            #expect(world.runUntilWhole(atMost: .seconds(60)), Comment(rawValue: world.report))
        }
    }

    @Test(
        "blocks of every index are read: an outsider that forms makes no second history [JOIN-4]"
    )
    func outsiderForms() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            // Host 2 is outside; 0 and 1 leave cleanly or are confirmed off, so that host 2 may form.
            world.powerOff(2)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0, 1)) }
            world.powerOff(0)
            world.powerOff(1)
            world.powerOn(2)
            world.run(for: .seconds(20))
            #expect(world.obstacle(of: 2) == .notCertified, Comment(rawValue: world.report))
            world.request(.confirmOff(HostIndex(0)), of: 2)
            world.request(.confirmOff(HostIndex(1)), of: 2)
            world.powerOn(0)
            world.run(for: .seconds(2))
            world.powerOn(1)
            world.run(for: .seconds(60))
            Scenario.keeps(world)
            #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
        }
    }

    @Test("slots that go back do not let a new master act early [VIEW-6] (iii)")
    func slotsGoBack() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(
                seed: seed,
                hosts: 3,
                {
                    $0.storage.repeatsOneIn = 2
                    $0.storage.latestRepeat = .seconds(8)
                },
                configure: { $0.pathMayRepeatWrites = true }
            )
            let master = try #require(world.actingMaster, Comment(rawValue: world.report))
            world.breakSysrq(master)
            world.freeze(master, for: world.timing.grace, .engine)
            world.cutNetwork(of: master)
            world.run(for: world.timing.certainlyDead * 3)
            Scenario.keeps(world)
            #expect(
                world.actingMaster != nil && world.actingMaster != master,
                Comment(rawValue: world.report)
            )
        }
    }

    @Test("a daemon restart while a member is alone does not carry it on without a good round [LEASE-A]")
    func aloneAfterRestart() throws {
        for seed in Scenario.manySeeds {
            for keepsDescriptor in [true, false] {
                let world = try Scenario.whole(seed: seed, hosts: 2) {
                    $0.hosts.keepsDescriptor = keepsDescriptor
                    $0.hosts.daemonRestartTime = .seconds(0.05)...TimeSpan.seconds(0.1)
                    $0.storage.lateWriteLandsOneIn = 1
                    $0.storage.latestLanding = .seconds(3)
                    $0.storage.latency = .seconds(0.02)...TimeSpan.seconds(0.05)
                }
                world.powerOff(1)
                world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0)) }
                world.run(for: .seconds(3))
                world.breakSysrq(0)
                world.powerOn(1)
                // The write that publishes {0, 1} is under way when the daemon crashes.
                world.interrupt(0, Interruption(before: .publication, .stallStorage))
                world.run(atMost: .seconds(40)) { $0.saw(on: 0) { $0 == .storageStall } }
                world.run(for: .seconds(0.05))
                world.crashDaemon(0)
                world.healStorage(of: 0)
                let resumed = world.run(atMost: .seconds(2)) { $0.members(of: 0) == Scenario.set(0) }
                world.cutStorage(of: 0)
                world.cutNetwork(of: 0)
                world.run(for: world.timing.certainlyDead * 4)
                Scenario.keeps(world)
                if resumed, world.ballotOnDisk(of: 0).decided.members == world.all {
                    #expect(world.fenceCount(of: 0) >= 1, Comment(rawValue: world.report))
                }
            }
        }
    }
}

extension Happening {
    /// A storage path began to hang.
    static var storageStall: Happening { .fault(.storageStalls, nil) }

    static func == (left: Happening, right: Happening) -> Bool {
        if case .fault(let one, _) = left, case .fault(let other, _) = right { return one == other }
        return false
    }
}
