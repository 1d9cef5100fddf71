import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Holes in views and mastership: H7 H9 H10 H11 H15 H16 H17 H20")
struct ViewHoleTests {
    @Test(
        "H7a: an old master that stands still, one that never acted and a new one never act together [VIEW-6]"
    )
    func threeMasters() throws {
        for seed in Scenario.manySeeds {
            for threads in [HostThreads.engine, .storage, .all] {
                let world = try Scenario.whole(seed: seed, hosts: 4)
                let first = try #require(world.actingMaster)
                let second = (first + 1) % 4
                world.freeze(first, for: world.timing.grace - .milliseconds(300), threads)
                world.request(.moveMaster(HostIndex(second)), of: (first + 2) % 4)
                world.run(atMost: .seconds(8)) { $0.view(of: (first + 2) % 4).master == HostIndex(second) }
                world.cutStorage(of: second)
                world.run(for: world.timing.certainlyDead * 3)
                Scenario.keeps(world)
                #expect(world.actingMaster != nil, Comment(rawValue: world.report))
                Scenario.becomesWhole(world)
            }
        }
    }

    @Test(
        "H7b: an old master that is storage-lost and vouched for does not keep the new one from acting",
        arguments: [3, 4, 5]
    )
    func vouchedOldMaster(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            let old = try #require(world.actingMaster)
            world.cutStorage(of: old)
            let taken = world.run(atMost: world.timing.certainlyDead * 2) { ($0.actingMaster ?? old) != old }
            #expect(taken, Comment(rawValue: world.report))
            #expect(world.fenceCount == 0)
            Scenario.keeps(world)
        }
    }

    @Test("H7: a restart of the daemon of a master leaves no moment with two")
    func masterRestarts() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            for _ in 0..<6 {
                guard let master = world.actingMaster else { break }
                world.crashDaemon(master)
                world.request(.moveMaster(HostIndex((master + 1) % 3)), of: (master + 2) % 3)
                world.run(for: .seconds(9))
            }
            Scenario.keeps(world)
            #expect(world.isWhole, Comment(rawValue: world.report))
        }
    }

    @Test(
        "H9: a decider whose storage stalls before its view is published does not act on it [VIEW-2a]",
        arguments: [2, 3, 4]
    )
    func decideThenStall(hosts: Int) throws {
        for seed in Scenario.manySeeds {
            for reboots in [true, false] {
                let world = try Scenario.whole(seed: seed, hosts: hosts) {
                    $0.storage.lateWriteLandsOneIn = 1 + Int(seed % 2)
                }
                for host in 0..<hosts {
                    world.interrupt(host, Interruption(before: .publication, .stallStorage))
                }
                world.powerOff(hosts - 1)
                world.run(for: world.timing.certainlyDead)
                if reboots { world.powerOn(hosts - 1) }
                world.run(for: world.timing.certainlyDead * 2)
                Scenario.keeps(world)
                Scenario.becomesWhole(world)
            }
        }
    }

    @Test("H10: a restarted daemon writes no ballot while a write of its former life may land [VIEW-3]")
    func lateBallots() throws {
        for seed in Scenario.manySeeds {
            for passing in 0...3 {
                let world = try Scenario.whole(seed: seed, hosts: 3) {
                    $0.storage.lateWriteLandsOneIn = 1
                    $0.storage.latestLanding = .seconds(5)
                }
                for host in 0..<2 {
                    world.interrupt(host, Interruption(before: .ballotWrite, .stallStorage, passing: passing))
                }
                world.powerOff(2)
                world.run(for: .seconds(6))
                for host in 0..<2 { world.crashDaemon(host) }
                world.run(for: .seconds(0.6))
                for host in 0..<2 { world.healStorage(of: host) }
                world.run(for: .seconds(30))
                Scenario.keeps(world)
                Scenario.becomesWhole(world)
            }
        }
    }

    @Test("H11: the whole network lost, edge by edge, fences nobody", arguments: [2, 3, 4, 5])
    func staggeredOutage(hosts: Int) throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            var chance = SeededRandom(seed: seed)
            for host in 0..<hosts {
                let offset = chance.span(.zero, .seconds(0.4))
                world.at(world.now + offset) { $0.cutNetwork(of: host) }
            }
            world.run(for: .seconds(45))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            for host in 0..<hosts {
                let offset = chance.span(.zero, .seconds(0.4))
                world.at(world.now + offset) { $0.healNetwork(of: host) }
            }
            world.run(for: .seconds(30))
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            #expect(world.isWhole, Comment(rawValue: world.report))
        }
    }

    @Test("H15: vouches of dead hosts keep nobody in the view [FAULT-1]")
    func staleVouches() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 5)
            world.cutStorage(of: 3)
            world.run(for: .seconds(10))
            // Host 4 vouches for host 3; now host 4 loses its storage, host 3 is back and vouches for host 4.
            world.cutStorage(of: 4)
            world.healStorage(of: 3)
            world.run(for: .seconds(10))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            world.powerOff(3)
            world.powerOff(4)
            world.run(for: world.timing.certainlyDead * 2 + world.timing.grace)
            Scenario.keeps(world)
            #expect(world.agrees(on: Scenario.set(0, 1, 2)), Comment(rawValue: world.report))
        }
    }

    @Test("H16: start orders of a replaced master start nothing twice [ACT-1] [ACT-3]", arguments: [2, 3, 4])
    func lateOrders(hosts: Int) throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts) { $0.hosts.guests = 4 }
            world.run(for: .seconds(20))
            for _ in 0..<3 {
                guard let master = world.actingMaster else { break }
                world.interrupt(master, Interruption(before: .send, .freeze(world.timing.grace)))
                world.powerOff((master + 1) % hosts)
                world.run(for: world.timing.certainlyDead * 2)
                Scenario.keeps(world)
                Scenario.becomesWhole(world)
                world.run(for: .seconds(15))
            }
            #expect(world.saw { if case .guestStarted = $0 { true } else { false } })
        }
    }

    @Test(
        "H17: a disable reaches a vouched host without storage, and it does not die of it [LEAVE-2]",
        arguments: [3, 5]
    )
    func disableWithStorageLost(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts)
            world.cutStorage(of: hosts - 1)
            world.run(for: .seconds(10))
            #expect(world.request(.disable, of: 0) == .accepted)
            world.run(for: .seconds(40))
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            for host in 0..<hosts { #expect(!world.isArmed(host), Comment(rawValue: world.report)) }
        }
    }

    @Test(
        "H20: the slot shows the ballot flag before the first ballot record of an instance is written [VIEW-1]"
    )
    func flagBeforeBallot() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 4)
            var shown = [Epoch](repeating: .zero, count: 4)
            world.powerOff(3)
            world.run(atMost: .seconds(25)) { world in
                for host in 0..<3 {
                    let record = world.ballotOnDisk(of: host)
                    let flag = world.slotOnDisk(of: host).ballotInstance
                    if record.mbal != .none, record.instance > record.decided.epoch,
                        record.instance != shown[host]
                    {
                        #expect(flag == record.instance, Comment(rawValue: world.report))
                        shown[host] = record.instance
                    }
                }
                return false
            }
            Scenario.keeps(world)
            #expect(shown.contains { $0 > .zero })
        }
    }

    @Test("SAFE-3: several proposers at once decide one view")
    func duel() throws {
        var rivals = 0
        for seed: UInt64 in 1...(Scenario.isLong ? 200 : 24) {
            let hosts = 3 + Int(seed % 2)
            var chance = SeededRandom(seed: seed)
            let world = try Scenario.whole(seed: seed, hosts: hosts) {
                $0.storage.latency = .seconds(0.002)...TimeSpan.seconds(0.04)
            }
            for _ in 0..<6 {
                for host in 0..<hosts {
                    if chance.oneIn(2) {
                        let passing = chance.oneIn(4) ? 0 : 1
                        world.interrupt(
                            host,
                            Interruption(before: .ballotWrite, .awaitRival(.seconds(3)), passing: passing)
                        )
                    }
                    if chance.oneIn(3) {
                        world.interrupt(host, Interruption(before: .publication, .freeze(.seconds(2.5))))
                    }
                }
                let first = chance.below(hosts)
                let second = (first + 1) % hosts
                world.request(.moveMaster(HostIndex(second)), of: first)
                world.run(for: chance.span(.zero, .seconds(0.8)))
                world.request(.moveMaster(HostIndex(chance.below(hosts))), of: second)
                world.run(for: .seconds(6))
            }
            Scenario.keeps(world)
            rivals += world.rivalProposals
            Scenario.becomesWhole(world)
        }
        #expect(rivals > 0, "the proposals of these duels are the same: the test tests nothing")
    }

    @Test("a proposer whose reads fail after its flag never goes below its own former ballots [VIEW-1]")
    func ballotsNeverGoDown() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: 2)
            // The first ballot of host 0 is written, its reads fail; so it writes a second one. Then
            // it crashes.
            world.interrupt(0, Interruption(before: .ballotWrite, .stallAfterSlot))
            world.powerOff(1)
            world.run(atMost: .seconds(20)) { $0.saw(on: 0) { $0 == .storageStall } }
            world.run(for: .seconds(0.7))
            world.healStorage(of: 0)
            let second = BallotNumber.none.next(for: HostIndex(0)).next(for: HostIndex(0))
            let isHigher = world.run(atMost: .seconds(10)) { $0.ballotOnDisk(of: 0).mbal >= second }
            try #require(isHigher, Comment(rawValue: world.report))
            world.crashDaemon(0)
            // The next run shows its flag and cannot read what its former life had promised.
            world.interrupt(0, Interruption(before: .flag, .stallAfterSlot))
            world.run(for: .seconds(4))
            world.healStorage(of: 0)
            world.run(for: .seconds(20))
            Scenario.keeps(world)
            Scenario.becomesWhole(world)
        }
    }
}
