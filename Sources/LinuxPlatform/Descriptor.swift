import CLinux

/// A file descriptor that is closed with its owner.
///
/// Every descriptor of Holdfast is close-on-exec. Failures of `close` are not errors: the descriptor is gone.
public struct Descriptor: ~Copyable, Sendable {
    /// The number; valid while the owner lives.
    public let number: Int32

    /// Takes over a descriptor that nobody else closes.
    public init(owning number: Int32) {
        precondition(number >= 0, "a descriptor is not negative")
        self.number = number
    }

    deinit { _ = hf_close(number) }

    /// Gives the descriptor away; whoever takes the number closes it.
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    /// Opens a file or device.
    ///
    /// The corresponding C function is `open`, with `O_CLOEXEC`.
    public static func open(_ path: String, _ how: OpenMode, permissions: UInt32 = 0o600) throws(SystemError)
        -> Descriptor
    {
        let number = unsafe hf_open(path, how.rawValue, permissions)
        guard number >= 0 else { throw SystemError("open", path, result: number) }
        return Descriptor(owning: number)
    }

    /// Another descriptor of the same open file.
    ///
    /// The corresponding C function is `fcntl(F_DUPFD_CLOEXEC)`.
    public func duplicate() throws(SystemError) -> Descriptor {
        let copy = hf_duplicate(number)
        guard copy >= 0 else { throw SystemError("dup", "descriptor \(number)", result: copy) }
        return Descriptor(owning: copy)
    }

    /// Locks the whole file for this open file alone; the lock ends with its last descriptor.
    ///
    /// Does not wait: a lock that somebody else holds is EAGAIN. The corresponding C function is
    /// `fcntl(F_OFD_SETLK)`.
    public func lock(path: String) throws(SystemError) {
        let result = hf_lock(number, true)
        guard result == 0 else { throw SystemError("fcntl(F_OFD_SETLK)", path, result: result) }
    }

    /// What it is, its size and its device numbers.
    ///
    /// The corresponding C function is `fstat`.
    public func status() throws(SystemError) -> FileStatus {
        var found = hf_file_status()
        let result = unsafe hf_status_of_fd(number, &found)
        guard result == 0 else { throw SystemError("fstat", "descriptor \(number)", result: result) }
        return FileStatus(found)
    }
}

/// How a file is opened; see open(2).
public struct OpenMode: OptionSet, BitwiseCopyable, Sendable {
    /// The bits of CLinux.
    public let rawValue: UInt32
    /// The mode with these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// For reading.
    public static let read = OpenMode(rawValue: UInt32(HF_READ))
    /// For writing.
    public static let write = OpenMode(rawValue: UInt32(HF_WRITE))
    /// Made when it is not there.
    public static let create = OpenMode(rawValue: UInt32(HF_CREATE))
    /// Fails when it is there.
    public static let exclusive = OpenMode(rawValue: UInt32(HF_EXCLUSIVE))
    /// Emptied.
    public static let truncate = OpenMode(rawValue: UInt32(HF_TRUNCATE))
    /// Past the page cache.
    public static let direct = OpenMode(rawValue: UInt32(HF_DIRECT))
    /// A write returns once it is on the medium.
    public static let synced = OpenMode(rawValue: UInt32(HF_SYNCED))
    /// Only a directory.
    public static let directory = OpenMode(rawValue: UInt32(HF_DIRECTORY))
    /// Never waits.
    public static let nonblocking = OpenMode(rawValue: UInt32(HF_NONBLOCK))
}

/// What a path or descriptor is.
public struct FileStatus: BitwiseCopyable, Sendable, Equatable {
    /// The kinds that Holdfast tells apart.
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// None of the others: a socket, a pipe, a link.
        case other
        /// A regular file.
        case regular
        /// A block device.
        case block
        /// A character device.
        case character
        /// A directory.
        case directory
    }
    /// What it is.
    public let kind: Kind
    /// The permission bits.
    public let permissions: UInt32
    /// The owner's uid.
    public let owner: UInt32
    /// The size of a regular file in bytes.
    public let byteCount: Int
    /// Major and minor number of a device node.
    public let device: (major: UInt32, minor: UInt32)
    /// The file's number on its filesystem.
    public let inode: UInt64

    init(_ status: hf_file_status) {
        switch Int(status.kind) {
        case Int(HF_KIND_REGULAR): kind = .regular
        case Int(HF_KIND_BLOCK): kind = .block
        case Int(HF_KIND_CHARACTER): kind = .character
        case Int(HF_KIND_DIRECTORY): kind = .directory
        default: kind = .other
        }
        permissions = status.mode
        owner = status.owner
        byteCount = Int(clamping: status.size)
        device = (status.device_major, status.device_minor)
        inode = status.inode
    }

    /// What `path` is, following links.
    ///
    /// The corresponding C function is `stat`.
    public static func of(_ path: String) throws(SystemError) -> FileStatus {
        var found = hf_file_status()
        let result = unsafe hf_status_of_path(path, &found)
        guard result == 0 else { throw SystemError("stat", path, result: result) }
        return FileStatus(found)
    }

    /// Whether both are the same.
    public static func == (left: FileStatus, right: FileStatus) -> Bool {
        left.kind == right.kind && left.permissions == right.permissions && left.owner == right.owner
            && left.byteCount == right.byteCount && left.device == right.device && left.inode == right.inode
    }
}
