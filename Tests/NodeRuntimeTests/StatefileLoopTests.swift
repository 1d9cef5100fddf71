import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileLayout
import Testing

@Suite struct StatefileLoopTests {
    private typealias Loop = StatefileLoop<FakeClock, MemoryStatefile, SumAuthenticator>

    private static func disk() throws -> MemoryDisk {
        var authenticator = SumAuthenticator(key: 1)
        return try MemoryDisk(
            hostNames: ["lab1", "lab2", "lab3"],
            timing: .fast,
            authenticator: &authenticator
        )
    }

    private static func loop(
        _ disk: MemoryDisk,
        _ own: Int,
        _ time: FakeTime,
        key: UInt64 = 1,
        unsettled: UInt8 = 0
    ) -> Loop {
        StatefileLoop(
            codec: disk.header.codec,
            ioDeadline: Timing(.fast).ioDeadline,
            clock: FakeClock(time),
            port: MemoryStatefile(disk, own: HostIndex(own), unsettledSubBlocks: unsettled),
            authenticator: SumAuthenticator(key: key)
        )
    }

    private static func request(_ own: Int, id: UInt64, ballot: UInt8? = nil) -> RoundRequest {
        var request = RoundRequest(id: id)
        var slot = Slot(emptyFor: HostIndex(own))
        slot.sequence = id
        slot.phase = .joining
        request.slot = slot
        if let ballot {
            var record = BallotRecord(formattedFor: HostIndex(own))
            record.sequence = id + 1
            request.ballot = BallotWrite(subBlock: ballot, record: record)
        }
        return request
    }

    @Test func writesBallotThenSlotThenReadsSlotsThenBallots() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.journal = ""
        var loop = Self.loop(disk, 0, time)
        loop.perform(Self.request(0, id: 1, ballot: 1), into: RoundResult(hostCount: 3))
        #expect(disk.journal == "bwsl")
    }

    @Test func readsOnlySlotsWhenBallotsAreNotAskedFor() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.journal = ""
        var loop = Self.loop(disk, 0, time)
        var request = RoundRequest(id: 1)
        request.readsBallots = false
        let result = RoundResult(hostCount: 3)
        loop.perform(request, into: result)
        #expect(disk.journal == "s")
        #expect(result.slotWrite == .notAsked)
        #expect(result.ballotWrite == .notAsked)
        #expect(!result.ballotsRead)
    }

    @Test func showsEveryHostWhatAnotherWrote() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        var first = Self.loop(disk, 0, time)
        var second = Self.loop(disk, 1, time)
        let result = RoundResult(hostCount: 3)
        first.perform(Self.request(0, id: 7, ballot: 2), into: result)
        second.perform(Self.request(1, id: 1), into: result)
        #expect(result.slotWrite == .succeeded)
        #expect(result.slots[0].verdict == .valid)
        #expect(result.slots[0].slot.sequence == 7)
        #expect(result.slots[1].slot.sequence == 1)
        #expect(result.slots[2].slot.phase == .empty)
        #expect(result.ballotsRead)
        #expect(result.ballots[0].newest.sequence == 8)
        #expect(result.ballots[0].newestSubBlock == 2)
        #expect(result.ballots[2].newest.sequence == 1)
    }

    /// [TIME-2]: the age of a proof counts from when its I/O was issued.
    @Test func datesEachIOByItsIssue() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.time = time
        disk.latency = .milliseconds(100)
        let start = time.now
        var loop = Self.loop(disk, 0, time)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 1, ballot: 1), into: result)
        #expect(result.issuedAt == start)
        #expect(result.readIssuedAt - start == .milliseconds(200))
        #expect(result.completedAt - start == .milliseconds(400))
        #expect(loop.statistics.lastDuration == .milliseconds(400))
    }

    @Test func leavesOutWhatTheDeadlineOvertook() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.time = time
        disk.journal = ""
        disk.latency = Timing(.fast).ioDeadline
        var loop = Self.loop(disk, 0, time)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 1, ballot: 1), into: result)
        #expect(disk.journal == "b")
        #expect(result.ballotWrite == .succeeded)
        #expect(result.slotWrite == .failed)
        #expect(!result.slotsRead)
        #expect(!result.ballotsRead)
        #expect(loop.statistics.overdueCount == 1)
    }

    @Test func countsATornSlotAsNoNewsOfThatHostAlone() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.bytes[disk.header.geometry.slot(of: HostIndex(2)).lowerBound + 100] ^= 0x40
        var loop = Self.loop(disk, 0, time)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 1), into: result)
        #expect(result.slotsRead)
        #expect(result.slots.map(\.verdict) == [.valid, .valid, .torn])
        #expect(loop.statistics.slots[.wrongChecksum] == 1)
        #expect(loop.statistics.slots.valid == 2)
    }

    @Test func takesAnotherKeysSlotAsForeign() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        var stranger = Self.loop(disk, 1, time, key: 2)
        stranger.perform(Self.request(1, id: 1), into: RoundResult(hostCount: 3))
        var loop = Self.loop(disk, 0, time)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 1), into: result)
        #expect(result.slots.map(\.verdict) == [.valid, .foreign, .valid])
        #expect(loop.statistics.slots[.wrongCode] == 1)
    }

    @Test func aHostWithoutAnyValidBallotFailsTheBallotRead() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        let place = disk.header.geometry.ballot(of: HostIndex(1), subBlock: 0)
        for index in place { disk.bytes[index] = 0 }
        var loop = Self.loop(disk, 0, time)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 1), into: result)
        #expect(result.slotsRead)
        #expect(!result.ballotsRead)
        #expect(loop.statistics.failedReadCount == 1)
    }

    @Test func aTornWriteIsAFailedOneAndTheReadStillHappens() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.tearsWrites = true
        var loop = Self.loop(disk, 0, time)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 1), into: result)
        #expect(result.slotWrite == .failed)
        #expect(result.slotsRead)
        #expect(loop.statistics.failedWriteCount == 1)
    }

    /// [VIEW-3]: a sub-block with a write that may still land is not written.
    @Test func writesNoBallotToAnUnsettledSubBlock() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.journal = ""
        var loop = Self.loop(disk, 0, time, unsettled: 0b0010)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 1, ballot: 1), into: result)
        #expect(result.ballotWrite == .failed)
        #expect(result.unsettledSubBlocks == 0b0010)
        #expect(disk.journal == "wsl")
    }

    @Test func everyStepFailsWhileTheStorageIsLost() throws {
        let (disk, time) = (try Self.disk(), FakeTime())
        disk.isLost = true
        var loop = Self.loop(disk, 0, time)
        let result = RoundResult(hostCount: 3)
        loop.perform(Self.request(0, id: 3, ballot: 1), into: result)
        #expect(result.id == 3)
        #expect(result.slotWrite == .failed)
        #expect(result.ballotWrite == .failed)
        #expect(!result.slotsRead)
        #expect(!result.ballotsRead)
    }
}
