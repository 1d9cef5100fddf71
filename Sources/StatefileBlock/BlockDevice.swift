public import ByteFormat
import LinuxPlatform
public import PoolModel
public import StatefileMedium

/// A regular file or block device of the kernel as a statefile's device.
///
/// Deadlines are the kernel's: a call that hangs, hangs. A write whose call has returned, in whatever way,
/// cannot land any more; where the page cache is not bypassed a failed write still can, until a later
/// fdatasync succeeds. The path is opened anew after any error, so that a device that went away and came
/// back, or a remounted filesystem, is found.
public struct BlockDevice: FlatStatefileDevice, ~Copyable, Sendable {
    private let path: String
    private let access: DeviceAccess
    private let createByteCount: Int?
    private let figures: PathFigures
    private let clock = BootClock()
    private var file: StatefileFile?
    private var hasFailed = false

    /// What was found at the last opening.
    public private(set) var facts: DeviceFacts
    /// Failed writes that a page cache may still carry out.
    public private(set) var lateWrites = LateWrites()

    /// The device at `path`; with `createByteCount` a regular file is made at the opening where there is
    /// none.
    public init(path: String, access: DeviceAccess, createByteCount: Int? = nil) {
        self.path = path
        self.access = access
        self.createByteCount = createByteCount
        figures = PathFigures(name: path)
        facts = DeviceFacts(kind: BlockDevice.kind(of: path))
    }

    /// File or block device, as it stands now; what cannot be seen counts as a device.
    private static func kind(of path: String) -> TransportKind {
        (try? FileStatus.of(path))?.kind == .regular ? .file : .block
    }

    /// The path.
    public var place: String { path }
    /// The path as the one way.
    public var paths: [PathFigures] { [figures] }
    /// A second descriptor harms nobody.
    public var endsFormerSession: Bool { false }
    /// A former process is told by its lock, a former boot by its waiting time.
    public var wayOfFormerWrites: String? { nil }

    /// Opens the path where it is not open, or failed since.
    public mutating func open(until deadline: MonotonicInstant) throws(StatefileError) -> Bool {
        if hasFailed { file = nil }
        if file != nil { return false }
        hasFailed = false
        do throws(StatefileError) {
            let opened = try StatefileFile.open(path, access, createByteCount: createByteCount)
            facts.kind = opened.kind == .block ? .block : .file
            facts.byteCount = opened.byteCount
            facts.logicalBlockBytes = opened.logicalBlockBytes
            facts.isDirect = opened.isDirect
            file = consume opened
            figures.note(.active, at: clock.now())
            return true
        } catch {
            figures.note(.failed, at: clock.now())
            throw error
        }
    }

    /// Closes the path.
    public mutating func close() { file = nil }

    /// Reads from the medium.
    public mutating func read(
        offsetBytes: Int,
        byteCount: Int,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let start = clock.now()
        do throws(StatefileError) {
            let got: Void? = try file?.read(offsetBytes: offsetBytes, byteCount: byteCount, into: &buffer)
            guard got != nil else { throw .closed(path: path) }
        } catch {
            fail()
            throw error
        }
        figures.note(latency: clock.now() - start)
    }

    /// Writes to the medium.
    public mutating func write(
        _ buffer: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let start = clock.now()
        guard file != nil else { throw .closed(path: path) }
        do throws(StatefileError) {
            try file?.write(buffer, byteCount: byteCount, offsetBytes: offsetBytes)
        } catch {
            if !facts.isDirect { lateWrites.add() }
            fail()
            throw error
        }
        figures.note(latency: clock.now() - start)
    }

    /// What the page cache holds of failed writes is on the medium, or lost, once fdatasync succeeds.
    public mutating func settle(until deadline: MonotonicInstant) {
        guard lateWrites.mayLand, file?.synchronize() == true else { return }
        lateWrites.mayLand = false
    }

    private mutating func fail() {
        hasFailed = true
        figures.note(.failed, at: clock.now())
    }
}
