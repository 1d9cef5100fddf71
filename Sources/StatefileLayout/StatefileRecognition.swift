public import ByteFormat
import PoolModel

/// What a device or file holds, as its first bytes say; found without any key.
public enum StatefileContent: Equatable, Sendable {
    /// Zeros as far as was read: free to be formatted.
    case empty
    /// A statefile of this pool generation.
    case ready(StatefileHeader)
    /// *Format* was interrupted: no host uses it; to be formatted again.
    case unfinishedFormat(StatefileHeader)
    /// The header of a statefile, torn or damaged.
    case damaged(RecordRejection)
    /// A statefile of a newer Holdfast.
    case newerFormat
    /// Somebody else's data: a filesystem, a partition table, a disk image. Not to be touched.
    case foreign
}

/// Tells what a device holds before anything is written to it.
public enum StatefileRecognition {
    /// How much of the device is to be read: beyond the superblock of every usual filesystem.
    public static let bytesToRead = 128 << 10
    /// The least that shows a header of any pool: reading less of a larger device may give `damaged`.
    public static let largestHeaderBytes = 8192

    /// What the first bytes of a device are.
    ///
    /// Never traps; allocates, so it is for start and tools.
    public static func recognise(_ first: Span<UInt8>) -> StatefileContent {
        switch readHeader(first) {
        case .contents(let contents, body: _):
            return contents.state == .ready ? .ready(contents.header) : .unfinishedFormat(contents.header)
        case .rejected(.blank):
            return RecordEnvelope.areZeros(first, in: 0..<first.count) ? .empty : .foreign
        case .rejected(.newerFormat):
            return .newerFormat
        case .rejected(.wrongMagic):
            return .foreign
        case .rejected(let cause):
            return .damaged(cause)
        }
    }

    enum HeaderReading {
        case contents(HeaderFormat.Contents, body: Range<Int>)
        case rejected(RecordRejection)
    }

    /// Reads the header in the first bytes of a device, its code unchecked.
    static func readHeader(_ first: Span<UInt8>) -> HeaderReading {
        let record = first.extracting(0..<min(first.count, largestHeaderBytes))
        switch RecordEnvelope.whole(record, kind: .header, blockBytes: 512) {
        case .rejected(let cause):
            return .rejected(cause)
        case .whole(let body):
            guard let contents = HeaderFormat.decodeBody(record, body: body) else {
                return .rejected(.wrongContent)
            }
            let size = contents.header.geometry.headerBytes
            guard size <= record.count else { return .rejected(.wrongLength) }
            let padding = body.upperBound + RecordEnvelope.trailerBytes..<size
            guard RecordEnvelope.areZeros(record, in: padding) else { return .rejected(.wrongPadding) }
            return .contents(contents, body: body)
        }
    }
}

extension StatefileHeader {
    /// Reads and authenticates the header of a statefile that is to be used, and checks that it fits the
    /// device.
    ///
    /// `first` is the start of the device, at least `StatefileRecognition.largestHeaderBytes` or all of it;
    /// `deviceBytes` its present size. Allocates; called once at start.
    public static func read<Authenticator: MessageAuthenticator & ~Copyable>(
        _ first: Span<UInt8>,
        deviceBytes: Int,
        authenticator: inout Authenticator
    ) throws(StatefileHeaderError) -> StatefileHeader {
        switch StatefileRecognition.readHeader(first) {
        case .rejected(let cause):
            throw .unreadable(cause)
        case .contents(let contents, let body):
            let header = contents.header
            if let cause = RecordEnvelope.check(
                first,
                body: body,
                place: .header,
                generation: header.generation,
                authenticator: &authenticator
            ) {
                throw .unreadable(cause)
            }
            guard contents.state == .ready else { throw .unfinishedFormat }
            guard header.geometry.usedBytes <= deviceBytes else {
                throw .deviceShrank(deviceBytes: deviceBytes, usedBytes: header.geometry.usedBytes)
            }
            return header
        }
    }
}

/// Why a header cannot be used.
public enum StatefileHeaderError: Error, BitwiseCopyable, Hashable, CustomStringConvertible {
    /// It is not a whole, authentic header of this format.
    case unreadable(RecordRejection)
    /// *Format* was interrupted.
    case unfinishedFormat
    /// The device has become smaller than the statefile on it.
    case deviceShrank(deviceBytes: Int, usedBytes: Int)

    /// The whole sentence, with what to do.
    public var description: String {
        switch self {
        case .unreadable(let cause):
            "the statefile's header cannot be used: \(StatefileHeaderError.text(cause)); "
                + "this host does not join"
        case .unfinishedFormat:
            "the statefile's format was interrupted before it was complete; no host can join; "
                + "run 'holdfast statefile format' again"
        case .deviceShrank(let device, let used):
            "the statefile's device has \(device) bytes, and \(used) are in use since it was formatted; this "
                + "host does not join; give the device its size back or format anew"
        }
    }

    private static func text(_ cause: RecordRejection) -> String {
        switch cause {
        case .blank: "the device holds zeros; format it, or check that the path names the right device"
        case .wrongMagic: "the device holds something else; check that the path names the right device"
        case .wrongLength, .wrongChecksum, .wrongPadding:
            "it is torn or damaged (\(cause)); check the storage"
        case .newerFormat: "a newer Holdfast wrote it; update this host"
        case .otherGeneration, .wrongOwner, .wrongContent:
            "its content has no meaning (\(cause)); check the storage"
        case .wrongCode: "this host's pool key did not make it; copy the pool's key file to this host"
        }
    }
}
