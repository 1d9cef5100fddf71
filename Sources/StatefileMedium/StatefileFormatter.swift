public import ByteFormat
import LinuxPlatform
public import PoolModel
public import StatefileLayout

/// What a new statefile shall be.
public struct StatefilePlan: Sendable {
    /// The host table, in the order of the rows.
    public var hostNames: [String]
    /// The timing of the pool.
    public var timing: TimingChoice
    /// The largest D of the pool; nil for the D that the timing gives.
    public var largestD: TimeSpan?
    /// The identity; nil for a random one.
    public var generation: PoolGeneration?
    /// Whether content other than zeros may be destroyed.
    public var mayDestroyContent = false

    /// A plan with the defaults for everything that is a choice.
    public init(hostNames: [String], timing: TimingChoice) {
        self.hostNames = hostNames
        self.timing = timing
    }
}

/// Makes a device or file a statefile; for tools.
///
/// Blocks.
public enum StatefileFormatter {
    /// Formats `device`, which was made for exclusive use, as planned and reads the header back.
    ///
    /// Refuses a device that holds anything, unless the plan allows it, and a block device that anybody uses.
    ///
    /// After an error past the first write the device says that its format is unfinished, and no host uses
    /// it.
    public static func format<
        Device: StatefileDevice & ~Copyable,
        Authenticator: MessageAuthenticator & ~Copyable
    >(
        _ plan: StatefilePlan,
        on device: inout Device,
        authenticator: inout Authenticator
    ) throws(StatefileError) -> StatefileHeader {
        do throws(HostTableError) { try StatefileHeader.check(plan.hostNames) } catch {
            throw .hostTable(error)
        }
        try open(&device, plan)
        if !plan.mayDestroyContent {
            let content = try device.recognise(until: ToolPatience.deadline)
            guard content == .empty else { throw .holdsData(path: device.place, content: content) }
        }
        let header = try header(of: plan, place: device.place, facts: device.facts)
        try write(header, on: &device, authenticator: &authenticator)
        return try device.readHeader(authenticator: &authenticator, until: ToolPatience.deadline)
    }

    private static func write<
        Device: StatefileDevice & ~Copyable,
        Authenticator: MessageAuthenticator & ~Copyable
    >(
        _ header: StatefileHeader,
        on device: inout Device,
        authenticator: inout Authenticator
    ) throws(StatefileError) {
        let geometry = header.geometry
        var buffer = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: geometry))
        var staging = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: geometry))
        try StatefileFormat.forEachWrite(header, buffer: &buffer, authenticator: &authenticator) {
            (offset: Int, bytes: Span<UInt8>) throws(StatefileError) in
            staging.withMutableBytes(in: 0..<bytes.count) { copy in
                for index in bytes.indices { copy[index] = bytes[index] }
            }
            let deadline = ToolPatience.deadline
            if offset == geometry.ballotArea.lowerBound {
                try device.formatBallots(staging, geometry, until: deadline)
            } else {
                try device.write(staging, byteCount: bytes.count, offsetBytes: offset, until: deadline)
            }
        }
    }

    /// A file that is not there and was given no size is told apart from other troubles.
    private static func open<Device: StatefileDevice & ~Copyable>(
        _ device: inout Device,
        _ plan: StatefilePlan
    ) throws(StatefileError) {
        do throws(StatefileError) {
            _ = try device.open(until: ToolPatience.deadline)
        } catch {
            guard case .cannotOpen(let cause) = error, cause.code == 2 else { throw error }
            throw .noSuchFile(path: device.place, recommendedBytes: try recommendedBytes(for: plan))
        }
    }

    /// The size that a new file for the plan should have.
    public static func recommendedBytes(for plan: StatefilePlan) throws(StatefileError) -> Int {
        do throws(StatefileGeometryError) {
            return try StatefileGeometry.recommendedBytes(hostCount: plan.hostNames.count)
        } catch {
            throw .geometry(error, path: "to be made")
        }
    }

    private static func header(
        of plan: StatefilePlan,
        place: String,
        facts: DeviceFacts
    ) throws(StatefileError) -> StatefileHeader {
        let geometry: StatefileGeometry
        do throws(StatefileGeometryError) {
            geometry = try StatefileGeometry(
                deviceBytes: facts.byteCount,
                hostCount: plan.hostNames.count,
                smallestBlockBytes: facts.logicalBlockBytes
            )
        } catch {
            throw .geometry(error, path: place)
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
