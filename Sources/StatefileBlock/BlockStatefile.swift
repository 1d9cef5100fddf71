public import ByteFormat
import LinuxPlatform
public import NodeRuntime
public import PoolModel
public import StatefileLayout
import Synchronization

/// What the storage thread tells about the statefile's path, in words; for log and status.
public final class StatefileReport: Sendable {
    /// What is known at one moment.
    public struct Content: Sendable, Equatable {
        /// Whether the path is open.
        public var isOpen = false
        /// Whether the page cache is bypassed.
        public var isDirect = false
        /// What went wrong last; nil after a round without errors.
        public var trouble: StatefileError?
        /// What keeps VIEW-3's quarantine; nil once it is over.
        public var quarantine: FormerLives.Obstacle?
        /// How often the path was opened again after an error.
        public var reopenCount = 0
    }

    private let content = Mutex(Content())
    private let waker: (any LoopWaker)?

    /// A report whose reader is woken when the trouble changes.
    public init(bridge: (any LoopWaker)? = nil) { waker = bridge }

    /// What is known now.
    public var current: Content { content.withLock { $0 } }

    func update(_ change: (inout Content) -> Void) {
        let isNews = content.withLock { content in
            let before = content.trouble
            change(&content)
            return (before == nil) != (content.trouble == nil)
        }
        if isNews { waker?.wake() }
    }
}

/// The statefile on a regular file or block device, as the storage loop sees it (section 9, *Block, FC*).
///
/// After any error the path is closed and opened again before the next round, so that a device that went away
/// and came back, or a remounted filesystem, is found. A call that hangs hangs the storage thread only. A
/// write whose call has returned, in whatever way, cannot land any more; where the page cache is not bypassed
/// a failed write still can, and its sub-block stays unsettled until a later fdatasync succeeds.
public struct BlockStatefile: StatefilePort, ~Copyable, Sendable {
    private let path: String
    private let own: HostIndex
    private let codec: StatefileCodec
    private let report: StatefileReport
    private var formerLives: FormerLives
    private var file: StatefileFile?
    private var isDirect = false
    private var hasFailed = false
    private var hadTrouble = false
    private var isQuarantineTold = false

    /// Own sub-blocks, as bits, with a write that may still land.
    public private(set) var unsettledSubBlocks: UInt8 = 0

    /// A port for the statefile at `path` whose header gave `codec`.
    ///
    /// It opens the path at the first round.
    public init(
        path: String,
        own: HostIndex,
        codec: StatefileCodec,
        formerLives: consuming FormerLives,
        report: StatefileReport
    ) {
        precondition(own.row < codec.geometry.hostCount, "a host of the statefile is in its host table")
        self.path = path
        self.own = own
        self.codec = codec
        self.formerLives = formerLives
        self.report = report
    }

    /// Opens the path where it is not open, and sees that it still leads to the same generation.
    public mutating func prepareRound(now: MonotonicInstant) {
        if hasFailed { file = nil }
        if file == nil { reopen() }
        hasFailed = file == nil
        if unsettledSubBlocks != 0, file?.synchronize() == true { unsettledSubBlocks = 0 }
    }

    /// Writes the own slot.
    public mutating func writeSlot(_ record: borrowing AlignedBuffer, byteCount: Int) -> WriteOutcome {
        write(record, byteCount: byteCount, offsetBytes: codec.geometry.slot(of: own).lowerBound)
    }

    /// Writes one of the own ballot sub-blocks.
    public mutating func writeBallot(
        _ record: borrowing AlignedBuffer,
        byteCount: Int,
        subBlock: Int
    ) -> WriteOutcome {
        let place = codec.geometry.ballot(of: own, subBlock: subBlock)
        let outcome = write(record, byteCount: byteCount, offsetBytes: place.lowerBound)
        if outcome == .unknown { unsettledSubBlocks |= 1 << UInt8(subBlock) }
        return outcome
    }

    /// Reads all slots in one request.
    public mutating func readSlots(into area: inout AlignedBuffer, byteCount: Int) -> Bool {
        read(into: &area, byteCount: byteCount, offsetBytes: codec.geometry.slotArea.lowerBound)
    }

    /// Reads all ballot sub-blocks in one request.
    public mutating func readBallots(into area: inout AlignedBuffer, byteCount: Int) -> Bool {
        read(into: &area, byteCount: byteCount, offsetBytes: codec.geometry.ballotArea.lowerBound)
    }

    /// Whether VIEW-3's quarantine is over.
    public mutating func formerLivesSettled(now: MonotonicInstant) -> Bool {
        let isOver = formerLives.isOver(now: now)
        if !isOver || !isQuarantineTold {
            let obstacle = formerLives.obstacle
            report.update { $0.quarantine = obstacle }
            isQuarantineTold = isOver
        }
        noteEndOfRound()
        return isOver
    }

    // MARK: I/O

    private mutating func write(
        _ record: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int
    ) -> WriteOutcome {
        do throws(StatefileError) {
            // While the path is not open nothing is issued, so nothing can land.
            let written: Void? = try file?.write(record, byteCount: byteCount, offsetBytes: offsetBytes)
            return written == nil ? .failed : .succeeded
        } catch {
            fail(error)
            return isDirect ? .failed : .unknown
        }
    }

    private mutating func read(into area: inout AlignedBuffer, byteCount: Int, offsetBytes: Int) -> Bool {
        do throws(StatefileError) {
            let got: Void? = try file?.read(offsetBytes: offsetBytes, byteCount: byteCount, into: &area)
            return got != nil
        } catch {
            fail(error)
            return false
        }
    }

    // MARK: the path

    private mutating func reopen() {
        do throws(StatefileError) {
            let opened = try StatefileFile.open(path, .readWrite)
            try check(opened)
            let bypassesCache = opened.isDirect
            isDirect = bypassesCache
            file = consume opened
            report.update { content in
                content.isOpen = true
                content.isDirect = bypassesCache
            }
        } catch {
            fail(error)
        }
    }

    /// That the path leads to the generation that this daemon started with.
    ///
    /// Not authenticated: every record is.
    private func check(_ opened: borrowing StatefileFile) throws(StatefileError) {
        switch try opened.recognise() {
        case .ready(let header):
            guard header.generation == codec.generation, header.geometry == codec.geometry else {
                throw .otherGeneration(path: path)
            }
        case .unfinishedFormat:
            throw .header(.unfinishedFormat, path: path)
        case .damaged(let cause):
            throw .header(.unreadable(cause), path: path)
        case .empty:
            throw .header(.unreadable(.blank), path: path)
        case .newerFormat:
            throw .header(.unreadable(.newerFormat), path: path)
        case .foreign:
            throw .header(.unreadable(.wrongMagic), path: path)
        }
    }

    private mutating func fail(_ error: StatefileError) {
        hasFailed = true
        hadTrouble = true
        report.update { content in
            content.isOpen = false
            content.trouble = error
        }
    }

    private mutating func noteEndOfRound() {
        guard hadTrouble, !hasFailed else { return }
        hadTrouble = false
        report.update { content in
            content.trouble = nil
            content.reopenCount += 1
        }
    }
}
