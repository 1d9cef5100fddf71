import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("The world as a whole")
struct WorldTests {
    /// Everything at once, in a world of this seed.
    private func stormyDay(seed: UInt64) throws -> World {
        let world = try CalmPool.make(4, seed: seed) {
            $0.tracesChatter = true
            $0.network.count = 2
            ($0.network.losesOneIn, $0.network.replaysOneIn, $0.network.forgesOneIn) = (20, 20, 20)
            ($0.hosts.guests, $0.storage.failsOneIn) = (4, 50)
        }
        world.freeze(0, for: .seconds(3))
        world.crashDaemon(1)
        world.run(for: .seconds(20))
        world.cutStorage(of: 2)
        world.run(for: .seconds(20))
        world.reboot(3)
        world.clogNetwork(of: 0)
        world.run(for: .seconds(10))
        world.healEverything()
        world.run(for: .seconds(60))
        return world
    }

    @Test("the same seed gives the same trace, to the last datagram", arguments: [UInt64(1), 2, 3])
    func isDeterministic(seed: UInt64) throws {
        let first = try stormyDay(seed: seed)
        let second = try stormyDay(seed: seed)
        #expect(first.trace.entries.count == second.trace.entries.count)
        #expect(first.trace.fingerprint == second.trace.fingerprint)
        #expect(first.eventCount == second.eventCount)
        CalmPool.keeps(first)
    }

    @Test("another seed gives another trace")
    func seedsDiffer() throws {
        #expect(try stormyDay(seed: 1).trace.fingerprint != stormyDay(seed: 2).trace.fingerprint)
    }

    @Test("more fences than a phase allows are a broken promise [LIVE-2]")
    func limitsFences() throws {
        let world = try CalmPool.make()
        world.limitFences(to: 1)
        world.request(.fence(HostIndex(1)), of: 1)
        world.run(for: .seconds(5))
        CalmPool.keeps(world)
        world.request(.fence(HostIndex(2)), of: 2)
        world.run(for: .seconds(5))
        #expect(world.violation?.hasPrefix("[LIVE-2]") == true, Comment(rawValue: world.report))
    }

    @Test("protected guests are placed once, and again after their host is lost")
    func placesGuests() throws {
        let world = try CalmPool.make { $0.hosts.guests = 4 }
        world.run(for: .seconds(20))
        #expect(world.areGuestsPlaced)
        world.powerOff(1)
        world.run(for: .milliseconds(1))
        let wasLost = !world.areGuestsPlaced
        world.run(for: world.timing.certainlyDead * 2)
        #expect(world.areGuestsPlaced, Comment(rawValue: world.report))
        #expect(wasLost || world.entries { if case .guestStarted = $0 { true } else { false } }.count == 4)
    }
}
