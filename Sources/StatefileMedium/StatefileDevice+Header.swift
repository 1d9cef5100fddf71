public import ByteFormat
import LinuxPlatform
public import PoolModel
public import StatefileLayout

extension StatefileDevice where Self: ~Copyable {
    /// What the device holds, as its first bytes say.
    public mutating func recognise(until deadline: MonotonicInstant) throws(StatefileError)
        -> StatefileContent
    {
        let first = try first(StatefileRecognition.bytesToRead, until: deadline)
        return first.bytes.withBytes(in: 0..<first.count) { StatefileRecognition.recognise($0) }
    }

    /// Reads and authenticates the header.
    public mutating func readHeader<Authenticator: MessageAuthenticator & ~Copyable>(
        authenticator: inout Authenticator,
        until deadline: MonotonicInstant
    ) throws(StatefileError) -> StatefileHeader {
        let first = try first(StatefileRecognition.largestHeaderBytes, until: deadline)
        let deviceBytes = facts.byteCount
        do throws(StatefileHeaderError) {
            return try first.bytes.withBytes(in: 0..<first.count) { bytes throws(StatefileHeaderError) in
                try StatefileHeader.read(bytes, deviceBytes: deviceBytes, authenticator: &authenticator)
            }
        } catch {
            throw .header(error, path: place)
        }
    }

    /// That the device holds the statefile of this codec, and no other.
    ///
    /// Not authenticated: every record is.
    mutating func check(_ codec: StatefileCodec, until deadline: MonotonicInstant) throws(StatefileError) {
        switch try recognise(until: deadline) {
        case .ready(let header):
            guard header.generation == codec.generation, header.geometry == codec.geometry else {
                throw .otherGeneration(path: place)
            }
        case .unfinishedFormat:
            throw .header(.unfinishedFormat, path: place)
        case .damaged(let cause):
            throw .header(.unreadable(cause), path: place)
        case .empty:
            throw .header(.unreadable(.blank), path: place)
        case .newerFormat:
            throw .header(.unreadable(.newerFormat), path: place)
        case .foreign:
            throw .header(.unreadable(.wrongMagic), path: place)
        }
    }

    /// The first `wanted` bytes, or all whole blocks of a shorter device.
    private mutating func first(
        _ wanted: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) -> FirstBytes {
        let block = max(facts.logicalBlockBytes, 512)
        let count = min(wanted, facts.byteCount / block * block)
        var first = FirstBytes(bytes: AlignedBuffer(minimumByteCount: wanted), count: count)
        if count > 0 { try read(offsetBytes: 0, byteCount: count, into: &first.bytes, until: deadline) }
        return first
    }
}

/// The beginning of a device.
private struct FirstBytes: ~Copyable {
    var bytes: AlignedBuffer
    let count: Int
}

/// How long a tool waits for one request, where no round's deadline says so.
public enum ToolPatience {
    /// Unit: TimeSpan.
    ///
    /// Longer than the path fail-over of an array, shorter than an operator's patience.
    public static let span = TimeSpan.seconds(15)
    /// The deadline of a request that is issued now.
    public static var deadline: MonotonicInstant { BootClock().now() + span }
}
