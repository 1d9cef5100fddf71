public import PoolModel

/// Where everything is in a statefile; computed from its size, the number of hosts and the block size
/// (section 9).
///
/// | area | records | each |
/// |---|---|---|
/// | header | 1 | `headerBytes` |
/// | slots | one a host, contiguous: one read for all | `slotBytes` |
/// | ballots | `StatefileShape.ballotSubBlocks` a host, contiguous: one read for all | `ballotBytes` |
/// | pool records | `poolCopies` a host, where there is room | `poolCopyBytes` |
///
/// Every record starts and ends on a block, so that no two records share one. Blocks are of 4096 bytes; of
/// 512 only where 4096 do not fit and the device takes 512. What is left over behind the last area is not
/// used.
public struct StatefileGeometry: BitwiseCopyable, Hashable, Sendable {
    /// How many rows the host table has, 1 to 64.
    public let hostCount: Int
    /// The unit of every write: 4096 or 512 bytes.
    public let blockBytes: Int
    /// The size of the device for which this was computed.
    public let deviceBytes: Int
    /// The size of the header.
    public let headerBytes: Int
    /// The size of one slot.
    public let slotBytes: Int
    /// The size of one ballot sub-block.
    public let ballotBytes: Int
    /// The size of one copy of a host's pool record; 0 when there is no room for pool records.
    public let poolCopyBytes: Int

    /// The blocks that are tried, best first.
    public static let blockSizes = [4096, 512]
    /// How many copies of its pool record a host rotates over ([REC-1] wants at least 4).
    public static let poolCopies = 4
    /// The least room for one copy that is worth having; below it there are no pool records.
    public static let smallestPoolCopyBytes = 16 << 10
    /// The most room that one copy gets: a full pool's definitions, compressed, fit many times.
    public static let largestPoolCopyBytes = 1 << 20

    /// The geometry for a device of `deviceBytes` that takes writes of `smallestBlockBytes` and multiples of
    /// it.
    public init(deviceBytes: Int, hostCount: Int, smallestBlockBytes: Int) throws(StatefileGeometryError) {
        guard let least = StatefileGeometry.blockSizes.last(where: { $0 >= smallestBlockBytes }) else {
            throw .unusableBlockSize(smallestBlockBytes)
        }
        for block in StatefileGeometry.blockSizes where block > least {
            if let geometry = try? StatefileGeometry(
                deviceBytes: deviceBytes,
                hostCount: hostCount,
                blockBytes: block
            ) {
                self = geometry
                return
            }
        }
        try self.init(deviceBytes: deviceBytes, hostCount: hostCount, blockBytes: least)
    }

    /// The geometry with blocks of exactly `blockBytes`.
    public init(deviceBytes: Int, hostCount: Int, blockBytes: Int) throws(StatefileGeometryError) {
        guard (1...HostIndex.limit).contains(hostCount) else { throw .unusableHostCount(hostCount) }
        guard StatefileGeometry.blockSizes.contains(blockBytes) else { throw .unusableBlockSize(blockBytes) }
        self.hostCount = hostCount
        self.blockBytes = blockBytes
        self.deviceBytes = deviceBytes
        func inBlocks(_ bytes: Int) -> Int { (bytes + blockBytes - 1) / blockBytes * blockBytes }
        headerBytes = inBlocks(HeaderFormat.byteCount(hostCount: hostCount))
        slotBytes = inBlocks(SlotFormat.byteCount(hostCount: hostCount))
        ballotBytes = inBlocks(BallotFormat.byteCount(hostCount: hostCount))
        let needed = headerBytes + hostCount * (slotBytes + StatefileShape.ballotSubBlocks * ballotBytes)
        guard deviceBytes >= needed else {
            throw .tooSmall(
                deviceBytes: deviceBytes,
                neededBytes: needed,
                hostCount: hostCount,
                blockBytes: blockBytes
            )
        }
        let room =
            (deviceBytes - needed) / (hostCount * StatefileGeometry.poolCopies) / blockBytes * blockBytes
        let isUseful = room >= StatefileGeometry.smallestPoolCopyBytes
        poolCopyBytes = isUseful ? min(room, StatefileGeometry.largestPoolCopyBytes) : 0
    }

    /// The size that a new statefile for `hostCount` hosts should have: full pool-record copies for every
    /// host.
    public static func recommendedBytes(hostCount: Int) throws(StatefileGeometryError) -> Int {
        let bare = try StatefileGeometry(deviceBytes: .max / 2, hostCount: hostCount, blockBytes: 4096)
        return bare.usedBytes
    }

    /// The bytes of the header.
    public var headerArea: Range<Int> { 0..<headerBytes }

    /// The bytes of all slots.
    public var slotArea: Range<Int> { headerBytes..<headerBytes + hostCount * slotBytes }

    /// The bytes of all ballot sub-blocks.
    public var ballotArea: Range<Int> {
        let start = slotArea.upperBound
        return start..<start + hostCount * StatefileShape.ballotSubBlocks * ballotBytes
    }

    /// The bytes of all pool records; empty when there is no room for them.
    public var poolArea: Range<Int> {
        let start = ballotArea.upperBound
        return start..<start + hostCount * StatefileGeometry.poolCopies * poolCopyBytes
    }

    /// Whether there is room for pool records.
    public var hasPoolRecords: Bool { poolCopyBytes > 0 }

    /// How many bytes from the start are used.
    public var usedBytes: Int { poolArea.upperBound }

    /// The bytes of `host`'s slot.
    public func slot(of host: HostIndex) -> Range<Int> {
        check(host)
        return part(host.row, of: slotArea, size: slotBytes)
    }

    /// The bytes of one of `host`'s ballot sub-blocks.
    public func ballot(of host: HostIndex, subBlock: Int) -> Range<Int> {
        check(host)
        precondition(subBlock >= 0, "a sub-block index is not negative")
        precondition(subBlock < StatefileShape.ballotSubBlocks, "a host has only so many sub-blocks")
        return part(host.row * StatefileShape.ballotSubBlocks + subBlock, of: ballotArea, size: ballotBytes)
    }

    /// The bytes of one copy of `host`'s pool record; nil when there is no room for pool records.
    public func poolRecord(of host: HostIndex, copy: Int) -> Range<Int>? {
        check(host)
        precondition(copy >= 0, "a copy index is not negative")
        precondition(copy < StatefileGeometry.poolCopies, "a host has only so many copies")
        guard hasPoolRecords else { return nil }
        return part(host.row * StatefileGeometry.poolCopies + copy, of: poolArea, size: poolCopyBytes)
    }

    private func part(_ index: Int, of area: Range<Int>, size: Int) -> Range<Int> {
        let start = area.lowerBound + index * size
        precondition(start + size <= area.upperBound, "a record lies inside its area")
        return start..<start + size
    }

    func check(_ host: HostIndex) {
        precondition(host.row < hostCount, "a host of the statefile is in its host table")
    }
}

/// Why a statefile cannot be laid out.
public enum StatefileGeometryError: Error, BitwiseCopyable, Hashable, CustomStringConvertible {
    /// The device has less room than the hosts need.
    case tooSmall(deviceBytes: Int, neededBytes: Int, hostCount: Int, blockBytes: Int)
    /// The pool has no host, or more than 64.
    case unusableHostCount(Int)
    /// The device takes only blocks larger than 4096 bytes, or the size is no block size of the format.
    case unusableBlockSize(Int)

    /// The whole sentence, with what to do.
    public var description: String {
        switch self {
        case .tooSmall(let device, let needed, let hosts, let block):
            "the statefile is too small: it has \(device) bytes, and \(hosts) hosts need \(needed) bytes "
                + "in blocks of \(block) bytes; nothing was written; enlarge it or list fewer hosts"
        case .unusableHostCount(let count):
            "a statefile holds 1 to \(HostIndex.limit) hosts, not \(count); nothing was written; "
                + "list other hosts"
        case .unusableBlockSize(let bytes):
            "a statefile has blocks of 4096 or 512 bytes, and the device wants \(bytes); nothing was "
                + "written; use a device with a logical block size of at most 4096 bytes"
        }
    }
}
