import ByteFormat
import PoolModel

/// One I/O of a host's storage thread, from its issue until it can do nothing any more.
struct StorageOperation: BitwiseCopyable, Sendable {
    enum Kind: UInt8, BitwiseCopyable, Sendable {
        case ballotWrite, slotWrite, slotRead, ballotRead
    }
    var host: UInt8
    /// The daemon run that issued it.
    var run: UInt32
    var kind: Kind
    var subBlock: UInt8 = 0
    /// How many bytes it writes.
    var byteCount = 0
    /// It reached the medium; only its answer is under way.
    var hasLanded = false
    /// It hangs in the path of its host.
    var isHeld = false
    /// The writer no longer waits: gave up, crashed, lost power.
    var isAbandoned = false
    /// Its late landing was decided already.
    var isDelayed = false
    /// It tears: a part of it reaches the medium, the rest later or never.
    var tears = false
    var isInUse = true

    var isWrite: Bool { kind == .ballotWrite || kind == .slotWrite }
    /// Whether it may still change the medium.
    var mayLand: Bool { isInUse && isWrite && !hasLanded }
}

/// All I/O under way, with the bytes of the writes; places are used again, lowest first, so that walking it
/// stays short.
final class OperationPool {
    private(set) var operations: [StorageOperation] = []
    private let recordBytes: Int
    private var arena: AlignedBuffer

    init(recordBytes: Int) {
        self.recordBytes = recordBytes
        arena = AlignedBuffer(minimumByteCount: recordBytes * 8)
    }

    subscript(index: Int) -> StorageOperation {
        get { operations[index] }
        set { operations[index] = newValue }
    }

    var indices: Range<Int> { operations.indices }

    /// A place for an I/O.
    func add(_ operation: StorageOperation) -> Int {
        for index in operations.indices where !operations[index].isInUse {
            operations[index] = operation
            return index
        }
        operations.append(operation)
        if operations.count * recordBytes > arena.byteCount {
            var larger = AlignedBuffer(minimumByteCount: arena.byteCount * 2)
            larger.copy(0..<arena.byteCount, of: arena, to: 0)
            arena = larger
        }
        return operations.count - 1
    }

    /// The bytes that a write carries: taken when it is issued, whatever becomes of the writer's buffer.
    func setRecord(of index: Int, _ record: borrowing AlignedBuffer, byteCount: Int) {
        operations[index].byteCount = byteCount
        arena.copy(0..<byteCount, of: record, to: index * recordBytes)
    }

    /// A second execution of a write carries the same bytes.
    func copyRecord(from index: Int, to other: Int) {
        let byteCount = operations[index].byteCount
        operations[other].byteCount = byteCount
        var record = AlignedBuffer(minimumByteCount: byteCount)
        record.copy(index * recordBytes..<index * recordBytes + byteCount, of: arena, to: 0)
        arena.copy(0..<byteCount, of: record, to: other * recordBytes)
    }

    /// Brings bytes of a write to the medium: those of `part` of its record.
    func land(_ index: Int, _ part: Range<Int>, on disk: SharedDisk) {
        let start = index * recordBytes
        disk.write(
            start + part.lowerBound..<start + part.upperBound,
            of: arena,
            to: disk.place(of: operations[index]).lowerBound + part.lowerBound
        )
    }

    /// The I/O can do nothing any more.
    func remove(_ index: Int) { operations[index].isInUse = false }
}
