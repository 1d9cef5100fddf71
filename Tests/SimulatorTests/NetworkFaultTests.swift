import HeartbeatWire
import LivesetEngine
import NodeRuntime
import PoolModel
import Simulator
import Testing

@Suite("Faults of the network are facts about datagrams")
struct NetworkFaultTests {
    @Test("a damaged datagram is dropped by the gate and counted, each one")
    func damaged() throws {
        let world = try CalmPool.make()
        let before = try world.gate(of: 1)
        world.corruptDatagrams(from: 0, to: 1, count: 6)
        world.run(for: .seconds(10))
        let after = try world.gate(of: 1)
        #expect(after.rejectedCount - before.rejectedCount == 6)
        #expect(after[.wrongCode] > before[.wrongCode])
        #expect(world.isWhole, Comment(rawValue: world.report))
    }

    @Test(
        "a forged datagram is dropped by the gate for its own cause",
        arguments: zip(
            Forgery.allCases,
            [
                RejectionCause.wrongCode, .otherGeneration, .otherAddress, .ownSender, .unknownSender,
                .newerFormat, .tooShort, .tooLong, .wrongMagic,
            ]
        )
    )
    func forged(forgery: Forgery, cause: RejectionCause) throws {
        let world = try CalmPool.make()
        let before = try world.gate(of: 2)
        // Garbage is too short now and then.
        for _ in 0..<4 { world.forgeDatagram(forgery, as: 0, to: 2) }
        world.run(for: .seconds(1))
        let after = try world.gate(of: 2)
        #expect(after[cause] > before[cause], "\(forgery)")
        #expect(after.rejectedCount - before.rejectedCount == 4)
        world.run(for: .seconds(30))
        #expect(world.isWhole, Comment(rawValue: world.report))
    }

    @Test("datagrams of a former life, sent once more, are no news of the present one")
    func replayed() throws {
        let world = try CalmPool.make()
        world.reboot(1)
        world.run(for: .seconds(4))
        #expect(world.runUntilWhole(atMost: world.convergenceBound), Comment(rawValue: world.report))
        let before = try world.gate(of: 0)
        #expect(world.replayDatagrams(of: 1, to: 0, count: 40))
        world.run(for: .seconds(1))
        let after = try world.gate(of: 0)
        #expect(after[.lowerIncarnation] > before[.lowerIncarnation])
        world.run(for: .seconds(20))
        CalmPool.keeps(world)
        #expect(world.isWhole, Comment(rawValue: world.report))
    }

    @Test("a clogged link lets nothing through, and then everything at once")
    func clogged() throws {
        let world = try CalmPool.make()
        world.clogLink(from: 0, to: 1)
        world.run(for: world.timing.networkTimeout - .milliseconds(100))
        let before = try world.gate(of: 1)
        world.run(for: .milliseconds(50))
        world.unclogLink(from: 0, to: 1)
        world.run(for: .milliseconds(2))
        let after = try world.gate(of: 1)
        #expect(after.accepted - before.accepted >= 3)
        CalmPool.keeps(world)
    }

    @Test("a link that is clogged for Tn makes its sender unheard")
    func cloggedForLong() throws {
        let world = try CalmPool.make()
        world.clogLink(from: 0, to: 1)
        world.run(for: world.timing.networkTimeout + .seconds(0.5))
        #expect(world.saw(on: 1) { if case .peerUnheard(HostIndex(0)) = $0 { true } else { false } })
        world.unclogLink(from: 0, to: 1)
        world.run(for: .seconds(1))
        #expect(world.saw(on: 1) { if case .peerHeard(HostIndex(0)) = $0 { true } else { false } })
    }

    @Test("with two networks each heartbeat comes twice, and one dead switch costs nothing but that")
    func twoNetworks() throws {
        let world = try CalmPool.make { $0.network.count = 2 }
        let start = try world.gate(of: 0)
        world.run(for: .seconds(10))
        let both = try world.gate(of: 0)
        #expect(both.duplicates - start.duplicates == both.accepted - start.accepted)
        world.cutSwitch(0)
        world.run(for: .seconds(20))
        let one = try world.gate(of: 0)
        #expect(one.duplicates - both.duplicates <= 2)
        #expect(one.accepted - both.accepted > 60)
        #expect(world.fenceCount == 0)
        #expect(world.isWhole, Comment(rawValue: world.report))
        // Carrier is lost below one network: netOK is false, and comes back later.
        #expect(world.status(of: 0)?.netOK == false)
        world.healSwitch(0)
        world.run(for: .seconds(10))
        #expect(world.status(of: 0)?.netOK == true)
    }

    @Test("each of four networks can be cut for each host alone", arguments: 0..<4)
    func fourNetworks(network: Int) throws {
        let world = try CalmPool.make { $0.network.count = 4 }
        for other in 0..<4 where other != network { world.cutNetwork(other, of: 1) }
        world.run(for: .seconds(20))
        #expect(world.fenceCount == 0)
        #expect(world.isWhole, Comment(rawValue: world.report))
        world.cutNetwork(network, of: 1)
        world.run(for: world.timing.networkTimeout * 2)
        #expect(world.saw(on: 0) { if case .peerUnheard(HostIndex(1)) = $0 { true } else { false } })
    }

    @Test("one direction of one link is cut, the other is not")
    func oneWay() throws {
        let world = try CalmPool.make(2)
        world.cutLink(from: 0, to: 1)
        world.run(for: world.timing.networkTimeout + .seconds(1))
        #expect(world.saw(on: 1) { if case .peerUnheard(HostIndex(0)) = $0 { true } else { false } })
        #expect(!world.saw(on: 0) { if case .peerUnheard(HostIndex(1)) = $0 { true } else { false } })
    }

    @Test("loss, delay, doubling, damage, forgery and replay all at once break nothing")
    func badWeather() throws {
        let world = try CalmPool.make(4)
        world.changeNetwork {
            ($0.losesOneIn, $0.repeatsOneIn, $0.delaysOneIn) = (10, 10, 10)
            ($0.corruptsOneIn, $0.forgesOneIn, $0.replaysOneIn) = (10, 10, 10)
        }
        world.run(for: .seconds(120))
        CalmPool.keeps(world)
        let counters = try world.gate(of: 0)
        for cause in [RejectionCause.wrongCode, .overtaken, .otherGeneration, .ownSender] {
            #expect(counters[cause] > 0, "\(cause)")
        }
    }
}
