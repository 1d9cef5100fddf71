import PoolModel

/// One I/O of a host's storage worker, from its issue until it can do nothing any more.
struct StorageOperation: BitwiseCopyable, Sendable {
    enum Kind: UInt8, BitwiseCopyable, Sendable {
        case ballotWrite, slotWrite, slotRead, ballotRead
    }
    var host: UInt8
    /// The daemon run that issued it.
    var run: UInt32
    var kind: Kind
    var subBlock: UInt8 = 0
    var fingerprint: UInt64 = 0
    /// It reached the medium; only its answer is under way.
    var hasLanded = false
    /// It hangs in the path of its host.
    var isHeld = false
    /// The writer no longer waits: gave up, crashed, lost power.
    var isAbandoned = false
    /// Its late landing was decided already.
    var isDelayed = false
    /// It tears: half of it reaches the medium, the rest later or never.
    var tears = false
    var isInUse = true

    var isWrite: Bool { kind == .ballotWrite || kind == .slotWrite }
    /// Whether it may still change the medium.
    var mayLand: Bool { isInUse && isWrite && !hasLanded }
}

/// All I/O under way; places are used again, lowest first, so that walking it stays short.
struct OperationPool: Sendable {
    var operations: [StorageOperation] = []
    var slots: [Slot] = []
    var ballots: [BallotRecord] = []

    /// A place for an I/O.
    mutating func add(_ operation: StorageOperation) -> Int {
        for index in operations.indices where !operations[index].isInUse {
            operations[index] = operation
            return index
        }
        operations.append(operation)
        slots.append(Slot(emptyFor: HostIndex(0)))
        ballots.append(BallotRecord(formattedFor: HostIndex(0)))
        return operations.count - 1
    }

    /// The I/O can do nothing any more.
    mutating func remove(_ index: Int) { operations[index].isInUse = false }
}
