public import ByteFormat
public import NodeRuntime
public import PoolModel
public import StatefileLayout

/// A statefile in memory that several simulated hosts share.
public final class MemoryDisk {
    /// The header that it was formatted with.
    public let header: StatefileHeader
    /// The bytes.
    public var bytes: [UInt8]
    /// Whether every I/O fails.
    public var isLost = false
    /// Whether writes end in the middle of a block, and fail.
    public var tearsWrites = false
    /// How long each I/O takes; moves `time` on.
    public var latency = TimeSpan.zero
    /// The time that latency moves; nil: none.
    public var time: FakeTime?
    /// Every I/O in order, while wanted: `w` slot, `b` ballot, `s` slots, `l` ballots.
    public var journal: String?

    /// A formatted statefile for hosts with these names.
    public init<Authenticator: MessageAuthenticator & ~Copyable>(
        hostNames: [String],
        timing: TimingChoice,
        authenticator: inout Authenticator
    ) throws {
        let size = try StatefileGeometry.recommendedBytes(hostCount: hostNames.count)
        let geometry = try StatefileGeometry(
            deviceBytes: size,
            hostCount: hostNames.count,
            smallestBlockBytes: 512
        )
        header = try StatefileHeader(
            generation: PoolGeneration(0xF00D),
            hostNames: hostNames,
            largestD: Timing(timing).certainlyDead,
            timing: timing,
            createdAtUnixSeconds: 0,
            geometry: geometry
        )
        bytes = [UInt8](repeating: 0, count: size)
        var buffer = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: geometry))
        StatefileFormat.forEachWrite(header, buffer: &buffer, authenticator: &authenticator) {
            offset,
            content in
            for index in content.indices { bytes[offset + index] = content[index] }
        }
    }

    func take(_ step: Character) -> Bool {
        journal?.append(step)
        time?.advance(latency)
        return !isLost
    }
}

/// One host's way to a `MemoryDisk`.
public struct MemoryStatefile: StatefilePort {
    private let disk: MemoryDisk
    private let own: HostIndex
    /// Own sub-blocks that count as unsettled.
    public var unsettledSubBlocks: UInt8 = 0
    /// Whether former lives are settled.
    public var isSettled = true

    /// The way of host `own`.
    public init(_ disk: MemoryDisk, own: HostIndex, unsettledSubBlocks: UInt8 = 0) {
        self.disk = disk
        self.own = own
        self.unsettledSubBlocks = unsettledSubBlocks
    }

    /// Nothing to prepare.
    public mutating func prepareRound(now: MonotonicInstant) {}

    /// Writes the own slot.
    public mutating func writeSlot(_ record: borrowing AlignedBuffer, byteCount: Int) -> WriteOutcome {
        write(record, byteCount, at: disk.header.geometry.slot(of: own), step: "w")
    }

    /// Writes an own ballot sub-block.
    public mutating func writeBallot(
        _ record: borrowing AlignedBuffer,
        byteCount: Int,
        subBlock: Int
    ) -> WriteOutcome {
        write(record, byteCount, at: disk.header.geometry.ballot(of: own, subBlock: subBlock), step: "b")
    }

    /// Reads all slots.
    public mutating func readSlots(into area: inout AlignedBuffer, byteCount: Int) -> Bool {
        read(disk.header.geometry.slotArea, into: &area, byteCount, step: "s")
    }

    /// Reads all ballots.
    public mutating func readBallots(into area: inout AlignedBuffer, byteCount: Int) -> Bool {
        read(disk.header.geometry.ballotArea, into: &area, byteCount, step: "l")
    }

    /// As the test says.
    public mutating func formerLivesSettled(now: MonotonicInstant) -> Bool { isSettled }

    private func write(
        _ record: borrowing AlignedBuffer,
        _ byteCount: Int,
        at place: Range<Int>,
        step: Character
    ) -> WriteOutcome {
        precondition(byteCount == place.count, "a record is written whole and to its own place")
        guard disk.take(step) else { return .failed }
        let written = disk.tearsWrites ? byteCount / 2 : byteCount
        record.withBytes(in: 0..<written) { bytes in
            for index in bytes.indices { disk.bytes[place.lowerBound + index] = bytes[index] }
        }
        return disk.tearsWrites ? .failed : .succeeded
    }

    private func read(_ place: Range<Int>, into area: inout AlignedBuffer, _ byteCount: Int, step: Character)
        -> Bool
    {
        precondition(byteCount == place.count, "an area is read whole")
        guard disk.take(step) else { return false }
        area.withMutableBytes(in: 0..<byteCount) { bytes in
            for index in bytes.indices { bytes[index] = disk.bytes[place.lowerBound + index] }
        }
        return true
    }
}
