import HeartbeatWire
import LivesetEngine
import NodeRuntime
import PoolModel
import Simulator
import Testing

@Suite("Faults of hosts and their devices")
struct HostFaultTests {
    @Test("a watchdog that takes no food fences its host in time [TIME-1]")
    func noFood() throws {
        let world = try CalmPool.make()
        world.failFeeds(1)
        world.run(for: world.timing.watchdog + world.timing.resetDelay + .seconds(1))
        #expect(world.fenceCount(of: 1) == 1, Comment(rawValue: world.report))
        CalmPool.keeps(world)
    }

    @Test("a watchdog that cannot be stopped is fed after a clean leave, and resets nobody")
    func noWayOut() throws {
        let world = try CalmPool.make()
        world.setNoWayOut(1)
        world.request(.leave, of: 1)
        let left = world.run(atMost: .seconds(20)) { $0.phase(of: 1) == .left }
        #expect(left)
        world.run(for: .seconds(30))
        #expect(world.isArmed(1))
        #expect(world.fenceCount == 0, Comment(rawValue: world.report))
    }

    @Test(
        "a watchdog resets when its time is over, or as late as its driver promises",
        arguments: [WatchdogLateness.none, .full]
    )
    func lateness(lateness: WatchdogLateness) throws {
        let world = try CalmPool.make { $0.hosts.clocksDiffer = false }
        world.setWatchdogLateness(1, lateness)
        world.run(for: .seconds(2))
        let frozenAt = world.now
        world.freeze(1, for: .seconds(60), .fence)
        world.run(for: .seconds(10))
        let reset = try #require(
            world.entries(on: 1) { if case .reset(.watchdog) = $0 { true } else { false } }.first
        )
        let least = world.timing.watchdog - world.timing.feedPeriod
        let promise = lateness == .full ? world.timing.resetDelay : .zero
        #expect(reset.time - frozenAt >= least + promise)
        #expect(reset.time - frozenAt <= world.timing.watchdog + promise + .milliseconds(1))
    }

    @Test("a host whose own file cannot be written does not join until it can [INC-1]")
    func fullDisk() throws {
        let world = try CalmPool.make()
        world.failPersists(1)
        world.reboot(1)
        world.run(for: .seconds(40))
        #expect(world.phase(of: 1) != .member)
        #expect(world.saw(on: 1) { if case .persisted(_, false) = $0 { true } else { false } })
        world.failPersists(1, false)
        #expect(world.runUntilWhole(atMost: .seconds(60)), Comment(rawValue: world.report))
        CalmPool.keeps(world)
    }

    @Test(
        "a daemon that cannot read its own file neither goes on under its number nor takes another [INC-1]"
    )
    func spoiltFile() throws {
        let world = try CalmPool.make()
        world.spoilOwnFile(1)
        world.crashDaemon(1)
        world.run(for: .seconds(1))
        #expect(world.number(of: 1) == .none, Comment(rawValue: world.report))
        // Nobody feeds the watchdog that its former run armed.
        world.run(for: world.timing.watchdog + world.timing.resetDelay)
        #expect(world.fenced == HostSet(HostIndex(1)), Comment(rawValue: world.report))
        #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
        #expect(world.fenceCount == 1)
    }

    @Test(
        "a number whose tombstone is out is not taken up again, although the slot still says member [INC-1]"
    )
    func spentUnseen() throws {
        let world = try CalmPool.make(1)
        // The tombstone hangs in the path.
        world.cutStorage(of: 0)
        world.request(.leave, of: 0)
        let isSpent = world.run(atMost: .seconds(2)) { $0.file(of: 0)?.mark == .spent }
        try #require(isSpent)
        world.spoilOwnFile(0)
        world.crashDaemon(0)
        world.healStorage(of: 0)
        world.run(for: .seconds(20))
        CalmPool.keeps(world)
        #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
    }

    @Test(
        "a run that can read neither its own file nor its slot takes no new number beside a held one [INC-1]"
    )
    func spoiltFileAndSlot() throws {
        let world = try CalmPool.make()
        world.setGuests(1, running: true)
        let before = try world.storage(of: 1)
        world.tearNextWrite(of: 1)
        let isTorn = world.run(atMost: .seconds(2)) {
            $0.statefileStatistics(of: 1)?.failedWriteCount != before.failedWriteCount
        }
        try #require(isTorn)
        world.spoilOwnFile(1)
        world.crashDaemon(1)
        world.run(for: world.timing.certainlyDead * 2)
        CalmPool.keeps(world)
        #expect(world.obstacle(of: 1) == .quarantine || world.number(of: 1) == IncarnationNumber(2))
        #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
    }

    @Test("a clock that runs fast shows more than has passed")
    func clockRate() throws {
        let world = try CalmPool.make { $0.hosts.clocksDiffer = false }
        world.setClockRate(of: 1, partsPerMillion: 500)
        let before = try #require(world.status(of: 1)).takenAt
        world.run(for: .seconds(100))
        let after = try #require(world.status(of: 1)).takenAt
        #expect(after - before == .seconds(100.05))
        CalmPool.keeps(world)
    }

    @Test("sysrq that is mended resets at once again")
    func mendedSysrq() throws {
        let world = try CalmPool.make()
        world.breakSysrq(1)
        world.mendSysrq(1)
        world.request(.fence(HostIndex(1)), of: 1)
        world.run(for: .seconds(5))
        #expect(world.resetCount(.sysrq) == 1, Comment(rawValue: world.report))
    }

    @Test("each loop alone can stand still, and the daemon notices it where it should")
    func eachLoopAlone() throws {
        let world = try CalmPool.make()
        world.freeze(1, for: world.timing.storageTimeout + .seconds(1), .storage)
        world.run(for: world.timing.storageTimeout + .seconds(0.9))
        #expect(world.isStorageLost(1), Comment(rawValue: world.report))
        world.run(for: .seconds(10))
        #expect(world.isWhole)
        let fed = world.now
        world.freeze(1, for: world.timing.watchdog / 2, .fence)
        world.run(for: .seconds(10))
        #expect(world.fenceCount == 0)
        world.freeze(1, for: world.timing.networkTimeout + .seconds(1), .engine)
        world.run(for: world.timing.networkTimeout + .seconds(0.9))
        #expect(
            world.entries(on: 0) { if case .peerUnheard(HostIndex(1)) = $0 { true } else { false } }
                .contains { $0.time > fed }
        )
        CalmPool.keeps(world)
    }

    @Test("the pool's key is rotated host by host, and no heartbeat is lost on the way")
    func rotatedKey() throws {
        let world = try CalmPool.make()
        let (old, new): (UInt64, UInt64) = (World.keyAtStart, 77)
        for pair in [(old, new), (new, old)] {
            for host in 0..<3 {
                world.setKeys(host, current: pair.0, previous: pair.1)
                world.restartDaemon(host)
                world.run(for: .seconds(8))
                #expect(world.isWhole, Comment(rawValue: world.report))
            }
        }
        #expect(try world.gate(of: 0).underPreviousKey > 0)
        #expect(try world.gate(of: 0)[.wrongCode] == 0)
        #expect(world.fenceCount == 0)
    }

    @Test("threads that take their time to wake still make a pool")
    func slowWakes() throws {
        let world = try CalmPool.make { $0.hosts.wakeTime = .zero...TimeSpan.seconds(0.02) }
        world.powerOff(2)
        world.run(for: world.timing.certainlyDead * 2)
        CalmPool.keeps(world)
        #expect(world.agrees(on: HostSet(first: 2)), Comment(rawValue: world.report))
    }
}
