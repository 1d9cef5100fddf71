import HeartbeatWire
import LivesetEngine
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileLayout
import Testing

/// The engine loop with real engines over memory: `LoopWorld`.
@Suite struct EngineLoopTests {
    private static func world(_ hostCount: Int = 3) throws -> LoopWorld<SumAuthenticator> {
        try LoopWorld(hostCount: hostCount, authenticator: { SumAuthenticator(key: 1) })
    }

    @Test func theLoopsOfThreeHostsFormAPool() throws {
        let world = try Self.world()
        world.run(for: .seconds(60))
        for host in world.hosts {
            let status = try #require(host.status)
            #expect(status.view.members == HostSet(first: 3))
            #expect(status.view.state == .active)
            #expect(host.fenceLink.phase == .feeding)
            #expect(host.hardware.fireCount == 0)
        }
        #expect(world.hosts.count { $0.status?.isActingMaster == true } == 1)
    }

    @Test func theOthersRemoveAHostThatStops() throws {
        let world = try Self.world()
        world.run(for: .seconds(60))
        world.hosts[2].runs = false
        world.run(for: .seconds(60))
        for host in world.hosts.prefix(2) {
            let status = try #require(host.status)
            #expect(status.liveset == HostSet(first: 2))
            #expect(host.hardware.fireCount == 0)
        }
    }

    @Test func aHostThatLosesEverythingIsResetWithinItsBound() throws {
        let world = try Self.world(2)
        world.run(for: .seconds(60))
        world.network.isCut = { _, _ in true }
        world.disk.isLost = true
        let lostAt = world.time.now
        world.run(for: .seconds(15))
        let timing = Timing(.fast)
        for host in world.hosts {
            let fired = try #require(host.hardware.firedAt)
            #expect(fired - lostAt <= timing.grace + .seconds(1) + .milliseconds(20))
        }
    }

    @Test func takesAtMostSixtyFourDatagramsATurn() throws {
        let world = try Self.world(2)
        world.hosts[1].runs = false
        let garbage = [UInt8](repeating: 0x5A, count: 200)
        for _ in 0..<200 { world.network.carry(garbage.span, from: nil, to: HostIndex(0), over: 0) }
        world.hosts[0].turn()
        #expect(world.network.waiting(for: HostIndex(0)) == 200 - 64)
        for _ in 0..<3 { world.hosts[0].turn() }
        #expect(world.network.waiting(for: HostIndex(0)) == 0)
    }

    @Test func aFloodOfGarbageIsCountedAndDelaysNoTick() throws {
        let world = try Self.world(3)
        world.run(for: .seconds(60))
        let garbage = [UInt8](repeating: 0x5A, count: 300)
        for _ in 0..<500 {
            for _ in 0..<100 { world.network.carry(garbage.span, from: nil, to: HostIndex(0), over: 1) }
            world.run(for: .milliseconds(20))
        }
        let statistics = try #require(world.hosts[0].engineLink.statistics.read())
        #expect(statistics.heartbeats[.wrongMagic] > 10_000)
        #expect(statistics.lateTickCount == 0)
        #expect(world.hosts[0].status?.view.members == HostSet(first: 3))
        #expect(world.hosts[0].hardware.fireCount == 0)
    }

    @Test func showsWhenEachPeerWasHeardOverEachNetwork() throws {
        let world = try Self.world()
        world.run(for: .seconds(10))
        let statistics = try #require(world.hosts[0].engineLink.statistics.read())
        for network in 0..<2 {
            let age = statistics.takenAt - statistics.lastHeard[HostIndex(1)][network]
            #expect(age <= Timing(.fast).heartbeatInterval * 2)
        }
        #expect(statistics.lastHeard[HostIndex(1)][2] == .distantPast)
    }

    @Test func answersAWantedStatusWithOneTakenAfterIt() throws {
        let world = try Self.world(1)
        world.run(for: .seconds(1))
        let link = world.hosts[0].engineLink
        let before = link.status.publicationCount
        world.time.advance(.milliseconds(1))
        let askedAt = world.time.now
        #expect(link.post(.statusWanted(ticket: 42), by: .bridge))
        world.hosts[0].turn()
        let answer = try #require(link.answers.pop())
        #expect(answer.ticket == 42)
        #expect(answer.answer == .accepted)
        #expect(answer.publication > before)
        #expect(try #require(link.status.read()).takenAt >= askedAt)
    }

    @Test func answersAnOperatorsRequestWithTheEnginesAnswer() throws {
        let world = try Self.world(2)
        world.run(for: .seconds(60))
        let link = world.hosts[0].engineLink
        link.post(.guestsObserved(running: true), by: .bridge)
        link.post(.requested(.leave, ticket: 1), by: .bridge)
        world.hosts[0].turn()
        #expect(link.answers.pop()?.answer == .guestsRun)
        link.post(.guestsObserved(running: false), by: .bridge)
        link.post(.requested(.leave, ticket: 2), by: .bridge)
        world.hosts[0].turn()
        #expect(link.answers.pop()?.answer == .accepted)
        world.run(for: .seconds(30))
        #expect(world.hosts[0].fenceLink.phase == .disarmed)
        #expect(world.hosts[1].status?.liveset == HostSet(HostIndex(1)))
    }

    @Test func publishesAboutFiveTimesASecond() throws {
        let world = try Self.world(1)
        world.run(for: .seconds(5))
        let before = world.hosts[0].engineLink.status.publicationCount
        world.run(for: .seconds(10))
        let made = world.hosts[0].engineLink.status.publicationCount - before
        #expect((45...80).contains(made))
    }
}
