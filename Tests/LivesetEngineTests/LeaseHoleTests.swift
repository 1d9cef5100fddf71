import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("Holes in leases and feeds: H1 H8 H12 H13 H14 H18 H19")
struct LeaseHoleTests {
    /// A pool of two whose host 1 loses its storage and stands still between its last check and the feed.
    private func stallBeforeFeed(seed: UInt64, sysrqBroken: Bool, stop: TimeSpan) throws -> World {
        let world = try Scenario.whole(seed: seed, hosts: 2) { $0.tracesChatter = true }
        world.cutStorage(of: 1)
        if sysrqBroken { world.breakSysrq(1) }
        // The check that comes last before the lease ends.
        world.run(atMost: .seconds(20)) {
            $0.leaseLeft(of: 1) <= $0.timing.feedPeriod && $0.leaseLeft(of: 1) > .zero
        }
        world.interrupt(1, Interruption(before: .feed, .freeze(stop)))
        world.run(for: world.timing.certainlyDead * 2)
        return world
    }

    @Test("H1: a stop of almost W between check and feed, and a watchdog that lasts W more, stay within D")
    func checkThenFeed() throws {
        for seed in Scenario.manySeeds {
            let timing = Timing(.fast)
            let world = try stallBeforeFeed(
                seed: seed,
                sysrqBroken: true,
                stop: timing.watchdog - .milliseconds(30)
            )
            Scenario.keeps(world)
            #expect(world.fenceCount(of: 1) == 1, Comment(rawValue: world.report))
            #expect(world.resetCount(.watchdog) == 1)
            #expect(world.certificatesOf(1).count == 1, Comment(rawValue: world.report))
        }
    }

    @Test("H1: when more than q passed between check and feed, the host fences at once [TIME-1]")
    func rereadsTheClock() throws {
        for seed in Scenario.seeds {
            let timing = Timing(.fast)
            let world = try stallBeforeFeed(
                seed: seed,
                sysrqBroken: false,
                stop: timing.feedPeriod + .milliseconds(200)
            )
            Scenario.keeps(world)
            #expect(world.resetCount(.sysrq) == 1, Comment(rawValue: world.report))
        }
    }

    @Test("SAFE-4: a fence loop that stops is reset by the watchdog, without any code having to notice")
    func frozenFence() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.freeze(1, for: .seconds(60), .fence)
            world.run(for: world.timing.watchdog + world.timing.resetDelay + .seconds(1))
            #expect(world.fenceCount(of: 1) == 1, Comment(rawValue: world.report))
            world.run(for: .seconds(30))
            Scenario.keeps(world)
        }
    }

    @Test("SAFE-4: an engine that stops lets the lease run out, and the host is reset")
    func frozenEngine() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.freeze(1, for: .seconds(60), .engine)
            world.run(for: world.timing.grace + world.timing.watchdog + world.timing.resetDelay + .seconds(1))
            #expect(world.fenceCount(of: 1) == 1, Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "H8: a daemon that crashes again and again keeps no host alive without a lease [LEASE-2]",
        arguments: [true, false]
    )
    func crashLoop(keepsDescriptor: Bool) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3) {
                $0.hosts.keepsDescriptor = keepsDescriptor
                $0.hosts.daemonRestartTime = .seconds(0.05)...TimeSpan.seconds(0.1)
            }
            world.cutStorage(of: 1)
            world.cutNetwork(of: 1)
            let lease = world.leaseLeft(of: 1)
            let timing = world.timing
            for _ in 0..<60 {
                world.crashDaemon(1)
                world.run(for: timing.watchdog / 4)
                if world.fenceCount(of: 1) > 0 { break }
            }
            #expect(world.fenceCount(of: 1) == 1, Comment(rawValue: world.report))
            let reset = try #require(world.first(on: 1) { if case .reset = $0 { true } else { false } })
            #expect(reset.time <= world.now, "\(lease)")
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "H12: a grant composed before a stop and sent after it dates from the evidence, not from its sending [TIME-4]"
    )
    func lateGrant() throws {
        for seed in Scenario.manySeeds {
            for passing in 0...3 {
                let world = try Scenario.whole(seed: seed, hosts: 4)
                world.breakSysrq(3)
                world.cutStorage(of: 3)
                world.run(for: world.timing.grace)
                // One voucher stands still with a composed heartbeat in hand while the others put host 3 out.
                world.interrupt(
                    0,
                    Interruption(
                        before: .send,
                        .freeze(world.timing.watchdog - .milliseconds(50)),
                        passing: passing
                    )
                )
                world.cutLinks(between: 3, and: 1)
                world.cutLinks(between: 3, and: 2)
                world.request(.fence(HostIndex(3)), of: 1)
                world.run(for: world.timing.certainlyDead * 2)
                Scenario.keeps(world)
                #expect(!world.certificatesOf(3).isEmpty, Comment(rawValue: world.report))
            }
        }
    }

    @Test("H13: a restarted member says all-lost only after a good round of its own [LEASE-A]")
    func restartedSaysNothing() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 2) { $0.hosts.keepsDescriptor = true }
            world.cutAllStorage()
            world.run(for: .seconds(6))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            world.crashDaemon(1)
            world.run(for: .seconds(20))
            // The other host had only this one's word; both end, none is certified while it lives.
            Scenario.keeps(world)
            #expect(world.fenceCount == 2, Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "H14: the first adoption fences nobody, however slow the disk is [LEASE-3]",
        arguments: [1, 2, 3, 5]
    )
    func firstAdoption(hosts: Int) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: hosts) {
                $0.storage.latency = .seconds(0.01)...TimeSpan.seconds(0.1)
                $0.hosts.persistTime = .seconds(0.05)...TimeSpan.seconds(0.5)
            }
            world.run(for: .seconds(30))
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
        }
    }

    @Test("H18: two of three live on vouches; when one of them goes the other stays [LEASE-M]")
    func shrinkingMajority() throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 3)
            world.cutStorage(of: 1)
            world.cutStorage(of: 2)
            world.run(for: .seconds(15))
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            world.powerOff(2)
            world.run(for: world.timing.certainlyDead * 2)
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            #expect(world.members(of: 0) == Scenario.set(0, 1), Comment(rawValue: world.report))
            Scenario.becomesWhole(world)
        }
    }

    @Test(
        "H19: an array that returns to two hosts at different times fences nobody",
        arguments: [1.0, 3.0, 10.0, 25.0]
    )
    func skewedReturn(skew: Double) throws {
        for seed in Scenario.seeds {
            let world = try Scenario.whole(seed: seed, hosts: 2)
            world.cutAllStorage()
            world.run(for: .seconds(20))
            world.healStorage(of: 0)
            world.run(for: .seconds(skew))
            world.healStorage(of: 1)
            world.run(for: .seconds(20))
            Scenario.keeps(world)
            #expect(world.fenceCount == 0, Comment(rawValue: world.report))
            #expect(world.isWhole, Comment(rawValue: world.report))
        }
    }

    @Test("LEASE-A: a host alone that may have decided a view it cannot read does not live on for ever")
    func aloneAndUnpublished() throws {
        for seed in Scenario.manySeeds {
            let world = try Scenario.whole(seed: seed, hosts: 2) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(1)
                $0.storage.latency = .seconds(0.01)...TimeSpan.seconds(0.03)
            }
            world.powerOff(1)
            world.run(atMost: .seconds(30)) { $0.agrees(on: Scenario.set(0)) }
            world.run(for: .seconds(3))
            world.breakSysrq(0)
            world.powerOn(1)
            // Host 0 decides {0, 1}; the publishing write reaches the disk, its answer does not come back.
            let decided = world.run(atMost: .seconds(40)) { $0.ballotOnDisk(of: 0).decided.members == $0.all }
            try #require(decided, Comment(rawValue: world.report))
            guard world.members(of: 0) == Scenario.set(0) else { continue }
            world.cutStorage(of: 0)
            world.cutNetwork(of: 0)
            world.run(for: world.timing.certainlyDead * 3)
            Scenario.keeps(world)
            #expect(world.fenceCount(of: 0) == 1, Comment(rawValue: world.report))
        }
    }
}
