import FlightFormat
import Foundation
import LivesetEngine
import NodeRuntime
import PoolModel
import RuntimeFakes
import Synchronization
import Testing

/// What a host recorded, taken again by a fresh engine, gives the same orders in the same order.
@Suite struct FlightRecorderTests {
    private typealias World = LoopWorld<SumAuthenticator>

    private static func world(_ hostCount: Int, flightBytes: Int = 1 << 22) throws -> World {
        try LoopWorld(
            hostCount: hostCount,
            flightBytes: flightBytes,
            authenticator: { SumAuthenticator(key: 1) }
        )
    }

    @Test func aPoolThatFormsReplaysFromTheFirstStep() throws {
        let world = try Self.world(3)
        world.run(for: .seconds(60))
        for host in world.hosts {
            let tape = try FlightTape(try #require(host.flight), own: host.own, keepsOrders: true)
            #expect(tape.firstStep == "begin")
            #expect(tape.differentCount == 0)
            #expect(tape.unknownCount <= 1)
            #expect(tape.stepCount > 1000)
            #expect(tape.decidedCount > 100)
            #expect(tape.orders.contains { $0.contains("viewAdopted") })
        }
    }

    /// Cuts, storage losses, stops and requests at random: every host's recording replays.
    @Test(arguments: 1...12) func everyRecordingOfARandomRunReplays(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        let hostCount = 2 + Int(seed % 4)
        let world = try Self.world(hostCount, flightBytes: 300_000)
        world.run(for: .seconds(40))
        for _ in 0..<12 {
            Self.play(random.below(8), in: world, &random)
            world.run(for: .seconds(Double(1 + random.below(12))))
        }
        var decided = 0
        for host in world.hosts {
            let tape = try FlightTape(try #require(host.flight), own: host.own)
            #expect(tape.differentCount == 0, "seed \(seed), host \(host.own)")
            #expect(tape.brokenCount == 0, "seed \(seed), host \(host.own)")
            #expect(tape.unknownCount <= 1)
            decided += tape.decidedCount
        }
        #expect(decided > 100)
    }

    private static func play(_ fault: Int, in world: World, _ random: inout SeededNumbers) {
        let host = HostIndex(random.below(world.hosts.count))
        let link = world.hosts[host.row].engineLink
        switch fault {
        case 0: world.network.isCut = { left, right in left == host || right == host }
        case 1: world.network.isCut = { _, right in right == host }
        case 2: world.network.isCut = { _, _ in true }
        case 3: world.disk.isLost = true
        case 4: link.post(.guestsObserved(running: random.below(2) == 0), by: .bridge)
        case 5:
            link.post(.requested(random.below(2) == 0 ? .leave : .moveMaster(host), ticket: 1), by: .bridge)
        default:
            world.network.isCut = { _, _ in false }
            world.disk.isLost = false
        }
    }

    @Test func aFullRingGoesOnFromACheckpoint() throws {
        let world = try Self.world(3, flightBytes: 1)
        let ring = try #require(world.hosts[0].flight)
        world.run(for: .seconds(1200))
        let tape = try FlightTape(ring, own: HostIndex(0))
        #expect(tape.segmentNumbers.count == FlightRing.placeCount)
        #expect(try #require(tape.segmentNumbers.first) > 1)
        #expect(tape.firstStep != "begin")
        #expect(tape.differentCount == 0)
        #expect(tape.brokenCount == 0)
        #expect(ring.lostStepCount == 0)
    }

    /// docs/FORMATS.md, section 8: how far the usual ring reaches back.
    @Test func theUsualRingReachesBackForHours() throws {
        let usual = 4 << 20
        #expect(FlightRing(byteCount: usual, hostCount: 64).byteCount == usual)
        let world = try Self.world(3, flightBytes: usual)
        let ring = try #require(world.hosts[0].flight)
        world.run(for: .seconds(60))
        let before = Self.byteCount(ring)
        world.run(for: .seconds(300))
        let rate = Double(Self.byteCount(ring) - before) / 300
        #expect(rate < 250)
        #expect(Double(usual) * 3 / 4 / rate > 3 * 3600)
    }

    private static func byteCount(_ ring: FlightRing) -> Int {
        ring.contents().reduce(0) { sum, content in
            var stretch = content
            return ring.copy(&stretch) ? sum + stretch.body.count : sum
        }
    }

    @Test func aSelfFenceIsTheLastDecisionOfItsRecording() throws {
        let world = try Self.world(2)
        world.run(for: .seconds(60))
        world.network.isCut = { _, _ in true }
        world.disk.isLost = true
        world.run(for: .seconds(15))
        for host in world.hosts {
            #expect(host.hardware.fireCount > 0)
            let tape = try FlightTape(try #require(host.flight), own: host.own, keepsOrders: true)
            #expect(tape.differentCount == 0)
            let fence = try #require(tape.orders.lastIndex { $0.hasPrefix("selfFence(") })
            let later = tape.orders[fence...].filter { $0 != "broadcastHeartbeat" && $0 != "startRound" }
            #expect(later.first == "selfFence(PoolModel.SelfFenceReason.leaseExpired)")
            #expect(later.contains { $0.hasPrefix("announce(LivesetEngine.Announcement.selfFence(") })
            #expect(!later.contains { $0.hasPrefix("renewLease") })
            #expect(later.last == "fire")
        }
    }

    @Test func lastWordsTellReasonFiguresAndWhatCameLast() throws {
        let world = try Self.world(2)
        world.run(for: .seconds(60))
        world.network.isCut = { _, _ in true }
        world.disk.isLost = true
        world.run(for: .seconds(15))
        let words = try #require(world.hosts[0].status).peers[HostIndex(0)].lastWords.text
        #expect(words.hasPrefix("fenced itself: no proof of life was renewed within G; epoch "))
        #expect(words.contains(", heard 0 of 1 other members; last round "))
        #expect(words.contains(", write failed, read failed; #1 heard "), "\(words)")
        #expect(words.hasSuffix(" s ago"))
    }

    /// A reader never makes the loop wait, and neither copy nor ring loses a step by it.
    @Test func copiesThatAreMadeWhileTheLoopRunsReplay() throws {
        let world = try Self.world(3, flightBytes: 1)
        let ring = try #require(world.hosts[0].flight)
        let copies = CopyCount()
        let wanted = 8
        let reader = Thread {
            while copies.value < wanted {
                do {
                    #expect(try FlightTape(ring, own: HostIndex(0)).differentCount == 0)
                } catch {
                    Issue.record(error)
                }
                copies.add()
            }
        }
        reader.start()
        for _ in 0..<10_000 where copies.value < wanted { world.run(for: .seconds(1)) }
        #expect(copies.value == wanted)
        let tape = try FlightTape(ring, own: HostIndex(0))
        #expect(tape.differentCount == 0)
        #expect(tape.brokenCount == 0)
        #expect(ring.lostStepCount == 0)
    }
}

/// Counted by one thread, read by another.
private final class CopyCount: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .acquiring) }
    func add() { count.add(1, ordering: .acquiringAndReleasing) }
}
