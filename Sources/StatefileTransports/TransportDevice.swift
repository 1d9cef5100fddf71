public import ByteFormat
public import PoolModel
public import StatefileBlock
public import StatefileISCSI
public import StatefileLayout
public import StatefileMedium
public import StatefileNFS

/// A device of whichever transport an address names.
///
/// Exactly one of its parts is there, which the initialisers see to; each method asks all and is answered by
/// that one. (A noncopyable payload of an enum could not be changed in place.)
public struct TransportDevice: StatefileDevice, ~Copyable {
    private var block: BlockDevice?
    private var iscsi: ISCSIDevice?
    private var nfs: NFSDevice?

    /// A file or block device of the kernel.
    public init(_ device: consuming BlockDevice) { block = consume device }
    /// A logical unit.
    public init(_ device: consuming ISCSIDevice) { iscsi = consume device }
    /// A folder on a server.
    public init(_ device: consuming NFSDevice) { nfs = consume device }

    /// Asks the part that is there.
    private borrowing func ask<Answer>(
        block question: (borrowing BlockDevice) -> Answer,
        iscsi other: (borrowing ISCSIDevice) -> Answer,
        nfs third: (borrowing NFSDevice) -> Answer
    ) -> Answer {
        switch block {
        case .some(let device): return question(device)
        case nil: break
        }
        switch iscsi {
        case .some(let device): return other(device)
        case nil: break
        }
        switch nfs {
        case .some(let device): return third(device)
        case nil: preconditionFailure("a device is of one transport")
        }
    }

    /// Where it is.
    public var place: String { ask(block: { $0.place }, iscsi: { $0.place }, nfs: { $0.place }) }
    /// What was found at the last opening.
    public var facts: DeviceFacts { ask(block: { $0.facts }, iscsi: { $0.facts }, nfs: { $0.facts }) }
    /// The ways to the medium.
    public var paths: [PathFigures] { ask(block: { $0.paths }, iscsi: { $0.paths }, nfs: { $0.paths }) }
    /// Writes whose outcome is unknown.
    public var lateWrites: LateWrites {
        ask(block: { $0.lateWrites }, iscsi: { $0.lateWrites }, nfs: { $0.lateWrites })
    }
    /// Whether opening ends what a former process does.
    public var endsFormerSession: Bool {
        ask(block: { $0.endsFormerSession }, iscsi: { $0.endsFormerSession }, nfs: { $0.endsFormerSession })
    }
    /// The way by which a former write may still come.
    public var wayOfFormerWrites: String? {
        ask(block: { $0.wayOfFormerWrites }, iscsi: { $0.wayOfFormerWrites }, nfs: { $0.wayOfFormerWrites })
    }

    /// Makes the way to the medium ready.
    public mutating func open(until deadline: MonotonicInstant) throws(StatefileError) -> Bool {
        if let isNew = try block?.open(until: deadline) { return isNew }
        if let isNew = try iscsi?.open(until: deadline) { return isNew }
        return try nfs?.open(until: deadline) ?? false
    }

    /// Gives the way up.
    public mutating func close() {
        block?.close()
        iscsi?.close()
        nfs?.close()
    }

    /// Reads from the medium.
    public mutating func read(
        offsetBytes: Int,
        byteCount: Int,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        try block?.read(offsetBytes: offsetBytes, byteCount: byteCount, into: &buffer, until: deadline)
        try iscsi?.read(offsetBytes: offsetBytes, byteCount: byteCount, into: &buffer, until: deadline)
        try nfs?.read(offsetBytes: offsetBytes, byteCount: byteCount, into: &buffer, until: deadline)
    }

    /// Writes to the medium.
    public mutating func write(
        _ buffer: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        try block?.write(buffer, byteCount: byteCount, offsetBytes: offsetBytes, until: deadline)
        try iscsi?.write(buffer, byteCount: byteCount, offsetBytes: offsetBytes, until: deadline)
        try nfs?.write(buffer, byteCount: byteCount, offsetBytes: offsetBytes, until: deadline)
    }

    /// Reads all ballot sub-blocks.
    public mutating func readBallots(
        _ geometry: StatefileGeometry,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        try block?.readBallots(geometry, into: &buffer, until: deadline)
        try iscsi?.readBallots(geometry, into: &buffer, until: deadline)
        try nfs?.readBallots(geometry, into: &buffer, until: deadline)
    }

    /// Writes one sub-block.
    public mutating func writeBallot(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        owner: HostIndex,
        subBlock: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        try block?.writeBallot(buffer, geometry, owner: owner, subBlock: subBlock, until: deadline)
        try iscsi?.writeBallot(buffer, geometry, owner: owner, subBlock: subBlock, until: deadline)
        try nfs?.writeBallot(buffer, geometry, owner: owner, subBlock: subBlock, until: deadline)
    }

    /// *Format*: writes the whole ballot area.
    public mutating func formatBallots(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        try block?.formatBallots(buffer, geometry, until: deadline)
        try iscsi?.formatBallots(buffer, geometry, until: deadline)
        try nfs?.formatBallots(buffer, geometry, until: deadline)
    }

    /// Tries to make sure that no late write can land any more.
    public mutating func settle(until deadline: MonotonicInstant) {
        block?.settle(until: deadline)
        iscsi?.settle(until: deadline)
        nfs?.settle(until: deadline)
    }
}
