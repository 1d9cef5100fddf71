public import LinuxPlatform
public import StatefileLayout

/// What went wrong with a statefile; each says to what, and what to do.
public enum StatefileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The path cannot be opened.
    case cannotOpen(SystemError)
    /// The path is neither a regular file nor a block device.
    case unusableKind(path: String, kind: FileStatus.Kind)
    /// Another program uses the block device: it is mounted, in a volume group, or held open exclusively.
    case inUse(path: String)
    /// The size of the device cannot be found out.
    case noSize(SystemError)
    /// A read failed.
    case readFailed(SystemError, offsetBytes: Int, byteCount: Int)
    /// A read ended early: the file or device is shorter than it was.
    case shortRead(path: String, offsetBytes: Int, expected: Int, got: Int)
    /// A write failed.
    case writeFailed(SystemError, offsetBytes: Int, byteCount: Int)
    /// A write ended early: the block is torn.
    case shortWrite(path: String, offsetBytes: Int, expected: Int, got: Int)
    /// The header cannot be used.
    case header(StatefileHeaderError, path: String)
    /// The header is of another pool generation than the one that this daemon started with.
    case otherGeneration(path: String)
    /// The statefile cannot be laid out on this device.
    case geometry(StatefileGeometryError, path: String)
    /// The host names make no host table.
    case hostTable(HostTableError)
    /// *Format* was asked for a device that holds something.
    case holdsData(path: String, content: StatefileContent)
    /// *Format* was asked for a file that is not there, without a size to make it with.
    case noSuchFile(path: String, recommendedBytes: Int)
    /// The transport, in its own words.
    case transport(any TransportTrouble)
    /// Nothing is issued while a former process of this host may still be there.
    case formerProcess(path: String)
    /// The way is not open.
    case closed(path: String)

    /// The sentence, with the next step.
    public var description: String {
        switch self {
        case .cannotOpen(let error):
            "statefile: \(error); nothing was read or written; check that the path is connected"
        case .unusableKind(let path, let kind):
            "statefile \(path): it is a \(kind) file, and a statefile is a regular file or a block device; "
                + "set statefile.path to one"
        case .inUse(let path):
            "statefile \(path): another program uses the device (EBUSY): it is mounted, in a volume group, or held by "
                + "multipath or device mapper; nothing was written; give the statefile a device of its own"
        case .noSize(let error):
            "statefile: \(error): its size is not known; check that the path is connected"
        case .readFailed(let error, let offset, let count):
            "statefile: reading \(count) bytes at \(offset): \(error); check the path with 'multipath -ll' or 'dmesg'"
        case .shortRead(let path, let offset, let expected, let got):
            "statefile \(path): reading at \(offset) gave \(got) of \(expected) bytes: it became shorter; "
                + "give it its size back or format anew"
        case .writeFailed(let error, let offset, let count):
            "statefile: writing \(count) bytes at \(offset): \(error); check the path with 'multipath -ll' or 'dmesg'"
        case .shortWrite(let path, let offset, let expected, let got):
            "statefile \(path): writing at \(offset) took \(got) of \(expected) bytes: the block is torn; "
                + "check the storage's free space"
        case .header(let error, let path):
            "statefile \(path): \(error)"
        case .otherGeneration(let path):
            "statefile \(path): it was formatted anew, or the path leads to another statefile, since this daemon "
                + "started; it is not used; restart the daemon on every host if that is what you want"
        case .geometry(let error, let path):
            "statefile \(path): \(error)"
        case .hostTable(let error):
            "\(error)"
        case .holdsData(let path, let content):
            "statefile \(path): it \(StatefileError.words(content)); nothing was written; "
                + "use another device, or say that this content may be destroyed"
        case .noSuchFile(let path, let bytes):
            "statefile \(path): there is no such file; give a size to make it with (\(bytes) bytes are recommended)"
        case .transport(let trouble):
            trouble.description
        case .formerProcess(let path):
            "statefile \(path): a former daemon process of this host is still there, or another daemon runs; nothing "
                + "is opened before it is gone"
        case .closed(let path):
            "statefile \(path): it is not open; it is opened anew before the next round"
        }
    }

    /// Whether both tell the same.
    public static func == (left: StatefileError, right: StatefileError) -> Bool {
        left.description == right.description
    }

    private static func words(_ content: StatefileContent) -> String {
        switch content {
        case .empty: "is empty"
        case .ready(let header): "is the statefile of a pool of \(header.hostNames.joined(separator: ", "))"
        case .unfinishedFormat: "is a statefile whose format was interrupted"
        case .damaged(let cause): "is a damaged statefile (\(cause))"
        case .newerFormat: "is the statefile of a newer Holdfast"
        case .foreign: "holds somebody else's data: a filesystem, a partition table or a disk image"
        }
    }
}

/// What a transport reports of itself: a sentence with the next step, and of what sort it is.
public protocol TransportTrouble: Error, Sendable, CustomStringConvertible {
    /// Of what sort it is.
    var sort: TransportTroubleSort { get }
}

/// What a trouble of a transport means to whoever asked.
public enum TransportTroubleSort: Sendable {
    /// Nothing answers there.
    case unreachable
    /// Something answers and refuses: access, a wrong name, a wrong device.
    case refused
    /// The medium failed a request.
    case failed
}
