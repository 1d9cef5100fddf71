public import ByteFormat
import LinuxPlatform
public import NodeRuntime
public import PoolModel
public import StatefileLayout

/// The statefile on a device of any transport, as the storage loop sees it (section 10).
///
/// After an error the device is opened again before the next round, so that one that went away and came back
/// is found; where the way was made anew, the header is looked at again, so that a path that now leads to
/// another statefile is not used. A call that hangs hangs the storage thread only, and `report.activity` says
/// since when. A sub-block whose write may still land is *unsettled* until the device says that nothing of
/// this process can land any more ([VIEW-3]).
public struct DeviceStatefile<Device: StatefileDevice & ~Copyable>: StatefilePort, ~Copyable {
    private var device: Device
    private let own: HostIndex
    private let codec: StatefileCodec
    private let ioDeadline: TimeSpan
    private let report: StatefileReport
    private let clock = BootClock()
    private var formerLives: FormerLives
    private var deadline = MonotonicInstant(nanoseconds: 0)
    private var isUsable = false
    private var hasFailed = false
    private var hadTrouble = false
    private var isQuarantineTold = false
    private var isWayTold = false

    /// Own sub-blocks, as bits, with a write that may still land.
    public private(set) var unsettledSubBlocks: UInt8 = 0

    /// A port for the statefile on `device` whose header gave `codec`.
    ///
    /// It opens the device at the first round. `ioDeadline` is `Timing.ioDeadline`.
    public init(
        device: consuming Device,
        own: HostIndex,
        codec: StatefileCodec,
        ioDeadline: TimeSpan,
        formerLives: consuming FormerLives,
        report: StatefileReport
    ) {
        precondition(own.row < codec.geometry.hostCount, "a host of the statefile is in its host table")
        self.device = device
        self.own = own
        self.codec = codec
        self.ioDeadline = ioDeadline
        self.formerLives = formerLives
        self.report = report
    }

    /// Opens the device where it is not open, and sees that it still leads to the same generation.
    ///
    /// Takes half of the I/O deadline at most, where the transport can: the round has its own.
    public mutating func prepareRound(now: MonotonicInstant) {
        report.begin(.opening, at: now)
        reopen(until: now + ioDeadline / 2)
        if unsettledSubBlocks != 0 {
            device.settle(until: now + ioDeadline / 2)
            if !device.lateWrites.mayLand { unsettledSubBlocks = 0 }
        }
        deadline = clock.now() + ioDeadline
    }

    /// Writes the own slot.
    public mutating func writeSlot(_ record: borrowing AlignedBuffer, byteCount: Int) -> WriteOutcome {
        guard isUsable else { return .failed }
        report.begin(.writingSlot, at: clock.now())
        let before = device.lateWrites.givenUpCount
        do throws(StatefileError) {
            let offset = codec.geometry.slot(of: own).lowerBound
            try device.write(record, byteCount: byteCount, offsetBytes: offset, until: deadline)
            return .succeeded
        } catch {
            fail(error)
            return device.lateWrites.givenUpCount == before ? .failed : .unknown
        }
    }

    /// Writes one of the own ballot sub-blocks.
    ///
    /// A write that succeeded may have left a twin behind, on a path that was given up on the way: then the
    /// sub-block is unsettled all the same.
    public mutating func writeBallot(
        _ record: borrowing AlignedBuffer,
        byteCount: Int,
        subBlock: Int
    ) -> WriteOutcome {
        // While the way is not open nothing is issued, so nothing can land.
        guard isUsable else { return .failed }
        precondition(byteCount == codec.geometry.ballotBytes, "a ballot record fills its sub-block")
        report.begin(.writingBallot, at: clock.now())
        let before = device.lateWrites.givenUpCount
        defer { if device.lateWrites.givenUpCount != before { unsettledSubBlocks |= 1 << UInt8(subBlock) } }
        do throws(StatefileError) {
            try device.writeBallot(record, codec.geometry, owner: own, subBlock: subBlock, until: deadline)
            return .succeeded
        } catch {
            fail(error)
            return device.lateWrites.givenUpCount == before ? .failed : .unknown
        }
    }

    /// Reads all slots in one request.
    public mutating func readSlots(into area: inout AlignedBuffer, byteCount: Int) -> Bool {
        guard isUsable else { return false }
        report.begin(.readingSlots, at: clock.now())
        do throws(StatefileError) {
            let offset = codec.geometry.slotArea.lowerBound
            try device.read(offsetBytes: offset, byteCount: byteCount, into: &area, until: deadline)
            return true
        } catch {
            fail(error)
            return false
        }
    }

    /// Reads all ballot sub-blocks.
    public mutating func readBallots(into area: inout AlignedBuffer, byteCount: Int) -> Bool {
        guard isUsable else { return false }
        precondition(byteCount == codec.geometry.ballotArea.count, "the whole ballot area is read")
        report.begin(.readingBallots, at: clock.now())
        do throws(StatefileError) {
            try device.readBallots(codec.geometry, into: &area, until: deadline)
            return true
        } catch {
            fail(error)
            return false
        }
    }

    /// Whether VIEW-3's quarantine is over.
    public mutating func formerLivesSettled(now: MonotonicInstant) -> Bool {
        report.begin(.idle, at: now)
        let isOver = formerLives.isOver(now: now, openWay: device.wayOfFormerWrites)
        if !isOver || !isQuarantineTold {
            let obstacle = formerLives.obstacle
            report.update { $0.quarantine = obstacle }
            isQuarantineTold = isOver
        }
        noteOpenWay(isQuarantineOver: isOver)
        noteEndOfRound()
        return isOver
    }

    // MARK: the way

    private mutating func reopen(until deadline: MonotonicInstant) {
        hasFailed = false
        do throws(StatefileError) {
            if device.endsFormerSession, !formerLives.isAlone(now: clock.now()) {
                throw .formerProcess(path: device.place)
            }
            guard try device.open(until: deadline) || !isUsable else { return }
            isUsable = false
            try device.check(codec, until: deadline)
            isUsable = true
            let facts = device.facts
            report.update { content in
                content.isOpen = true
                content.facts = facts
            }
        } catch {
            isUsable = false
            fail(error)
            device.close()
        }
    }

    /// The steps that follow in this round are still tried: a device that takes no write may give news.
    private mutating func fail(_ error: StatefileError) {
        hasFailed = true
        hadTrouble = true
        report.update { content in
            content.isOpen = false
            content.trouble = error
        }
    }

    /// After the quarantine: a device that lost its way to write ballots again says so.
    private mutating func noteOpenWay(isQuarantineOver: Bool) {
        let way = isQuarantineOver ? device.wayOfFormerWrites : nil
        guard way != nil || isWayTold else { return }
        isWayTold = way != nil
        report.update { $0.openWay = way }
    }

    private mutating func noteEndOfRound() {
        guard hadTrouble, isUsable, !hasFailed else { return }
        hadTrouble = false
        report.update { content in
            content.isOpen = true
            content.trouble = nil
            content.reopenCount += 1
        }
    }
}
