public import ByteFormat
import LinuxPlatform
public import PoolModel
public import StatefileLayout

/// What a new statefile shall be.
public struct StatefilePlan: Sendable {
    /// The file or device.
    public var path: String
    /// The host table, in the order of the rows.
    public var hostNames: [String]
    /// The timing of the pool.
    public var timing: TimingChoice
    /// The largest D of the pool; nil for the D that the timing gives.
    public var largestD: TimeSpan?
    /// The identity; nil for a random one.
    public var generation: PoolGeneration?
    /// With how many bytes a regular file is made that is not there yet; nil: it must be there.
    public var createByteCount: Int?
    /// Whether content other than zeros may be destroyed.
    public var mayDestroyContent = false

    /// A plan with the defaults for everything that is a choice.
    public init(path: String, hostNames: [String], timing: TimingChoice) {
        self.path = path
        self.hostNames = hostNames
        self.timing = timing
    }
}

/// Makes a device or file a statefile; for tools.
///
/// Blocks.
public enum StatefileFormatter {
    /// Formats as planned and reads the header back.
    ///
    /// Refuses a device that holds anything, unless the plan allows it, and a block device that anybody uses.
    ///
    /// After an error past the first write the device says that its format is unfinished, and no host uses
    /// it.
    public static func format<Authenticator: MessageAuthenticator & ~Copyable>(
        _ plan: StatefilePlan,
        authenticator: inout Authenticator
    ) throws(StatefileError) -> StatefileHeader {
        do throws(HostTableError) { try StatefileHeader.check(plan.hostNames) } catch {
            throw .hostTable(error)
        }
        try checkExistence(plan)
        let file = try StatefileFile.open(plan.path, .exclusive, createByteCount: plan.createByteCount)
        if !plan.mayDestroyContent {
            let content = try file.recognise()
            guard content == .empty else { throw .holdsData(path: plan.path, content: content) }
        }
        let header = try header(of: plan, on: file)
        var buffer = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: header.geometry))
        var staging = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: header.geometry))
        try StatefileFormat.forEachWrite(header, buffer: &buffer, authenticator: &authenticator) {
            (offset: Int, bytes: Span<UInt8>) throws(StatefileError) in
            staging.withMutableBytes(in: 0..<bytes.count) { copy in
                for index in bytes.indices { copy[index] = bytes[index] }
            }
            try file.write(staging, byteCount: bytes.count, offsetBytes: offset)
        }
        return try file.readHeader(authenticator: &authenticator)
    }

    private static func checkExistence(_ plan: StatefilePlan) throws(StatefileError) {
        guard plan.createByteCount == nil else { return }
        do throws(SystemError) {
            _ = try FileStatus.of(plan.path)
        } catch {
            guard error.code == 2 else { throw .cannotOpen(error) }
            throw .noSuchFile(path: plan.path, recommendedBytes: try recommendedBytes(for: plan))
        }
    }

    /// The size that a new file for the plan should have.
    public static func recommendedBytes(for plan: StatefilePlan) throws(StatefileError) -> Int {
        do throws(StatefileGeometryError) {
            return try StatefileGeometry.recommendedBytes(hostCount: plan.hostNames.count)
        } catch {
            throw .geometry(error, path: plan.path)
        }
    }

    private static func header(
        of plan: StatefilePlan,
        on file: borrowing StatefileFile
    ) throws(StatefileError) -> StatefileHeader {
        let geometry: StatefileGeometry
        do throws(StatefileGeometryError) {
            geometry = try StatefileGeometry(
                deviceBytes: file.byteCount,
                hostCount: plan.hostNames.count,
                smallestBlockBytes: file.logicalBlockBytes
            )
        } catch {
            throw .geometry(error, path: plan.path)
        }
        do throws(HostTableError) {
            return try StatefileHeader(
                generation: plan.generation ?? PoolGeneration(KernelRandom.bits128()),
                hostNames: plan.hostNames,
                largestD: plan.largestD ?? Timing(plan.timing).certainlyDead,
                timing: plan.timing,
                createdAtUnixSeconds: WallClock.secondsSince1970,
                geometry: geometry
            )
        } catch {
            throw .hostTable(error)
        }
    }
}
