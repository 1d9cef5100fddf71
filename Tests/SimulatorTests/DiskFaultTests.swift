import LivesetEngine
import NodeRuntime
import PoolModel
import Simulator
import StatefileLayout
import Testing

@Suite("Faults of the disk are facts about bytes")
struct DiskFaultTests {
    @Test("a spoilt slot is counted by every reader, for what it is")
    func spoilt() throws {
        let world = try CalmPool.make()
        let before = try world.storage(of: 0).slots
        world.freeze(2, for: .seconds(1.2), .storage)
        world.spoilSlot(of: 2, .torn)
        world.run(for: .seconds(0.6))
        let torn = try world.storage(of: 0).slots
        #expect(torn[.wrongChecksum] > before[.wrongChecksum])
        world.spoilSlot(of: 2, .foreign)
        world.run(for: .seconds(0.5))
        #expect(try world.storage(of: 0).slots[.wrongMagic] > torn[.wrongMagic])
        world.run(for: .seconds(10))
        #expect(world.isWhole, Comment(rawValue: world.report))
    }

    @Test("a write that tears is answered with an error, and readers see half of it")
    func tornWrite() throws {
        let world = try CalmPool.make { $0.storage.latency = .seconds(0.001)...TimeSpan.seconds(0.002) }
        let own = try world.storage(of: 2)
        let other = try world.storage(of: 0)
        world.tearNextWrite(of: 2)
        world.run(for: .seconds(1.5))
        #expect(try world.storage(of: 2).failedWriteCount == own.failedWriteCount + 1)
        #expect(try world.storage(of: 0).slots[.wrongChecksum] > other.slots[.wrongChecksum])
        world.run(for: .seconds(10))
        #expect(world.isWhole, Comment(rawValue: world.report))
    }

    @Test("one write or one read that fails is one failed round")
    func singleErrors() throws {
        let world = try CalmPool.make()
        let before = try world.storage(of: 1)
        world.failNextWrite(of: 1)
        world.run(for: .seconds(2))
        let write = try world.storage(of: 1)
        #expect(write.failedWriteCount == before.failedWriteCount + 1)
        #expect(write.failedReadCount == before.failedReadCount)
        world.failNextRead(of: 1)
        world.run(for: .seconds(2))
        let read = try world.storage(of: 1)
        #expect(read.failedWriteCount == write.failedWriteCount)
        #expect(read.failedReadCount == write.failedReadCount + 1)
        #expect(world.isWhole)
    }

    @Test("a lost session leaves the I/O under way without an answer")
    func lostSession() throws {
        let world = try CalmPool.make {
            $0.storage.latency = .seconds(0.02)...TimeSpan.seconds(0.05)
            $0.storage.lateWriteLandsOneIn = 1
        }
        let before = try world.storage(of: 1)
        for _ in 0..<40 {
            world.loseSession(of: 1)
            world.run(for: .milliseconds(37))
        }
        let after = try world.storage(of: 1)
        #expect(after.failedWriteCount > before.failedWriteCount)
        #expect(after.failedReadCount > before.failedReadCount)
        world.run(for: .seconds(10))
        CalmPool.keeps(world)
        #expect(world.isWhole, Comment(rawValue: world.report))
    }

    @Test("an old ballot sub-block that is spoilt is counted, and the newest record stands")
    func spoiltBallot() throws {
        let world = try CalmPool.make()
        let before = try world.storage(of: 0).ballots
        let newest = world.ballotOnDisk(of: 1)
        world.spoilOldBallot(of: 1)
        world.run(for: .seconds(3))
        let after = try world.storage(of: 0).ballots
        #expect(after[.wrongChecksum] > before[.wrongChecksum])
        #expect(world.ballotOnDisk(of: 1) == newest)
        #expect(world.isWhole)
    }

    @Test("a write lands once more after a newer one, and the slot on disk goes back")
    func landsAfterNewer() throws {
        let world = try CalmPool.make(
            2,
            { $0.storage.repeatsOneIn = 2 },
            configure: { $0.pathMayRepeatWrites = true }
        )
        var highest: UInt64 = 0
        let wentBack = world.run(atMost: .seconds(60)) { world in
            let sequence = world.slotOnDisk(of: 0).sequence
            defer { highest = max(highest, sequence) }
            return sequence < highest
        }
        #expect(wentBack)
        CalmPool.keeps(world)
    }

    @Test("a write of a former life lands after the host has booted anew")
    func landsAfterReboot() throws {
        let world = try CalmPool.make {
            $0.storage.lateWriteLandsOneIn = 1
            $0.storage.tearsOneIn = 0
            $0.storage.latestLanding = .seconds(60)
            $0.hosts.bootTime = .seconds(0.5)...TimeSpan.seconds(1)
        }
        world.cutStorage(of: 1)
        world.run(for: .seconds(1))
        world.reboot(1)
        let number = world.slotOnDisk(of: 1).incarnation.number
        world.healStorage(of: 1)
        let booted = world.run(atMost: .seconds(5)) { $0.isUp(1) }
        #expect(booted)
        let bootedAt = world.now
        let landed = world.run(atMost: .seconds(90)) { world in
            world.entries(on: 1) { if case .slotLanded = $0 { true } else { false } }
                .contains { $0.time > bootedAt }
        }
        #expect(landed, Comment(rawValue: world.report))
        #expect(world.slotOnDisk(of: 1).incarnation.number >= number)
        world.run(for: .seconds(90))
        CalmPool.keeps(world)
    }

    @Test("blocks of 4096 bytes work as those of 512")
    func largeBlocks() throws {
        let world = try CalmPool.make { $0.storage.blockBytes = 4096 }
        world.powerOff(2)
        world.run(for: world.timing.certainlyDead * 2)
        CalmPool.keeps(world)
        #expect(world.agrees(on: HostSet(first: 2)), Comment(rawValue: world.report))
    }

    @Test("a stop between the writes of a round and its read makes the read late, never the proof")
    func stopBeforeRead() throws {
        for passing in 0...3 {
            let world = try CalmPool.make()
            world.interrupt(1, Interruption(before: .read, .freeze(.seconds(0.9)), passing: passing))
            let stopped = world.run(atMost: .seconds(4)) {
                $0.saw(on: 1) { if case .frozen = $0 { true } else { false } }
            }
            #expect(stopped)
            world.run(for: .seconds(20))
            CalmPool.keeps(world)
            #expect(world.fenceCount == 0)
        }
    }
}
