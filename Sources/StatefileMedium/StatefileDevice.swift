public import ByteFormat
public import PoolModel
public import StatefileLayout

/// The storage that holds, or shall hold, a statefile, as one thread uses it over some transport.
///
/// One thread at a time uses it, and every call may block until its deadline; where the kernel does the I/O
/// (file, block device) as long as the kernel does. A write is on the medium when the call returns, and a
/// read comes from there. After an error the device is closed; `open` makes the way anew.
///
/// *Late writes.* A call that ended in an error may have issued a write that the medium carries out later.
/// The device counts those (`lateWrites`), so that the caller never writes to such a place again before
/// `settle` or `open` found that none of them can land any more ([VIEW-3]).
public protocol StatefileDevice: ~Copyable {
    /// Where it is, for messages; without secrets.
    var place: String { get }
    /// What was found at the last opening; zeros before.
    var facts: DeviceFacts { get }
    /// The ways to the medium, for status; made once.
    var paths: [PathFigures] { get }
    /// Writes whose outcome is unknown.
    var lateWrites: LateWrites { get }
    /// Whether opening ends what another process of this host does on the device under the same name, so that
    /// nothing may be opened before a former process is gone.
    var endsFormerSession: Bool { get }
    /// The way by which a write of a former process or boot may still come; nil when there is none
    /// ([VIEW-3]).
    var wayOfFormerWrites: String? { get }

    /// Makes the way to the medium ready; true when it was made anew, so that its content is to be looked at.
    mutating func open(until deadline: MonotonicInstant) throws(StatefileError) -> Bool
    /// Gives the way up.
    mutating func close()
    /// Reads `byteCount` bytes at `offsetBytes` to the start of `buffer`.
    mutating func read(
        offsetBytes: Int,
        byteCount: Int,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError)
    /// Writes the first `byteCount` bytes of `buffer` at `offsetBytes`.
    mutating func write(
        _ buffer: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError)
    /// Reads all ballot sub-blocks, in the order of the geometry's ballot area, to the start of `buffer`.
    mutating func readBallots(
        _ geometry: StatefileGeometry,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError)
    /// Writes one sub-block of `owner`: the first `geometry.ballotBytes` bytes of `buffer`.
    mutating func writeBallot(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        owner: HostIndex,
        subBlock: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError)
    /// *Format*: writes the whole ballot area, which stands in `buffer`.
    mutating func formatBallots(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        until deadline: MonotonicInstant
    ) throws(StatefileError)
    /// Tries to make sure that no late write can land any more.
    mutating func settle(until deadline: MonotonicInstant)
}

/// Where the ballots lie in the ballot area of the one medium: everywhere but on NFS.
public protocol FlatStatefileDevice: StatefileDevice, ~Copyable {}

extension FlatStatefileDevice where Self: ~Copyable {
    /// Reads the ballot area in one request.
    public mutating func readBallots(
        _ geometry: StatefileGeometry,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let area = geometry.ballotArea
        try read(offsetBytes: area.lowerBound, byteCount: area.count, into: &buffer, until: deadline)
    }

    /// Writes the sub-block at its place in the ballot area.
    public mutating func writeBallot(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        owner: HostIndex,
        subBlock: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let place = geometry.ballot(of: owner, subBlock: subBlock)
        try write(buffer, byteCount: geometry.ballotBytes, offsetBytes: place.lowerBound, until: deadline)
    }

    /// Writes the ballot area.
    public mutating func formatBallots(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let area = geometry.ballotArea
        try write(buffer, byteCount: area.count, offsetBytes: area.lowerBound, until: deadline)
    }
}

/// What kind of storage it is, by the way in which it is reached.
public enum TransportKind: String, BitwiseCopyable, Sendable {
    /// A regular file in a filesystem of the kernel.
    case file
    /// A block device of the kernel.
    case block
    /// A logical unit, over libiscsi.
    case iscsi
    /// A folder, over libnfs.
    case nfs
}

/// What is known of a device since it was opened last.
public struct DeviceFacts: BitwiseCopyable, Equatable, Sendable {
    /// How it is reached.
    public var kind: TransportKind
    /// Its real size.
    public var byteCount = 0
    /// The smallest unit of a write.
    public var logicalBlockBytes = 512
    /// Whether no cache of this host lies between; with one, a write that failed may still land later.
    public var isDirect = true

    /// What is known before the first opening.
    public init(kind: TransportKind) { self.kind = kind }
}

/// Writes of this process whose outcome is unknown.
public struct LateWrites: BitwiseCopyable, Equatable, Sendable {
    /// How many there ever were.
    public var givenUpCount: UInt64 = 0
    /// Whether one of them may still land.
    public var mayLand = false

    /// None.
    public init() {}

    /// One more.
    public mutating func add() {
        givenUpCount &+= 1
        mayLand = true
    }
}

/// What a device is opened for.
public enum DeviceAccess: Sendable {
    /// Reading only.
    case read
    /// Reading and writing.
    case readWrite
    /// Reading and writing, and nobody else may use it, where that can be had: for *format*.
    case exclusive
}
