import ByteFormat
import PoolModel
import RuntimeFakes
import StatefileLayout

/// The statefile as it stands on the medium, byte for byte.
final class SharedDisk {
    let codec: StatefileCodec
    private var medium: AlignedBuffer
    private var reader: KeyRing
    /// What a reader makes of each ballot sub-block; nil is torn, blank or foreign.
    private var subBlocks: [BallotRecord?] = []
    /// The newest record of each row, as a reader sees it.
    private(set) var newest: [BallotReading] = []

    /// A statefile freshly formatted for `hostCount` hosts in blocks of `blockBytes`.
    init(hostCount: Int, blockBytes: Int, generation: PoolGeneration, key: UInt64, largestD: TimeSpan) {
        reader = KeyRing(key)
        let header = SharedDisk.header(hostCount, blockBytes, generation, largestD)
        codec = header.codec
        medium = AlignedBuffer(minimumByteCount: codec.geometry.usedBytes)
        format(header, key: key)
        let blocks = hostCount * StatefileShape.ballotSubBlocks
        subBlocks = Array(repeating: nil, count: blocks)
        newest = (0..<hostCount).map {
            BallotReading(validCount: 0, newestSubBlock: 0, newest: BallotRecord(formattedFor: HostIndex($0)))
        }
        for block in 0..<blocks {
            let (row, subBlock) = block.quotientAndRemainder(dividingBy: StatefileShape.ballotSubBlocks)
            ballotChanged(of: HostIndex(row), subBlock: subBlock)
        }
    }

    private static func header(
        _ hostCount: Int,
        _ blockBytes: Int,
        _ generation: PoolGeneration,
        _ largestD: TimeSpan
    ) -> StatefileHeader {
        do {
            // As small as it can be: the world has no pool records.
            let large = try StatefileGeometry(
                deviceBytes: 1 << 40,
                hostCount: hostCount,
                blockBytes: blockBytes
            )
            let geometry = try StatefileGeometry(
                deviceBytes: large.ballotArea.upperBound,
                hostCount: hostCount,
                blockBytes: blockBytes
            )
            return try StatefileHeader(
                generation: generation,
                hostNames: (1...hostCount).map { "lab\($0)" },
                largestD: largestD,
                timing: .fast,
                createdAtUnixSeconds: 0,
                geometry: geometry
            )
        } catch {
            preconditionFailure("a world has 1 to 64 hosts and blocks of 512 or 4096 bytes: \(error)")
        }
    }

    private func format(_ header: StatefileHeader, key: UInt64) {
        var buffer = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: header.geometry))
        var writer = SumAuthenticator(key: key)
        StatefileFormat.forEachWrite(header, buffer: &buffer, authenticator: &writer) { offset, bytes in
            medium.copy(bytes, to: offset)
        }
    }

    // MARK: I/O

    /// Where the record of a write goes.
    func place(of operation: StorageOperation) -> Range<Int> {
        let host = HostIndex(Int(operation.host))
        return operation.kind == .slotWrite
            ? codec.geometry.slot(of: host)
            : codec.geometry.ballot(of: host, subBlock: Int(operation.subBlock))
    }

    /// Bytes reach the medium.
    func write(_ range: Range<Int>, of source: borrowing AlignedBuffer, to offset: Int) {
        medium.copy(range, of: source, to: offset)
    }

    /// All slots, or all ballot sub-blocks, as they stand now.
    func read(_ kind: StorageOperation.Kind, into area: inout AlignedBuffer) {
        let place = kind == .slotRead ? codec.geometry.slotArea : codec.geometry.ballotArea
        area.copy(place, of: medium, to: 0)
    }

    /// The bytes of `range` become others, whatever they were.
    func spoil(_ range: Range<Int>, with bits: UInt8) {
        medium.withMutableBytes(in: range) { bytes in
            for index in bytes.indices { bytes[index] ^= bits | 1 }
        }
    }

    // MARK: What a reader sees

    /// From now on a reader takes records under this key as well.
    func add(key: UInt64) { reader.add(key) }

    /// The slot of `host`, and why a reader would not take it.
    func slot(of host: HostIndex) -> (slot: Slot, rejection: RecordRejection?) {
        var slot = Slot(emptyFor: host)
        let rejection = medium.withBytes(in: codec.geometry.slot(of: host)) { bytes in
            codec.decodeSlot(bytes, of: host, into: &slot, authenticator: &reader)
        }
        return (slot, rejection)
    }

    /// The bytes of a ballot sub-block have changed; returns what a reader makes of them.
    @discardableResult
    func ballotChanged(of host: HostIndex, subBlock: Int) -> BallotRecord? {
        var record = BallotRecord(formattedFor: host)
        let place = codec.geometry.ballot(of: host, subBlock: subBlock)
        let rejection = medium.withBytes(in: place) { bytes in
            codec.decodeBallot(
                bytes,
                of: host,
                subBlock: subBlock,
                into: &record,
                authenticator: &reader
            )
        }
        let base = host.row * StatefileShape.ballotSubBlocks
        subBlocks[base + subBlock] = rejection == nil ? record : nil
        newest[host.row].validCount = 0
        for index in 0..<StatefileShape.ballotSubBlocks {
            if let valid = subBlocks[base + index] { newest[host.row].merge(valid, from: index) }
        }
        return rejection == nil ? record : nil
    }
}
