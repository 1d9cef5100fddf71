import ByteFormat
import LinuxPlatform
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileISCSI
import StatefileLayout
import StatefileMedium
import Testing

@testable import LivesetEngine

/// Rounds of the real storage loop with the engine's own ballot book, over a cable that is pulled in the
/// middle of writes.
@Suite(
    "Ballots over a cable that is pulled",
    .serialized,
    .enabled(if: TargetServer.isPossible, TargetServer.reason)
)
struct UnpluggedBallotTests {
    private let clock = BootClock()
    private let own = HostIndex(1)

    private func format(_ address: ISCSIAddress) throws -> StatefileHeader {
        var device = ISCSIDevice.make(address, access: .exclusive, purpose: nil)
        var authenticator = SumAuthenticator(key: 1)
        let plan = StatefilePlan(hostNames: ["lab1", "lab2", "lab3"], timing: .fast)
        return try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
    }

    /// What the medium holds, read behind everybody's back.
    private func onMedium(_ server: TargetServer, _ header: StatefileHeader) throws -> BallotReading {
        let area = header.geometry.ballotArea
        let bytes = try server.content(lun: 1, at: area.lowerBound, count: area.count)
        let result = RoundResult(hostCount: 3)
        var counters = RecordCounters()
        var authenticator = SumAuthenticator(key: 1)
        _ = header.codec.decodeBallots(
            bytes.span,
            into: result,
            counters: &counters,
            authenticator: &authenticator
        )
        return result.ballots[own.row]
    }

    @Test("200 times: no torn record is accepted, and no stale ballot wins", .timeLimit(.minutes(5)))
    func twoHundredTimes() throws {
        let server = try TargetServer.withUnit()
        let cable = try Cable(to: server.hosts[0])
        defer { cable.end() }
        let address = try server.address(portals: [cable.portal])
        let header = try format(try server.address(portals: [server.hosts[0]]))
        var loop = StatefileLoop(
            codec: header.codec,
            ioDeadline: .milliseconds(80),
            clock: clock,
            port: DeviceStatefile(
                device: ISCSIDevice.make(address, patience: .milliseconds(500)),
                own: own,
                codec: header.codec,
                ioDeadline: .milliseconds(80),
                formerLives: FormerLives(
                    lockPath: "/tmp/holdfast-unplugged-\(KernelRandom.bits64())",
                    bound: .untilTakenOver(orAfter: nil)
                ),
                report: StatefileReport()
            ),
            authenticator: SumAuthenticator(key: 1)
        )
        var run = BallotRun(own: own)
        var random = SplitMix(seed: 20_261)
        for turn in 0..<200 {
            // A write of 4096 bytes takes about 4,200 on the wire; beyond that the cut falls into the reads.
            if turn % 2 == 0 { cable.pull(after: Int(random.next() % 6_000)) } else { cable.pull() }
            run.perform(&loop)
            let how: Cable.Plug = [.delivering, .holding, .losing][Int(random.next() % 3)]
            cable.plug(how)
            try expect(run, try onMedium(server, header))
            run.performUntilWritten(&loop, clock: clock)
            // What is still on its way arrives now, after the newer record.
            cable.plug(.delivering)
            pause(.milliseconds(2))
            try expect(run, try onMedium(server, header))
        }
        #expect(run.givenUp > 50)
        #expect(run.acknowledged >= 200)
    }

    /// The newest valid record on the medium is never older than what was acknowledged.
    private func expect(_ run: BallotRun, _ reading: BallotReading) throws {
        #expect(reading.validCount > 0)
        #expect(reading.newest.sequence >= run.acknowledgedSequence)
        // Whatever is accepted is whole: each record says in two places what it is.
        #expect(reading.newest.instance.rawValue == reading.newest.sequence || reading.newest.sequence <= 1)
    }
}

/// One host's ballots, written by the engine's own book.
private struct BallotRun {
    private let own: HostIndex
    private var book: BallotBook
    private let result = RoundResult(hostCount: 3)
    private var id: UInt64 = 0
    private(set) var acknowledged = 0
    private(set) var givenUp = 0
    private(set) var acknowledgedSequence: UInt64 = 0

    init(own: HostIndex) {
        self.own = own
        book = BallotBook(owner: own)
    }

    /// A round with a ballot write where the book gives one.
    mutating func perform(
        _ loop:
            inout StatefileLoop<
                BootClock, DeviceStatefile<ISCSIDevice>, SumAuthenticator
            >
    ) {
        id += 1
        var request = RoundRequest(id: id)
        request.readsBallots = true
        var slot = Slot(emptyFor: own)
        slot.sequence = id
        request.slot = slot
        var next = BallotRecord(formattedFor: own)
        next.instance = Epoch(book.record.sequence + 1)
        if var write = book.prepare(next, unsettled: result.unsettledSubBlocks) {
            write.record.instance = Epoch(write.record.sequence)
            request.ballot = write
        }
        loop.perform(request, into: result)
        switch result.ballotWrite {
        case .succeeded:
            acknowledged += 1
            acknowledgedSequence = request.ballot?.record.sequence ?? acknowledgedSequence
        case .failed, .unknown: givenUp += 1
        case .notAsked: break
        }
        _ = book.finish(result.ballotWrite)
        if result.ballotsRead { book.read(result.ballots[own.row]) }
    }

    /// Rounds until one has written and read.
    mutating func performUntilWritten(
        _ loop:
            inout StatefileLoop<
                BootClock, DeviceStatefile<ISCSIDevice>, SumAuthenticator
            >,
        clock: BootClock
    ) {
        let deadline = clock.now() + .seconds(10)
        let before = acknowledged
        while acknowledged == before, clock.now() < deadline { perform(&loop) }
        #expect(acknowledged > before)
    }
}

/// Random numbers that are the same in every run.
private struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
