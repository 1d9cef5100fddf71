import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Expected outcomes of a pulled plug, storage cable and network cable")
struct OutcomeScenarioTests {
    @Test("power off: the others certify the host and it rejoins empty", arguments: [2, 3, 5], [0, 1])
    func powerOff(hosts: Int, victim: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            let start = world.now
            world.powerOff(victim)
            let rest = world.all.without(HostIndex(victim))
            let agreed = world.run(atMost: world.timing.certainlyDead + .seconds(2)) { $0.agrees(on: rest) }
            #expect(agreed, Comment(rawValue: world.report))
            let certificate = try #require(world.certificatesOf(victim).first)
            #expect(
                certificate.time - start <= world.timing.certainlyDead + .seconds(1),
                Comment(rawValue: world.report)
            )
            #expect(world.fenceCount == 0)
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "storage cable of two hosts: the host without storage fences, the other lives",
        arguments: [0, 1],
        [true, false]
    )
    func storageOfTwo(victim: Int, hangs: Bool) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 2)
            if hangs { world.cutStorage(of: victim) } else { world.failStorage(of: victim) }
            world.run(for: world.timing.certainlyDead + .seconds(6))
            Scenario.keeps(world)
            #expect(world.fenced == HostSet(HostIndex(victim)), Comment(rawValue: world.report))
            #expect(world.agrees(on: HostSet(HostIndex(1 - victim))), Comment(rawValue: world.report))
            world.run(for: .seconds(30))
            #expect(world.obstacle(of: victim) == .noStatefile)
            Scenario.becomesWhole(world)
            #expect(world.fenceCount == 1, Comment(rawValue: world.report))
        }
    }

    @Test(
        "storage cable of three or more hosts: the host stays, vouched for, and another one leads",
        arguments: [3, 4, 5],
        [0, 2]
    )
    func storageOfThree(hosts: Int, victim: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            world.cutStorage(of: victim)
            world.run(for: world.timing.certainlyDead * 3)
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            #expect(world.isStorageLost(victim))
            #expect(world.liveset(of: victim) == world.all)
            let master = try #require(world.actingMaster, Comment(rawValue: world.report))
            #expect(master != victim)
            Scenario.becomesWhole(world)
            #expect(world.fenceCount == 0)
        }
    }

    @Test("storage cable of three hosts with on-storage-loss = fence: the host fences")
    func fencePolicy() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3, configure: { $0.onStorageLoss = .fence })
            world.cutStorage(of: 1)
            world.run(for: world.timing.certainlyDead + .seconds(6))
            Scenario.keeps(world)
            #expect(world.fenced == Scenario.set(1), Comment(rawValue: world.report))
            #expect(world.agrees(on: Scenario.set(0, 2)), Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "network cable: the host whose link is down goes, whoever is master, whatever the order",
        arguments: [2, 3, 4, 5]
    )
    func networkCable(hosts: Int) throws {
        for seed in Scenario.seeds {
            for victim in 0..<hosts {
                let world = try Scenario.whole(seed: seed, hosts: hosts)
                world.cutNetwork(of: victim)
                world.run(for: world.timing.certainlyDead + world.timing.networkTimeout * 3 + .seconds(3))
                Scenario.keeps(world)
                #expect(world.fenced == HostSet(HostIndex(victim)), Comment(rawValue: world.report))
                #expect(
                    world.agrees(on: world.all.without(HostIndex(victim))),
                    Comment(rawValue: world.report)
                )
                Scenario.becomesWhole(world)
                #expect(world.fenceCount == 1, Comment(rawValue: world.report))
            }
        }
    }

    @Test("all storage gone: nobody fences", arguments: [1, 2, 3, 4, 5], [3.0, 6.0, 20.0, 90.0])
    func arrayGone(hosts: Int, seconds: Double) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            world.cutAllStorage()
            world.run(for: .seconds(seconds))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
        }
    }

    @Test(
        "the whole network gone: nobody fences, and a hold is told",
        arguments: [2, 3, 4, 5],
        [true, false]
    )
    func networkGone(hosts: Int, carrierGone: Bool) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            world.cutAllNetwork(carrierGone: carrierGone)
            world.run(for: .seconds(60))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            #expect(world.saw { if case .holdChanged(true) = $0 { true } else { false } })
            world.healAllNetwork()
            world.run(for: .seconds(30))
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            #expect(world.isWhole, Comment(rawValue: world.report))
        }
    }

    @Test("two hosts that stop hearing each other with the same netOK both stay and hold [FAULT-3]")
    func evenPartition() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 2)
            world.cutLinks(between: 0, and: 1)
            world.run(for: .seconds(60))
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
            #expect(world.fenceCount == 0)
        }
    }

    @Test("two hosts with on-even-partition = tie-break: one of them stays [FAULT-3]")
    func tieBreak() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(
                seed: seed,
                hosts: 2,
                configure: { $0.onEvenPartition = .tieBreak }
            )
            let master = try #require(world.actingMaster)
            world.cutLinks(between: 0, and: 1)
            world.run(for: .seconds(60))
            Scenario.keeps(world)
            #expect(world.fenceCount >= 1, Comment(rawValue: world.report))
            #expect(world.fenced == HostSet(HostIndex(1 - master)), Comment(rawValue: world.report))
        }
    }

    @Test("the heavier side of a partition stays; equal sides by netOK", arguments: Scenario.seeds)
    func partitionByWeight(seed: UInt64) throws {
        let world = try Scenario.whole(seed: seed, hosts: 4)
        for left in [0, 1] { for right in [2, 3] { world.cutLinks(between: left, and: right) } }
        world.run(for: .seconds(60))
        Scenario.keeps(world)
        #expect(world.fenced == Scenario.set(2, 3), Comment(rawValue: world.report))
        Scenario.becomesWhole(world)
    }

    @Test("one direction of one link cut: one host of the two goes, the rest stays", arguments: [3, 4, 5])
    func oneWayCut(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            world.cutLink(from: 0, to: 1)
            world.run(for: .seconds(40))
            Scenario.keeps(world)
            #expect(world.fenced.count == 1, Comment(rawValue: world.report))
            #expect(world.fenced.isSubset(of: Scenario.set(0, 1)))
            #expect(world.actingMaster != nil)
            Scenario.becomesWhole(world)
        }
    }

    @Test("the master is killed: the next one takes over", arguments: [2, 3, 5])
    func masterKilled(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            let master = try #require(world.actingMaster)
            world.powerOff(master)
            let next = world.run(atMost: world.timing.certainlyDead + .seconds(3)) {
                guard let acting = $0.actingMaster else { return false }
                return acting != master && $0.agrees(on: $0.all.without(HostIndex(master)))
            }
            #expect(next, Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }

    @Test("the operator moves the master: the other one acts, nobody fences")
    func moveMaster() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            let master = try #require(world.actingMaster)
            let next = (master + 1) % 3
            #expect(world.request(.moveMaster(HostIndex(next)), of: 2) == .accepted)
            let moved = world.run(atMost: .seconds(20)) { $0.actingMaster == next }
            #expect(moved, Comment(rawValue: world.report))
            #expect(world.fenceCount == 0)
            Scenario.keeps(world)
        }
    }
}
