import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Holes in death certificates: H2 H3 H4 H5 H6")
struct CertificateHoleTests {
    /// A storage-lost, vouched host `victim` of five, cut off from `certifier`, whose sysrq is broken.
    private func vouched(seed: UInt64, victim: Int, certifier: Int) throws -> World {
        let world = try Scenario.whole(seed: seed, hosts: 5)
        world.breakSysrq(victim)
        world.cutStorage(of: victim)
        world.cutLinks(between: victim, and: certifier)
        world.run(for: world.timing.certainlyDead * 2)
        Scenario.keeps(world)
        #expect(world.fenceCount(of: victim) == 0, Comment(rawValue: world.report))
        return world
    }

    @Test("H2: a certifier that never granted waits for the last grant of the others [DEAD-1] (c)")
    func lastGrantOfOthers() throws {
        for seed in Scenario.seeds {
            let world = try vouched(seed: seed, victim: 4, certifier: 2)
            world.request(.fence(HostIndex(4)), of: 0)
            // Nobody can tell the victim: it lives on its last grant as long as that lasts.
            world.run(atMost: .seconds(20)) { !$0.members(of: 0).contains(HostIndex(4)) }
            world.cutNetwork(of: 4)
            world.run(for: world.timing.certainlyDead * 2)
            Scenario.keeps(world)
            #expect(world.fenceCount(of: 4) == 1, Comment(rawValue: world.report))
            #expect(!world.certificatesOf(4).isEmpty, Comment(rawValue: world.report))
        }
    }

    @Test(
        "H2: the vouch withdrawn between two reads of the certifier, or hidden by a late older write, changes nothing"
    )
    func hiddenVouch() throws {
        for seed in Scenario.seeds {
            for passing in 0...4 {
                let world = try vouched(seed: seed, victim: 4, certifier: 2)
                world.freeze(2, for: world.timing.watchdog - .milliseconds(100), [.storage, .engine])
                world.request(.fence(HostIndex(4)), of: 0)
                world.interrupt(1, Interruption(before: .round, .stallStorage, passing: passing))
                world.interrupt(
                    3,
                    Interruption(
                        before: .send,
                        .freeze(world.timing.watchdog - .milliseconds(100)),
                        passing: passing
                    )
                )
                world.at(world.now + world.timing.grace) { $0.healStorage(of: 1) }
                world.run(atMost: .seconds(20)) { !$0.members(of: 0).contains(HostIndex(4)) }
                world.cutNetwork(of: 4)
                world.run(for: world.timing.certainlyDead * 2)
                Scenario.keeps(world)
            }
        }
    }

    @Test(
        "a voucher whose daemon crashes between its grant and its slot in the new view counts as granting"
    )
    func voucherCrashes() throws {
        for seed in Scenario.seeds {
            for moment in [Interruption.Moment.adoption, .round, .send] {
                let world = try vouched(seed: seed, victim: 4, certifier: 2)
                for voucher in [0, 1, 3] {
                    world.interrupt(voucher, Interruption(before: moment, .crashDaemon))
                }
                world.request(.fence(HostIndex(4)), of: 2)
                world.run(atMost: .seconds(20)) { !$0.members(of: 2).contains(HostIndex(4)) }
                world.cutNetwork(of: 4)
                world.run(for: world.timing.certainlyDead * 2)
                Scenario.keeps(world)
                #expect(world.fenceCount(of: 4) == 1, Comment(rawValue: world.report))
            }
        }
    }

    @Test("H3: a host that only watched does not certify in the instant of its adoption")
    func newCertifier() throws {
        for seed in Scenario.seeds {
            for delay in [0.0, 0.2, 0.6, 1.5] {
                let world = try Scenario.whole(seed: seed, hosts: 3)
                world.powerOff(0)
                world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(1, 2)) }
                world.run(for: .seconds(5))
                world.breakSysrq(2)
                world.cutStorage(of: 1)
                world.cutStorage(of: 2)
                world.powerOn(0)
                // Host 0 watches two slots that stand still, for longer than D; both live on LEASE-A.
                world.run(for: world.timing.certainlyDead * 2)
                #expect(world.fenceCount == 0, Comment(rawValue: world.report))
                world.healStorage(of: 1)
                world.run(for: .seconds(delay))
                world.request(.fence(HostIndex(2)), of: 1)
                world.run(atMost: .seconds(10)) { !$0.members(of: 1).contains(HostIndex(2)) }
                world.cutNetwork(of: 2)
                world.run(for: world.timing.certainlyDead * 3)
                Scenario.keeps(world)
                #expect(world.fenceCount(of: 2) == 1, Comment(rawValue: world.report))
                #expect(world.agrees(on: Scenario.set(0, 1)), Comment(rawValue: world.report))
            }
        }
    }

    @Test("H4: a write that the path executes twice is no proof that the slot stood still")
    func repeatedWrite() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(
                seed: seed,
                hosts: 3,
                {
                    $0.storage.repeatsOneIn = 2
                    $0.storage.latestRepeat = .seconds(6)
                },
                configure: { $0.pathMayRepeatWrites = true }
            )
            world.breakSysrq(1)
            world.run(for: .seconds(20))
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            world.cutNetwork(of: 1)
            world.cutStorage(of: 1)
            world.run(for: world.timing.certainlyDead * 3)
            Scenario.keeps(world)
            #expect(world.agrees(on: Scenario.set(0, 2)), Comment(rawValue: world.report))
        }
    }

    @Test("H5: a host that joins after a removal still counts the removed host as alive")
    func forgottenDead() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.powerOff(0)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(1, 2)) }
            world.breakSysrq(2)
            world.powerOn(0)
            // Host 0 waits to be let in while host 2 goes silent: both happen within moments.
            world.run(atMost: .seconds(20)) { $0.phase(of: 0) == .joining }
            world.freeze(2, for: .seconds(60), [.engine, .storage])
            world.cutNetwork(of: 2)
            let joined = world.run(atMost: .seconds(40)) { $0.members(of: 0).contains(HostIndex(0)) }
            #expect(joined, Comment(rawValue: world.report))
            world.run(for: world.timing.certainlyDead * 2)
            Scenario.keeps(world)
            #expect(world.agrees(on: Scenario.set(0, 1)), Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }

    @Test("H5: a joiner that stands still is admitted, removed, and comes back only under a higher number")
    func frozenJoiner() throws {
        for seed in Scenario.seeds {
            for moment in [Interruption.Moment.persist(.held), .openWatchdog, .adoption] {
                let world = try Scenario.whole(seed: seed, hosts: 3)
                world.powerOff(2)
                world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0, 1)) }
                world.interrupt(2, Interruption(before: moment, .freeze(world.timing.certainlyDead * 2)))
                world.powerOn(2)
                world.run(atMost: .seconds(30)) { $0.members(of: 0).contains(HostIndex(2)) }
                let first = world.view(of: 0).entries[HostIndex(2)].number
                world.run(for: world.timing.certainlyDead * 4)
                Scenario.keeps(world)
                #expect(world.runUntilWhole(atMost: .seconds(60)), Comment(rawValue: world.report))
                #expect(
                    world.view(of: 0).entries[HostIndex(2)].number > first,
                    Comment(rawValue: world.report)
                )
            }
        }
    }

    @Test("H6: datagrams of an earlier boot that arrive late certify nobody")
    func lateDatagrams() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: 3) {
                $0.network.delaysOneIn = 20
                $0.network.latestArrival = .seconds(30)
                $0.hosts.bootTime = .seconds(0.5)...TimeSpan.seconds(1)
            }
            world.reboot(1)
            world.runUntilWhole(atMost: .seconds(60))
            let number = world.number(of: 1)
            world.run(for: .seconds(40))
            Scenario.keeps(world)
            #expect(world.number(of: 1) == number, Comment(rawValue: world.report))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
        }
    }

    @Test("H6: writes of an earlier boot that land late certify nobody")
    func lateWrites() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: 3) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(15)
                $0.hosts.bootTime = .seconds(0.5)...TimeSpan.seconds(1)
            }
            for _ in 0..<3 {
                world.cutStorage(of: 1)
                world.run(for: .seconds(2))
                world.reboot(1)
                world.run(for: .seconds(0.2))
                world.healStorage(of: 1)
                world.run(for: .seconds(5))
            }
            #expect(world.runUntilWhole(atMost: .seconds(90)), Comment(rawValue: world.report))
            world.run(for: .seconds(20))
            Scenario.keeps(world)
            #expect(world.isWhole, Comment(rawValue: world.report))
        }
    }
}
