import CLinux
import LinuxPlatform
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileBlock
import StatefileLayout
import StatefileMedium
import Testing

/// Rounds of the storage loop on a real file.
@Suite struct BlockStatefileTests {
    private let bench = FormatBench()
    private let result = RoundResult(hostCount: 3)

    private func loop(
        _ header: StatefileHeader,
        _ own: Int,
        report: StatefileReport = StatefileReport()
    ) -> StatefileLoop<BootClock, DeviceStatefile<BlockDevice>, SumAuthenticator> {
        let port = DeviceStatefile(
            device: BlockDevice(path: bench.path, access: .readWrite),
            own: HostIndex(own),
            codec: header.codec,
            ioDeadline: .seconds(30),
            formerLives: FormerLives(lockPath: bench.directory + "/lock", lateWriteWait: .zero),
            report: report
        )
        return StatefileLoop(
            codec: header.codec,
            ioDeadline: .seconds(30),
            clock: BootClock(),
            port: port,
            authenticator: SumAuthenticator(key: 1)
        )
    }

    private func request(_ own: Int, sequence: UInt64) -> RoundRequest {
        var request = RoundRequest(id: sequence)
        var slot = Slot(emptyFor: HostIndex(own))
        slot.sequence = sequence
        request.slot = slot
        var record = BallotRecord(formattedFor: HostIndex(own))
        record.sequence = sequence + 1
        request.ballot = BallotWrite(subBlock: 1, record: record)
        return request
    }

    @Test func writesAndReadsBack() throws {
        let header = try bench.format()
        let report = StatefileReport()
        var loop = loop(header, 1, report: report)
        loop.perform(request(1, sequence: 5), into: result)
        #expect(result.slotWrite == .succeeded)
        #expect(result.ballotWrite == .succeeded)
        #expect(result.slotsRead)
        #expect(result.ballotsRead)
        #expect(result.slots[1].slot.sequence == 5)
        #expect(result.ballots[1].newest.sequence == 6)
        #expect(result.formerLivesSettled)
        #expect(result.unsettledSubBlocks == 0)
        #expect(report.current.isOpen)
        #expect(report.current.trouble == nil)
        #expect(result.issuedAt <= result.readIssuedAt && result.readIssuedAt <= result.completedAt)
    }

    @Test func aTornOrForeignSlotIsNoNewsOfItsHostAlone() throws {
        let header = try bench.format()
        try bench.scribble([1, 2, 3], at: header.geometry.slot(of: HostIndex(0)).lowerBound + 60)
        try bench.scribble(
            Array("somebody else".utf8),
            at: header.geometry.slot(of: HostIndex(2)).lowerBound
        )
        var loop = loop(header, 1)
        loop.perform(request(1, sequence: 1), into: result)
        #expect(result.slotsRead)
        #expect(result.slots.map(\.verdict) == [.torn, .valid, .foreign])
    }

    @Test func aPathThatGoesAwayFailsRoundsAndComesBack() throws {
        let header = try bench.format()
        let report = StatefileReport()
        var loop = loop(header, 0, report: report)
        loop.perform(request(0, sequence: 1), into: result)
        #expect(result.slotsRead)

        bench.rename("statefile", to: "aside")
        // The open file is still good; an error makes the loop look at the path again.
        try bench.format { $0.path = bench.path }
        let shorter = try Descriptor.open(bench.directory + "/aside", .write)
        #expect(hf_truncate(shorter.number, 4096) == 0)
        loop.perform(RoundRequest(id: 2), into: result)
        #expect(!result.slotsRead)
        guard case .shortRead = report.current.trouble else {
            Issue.record("another trouble: \(String(describing: report.current.trouble))")
            return
        }

        // The path now leads to another generation.
        loop.perform(request(0, sequence: 3), into: result)
        #expect(result.slotWrite == .failed)
        #expect(!result.slotsRead)
        #expect(report.current.trouble == .otherGeneration(path: bench.path))
        #expect(!report.current.isOpen)

        // The old one is back.
        try bench.format { wish in
            wish.plan.generation = header.generation
            wish.plan.mayDestroyContent = true
        }
        loop.perform(request(0, sequence: 4), into: result)
        #expect(result.slotWrite == .succeeded)
        #expect(result.slotsRead)
        #expect(report.current.trouble == nil)
        #expect(report.current.reopenCount == 1)
    }

    @Test func startsWithoutItsPathAndFindsItLater() throws {
        let header = try bench.format()
        bench.rename("statefile", to: "aside")
        let report = StatefileReport()
        var loop = loop(header, 0, report: report)
        loop.perform(request(0, sequence: 1), into: result)
        #expect(result.slotWrite == .failed)
        #expect(!result.slotsRead)
        guard case .cannotOpen = report.current.trouble else {
            Issue.record("another trouble: \(String(describing: report.current.trouble))")
            return
        }
        bench.rename("aside", to: "statefile")
        loop.perform(request(0, sequence: 2), into: result)
        #expect(result.slotWrite == .succeeded)
        #expect(report.current.trouble == nil)
    }

    @Test func aStatefileWhoseFormatIsUnderWayIsNotUsed() throws {
        let header = try bench.format()
        try bench.scribble([UInt8](repeating: 0, count: 4096), at: 0)
        let report = StatefileReport()
        var loop = loop(header, 0, report: report)
        loop.perform(request(0, sequence: 1), into: result)
        #expect(result.slotWrite == .failed)
        #expect(report.current.trouble != nil)
    }
}

/// [VIEW-3]: the quarantine on files and devices.
@Suite struct FormerLivesTests {
    private let bench = FormatBench()
    private var lockPath: String { bench.directory + "/lock" }

    @Test func isOverAtOnceWithoutAFormerLife() {
        var lives = FormerLives(lockPath: lockPath, lateWriteWait: .zero)
        let isOver = lives.isOver(now: BootClock().now())
        #expect(isOver)
    }

    @Test func lastsWhileTheFormerProcessHoldsItsLock() {
        var former: FormerLives? = FormerLives(lockPath: lockPath, lateWriteWait: .zero)
        #expect(former?.isOver(now: BootClock().now()) == true)
        var lives = FormerLives(lockPath: lockPath, lateWriteWait: .zero)
        let whileHeld = lives.isOver(now: BootClock().now())
        #expect(!whileHeld)
        let obstacle = lives.obstacle
        #expect(obstacle == .lockTaken(path: lockPath))
        former = nil
        let afterwards = lives.isOver(now: BootClock().now())
        #expect(afterwards)
    }

    @Test func lastsForTheStatedTimeAfterBoot() {
        var lives = FormerLives(lockPath: lockPath, lateWriteWait: .seconds(60))
        let boot = MonotonicInstant(nanoseconds: 0)
        let early = lives.isOver(now: boot + .seconds(59.9))
        #expect(!early)
        let late = lives.isOver(now: boot + .seconds(60))
        #expect(late)
        // Once over it stays over.
        let again = lives.isOver(now: boot)
        #expect(again)
    }

    @Test func aLockThatCannotBeMadeKeepsTheQuarantine() {
        var lives = FormerLives(lockPath: "/nonexistent/lock", lateWriteWait: .zero)
        let isOver = lives.isOver(now: BootClock().now())
        #expect(!isOver)
        let text = lives.obstacle?.description
        #expect(text?.contains("/nonexistent/lock") == true)
    }
}
