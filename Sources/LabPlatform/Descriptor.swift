internal import CLab
internal import Glibc

/// A file descriptor that is closed with its last reference.
public final class Descriptor {
    /// The number, for poll; never close it.
    public private(set) var number: Int32

    /// Takes over an open descriptor.
    public init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close()
    }

    /// Closes it now; again is no harm.
    public func close() {
        guard number >= 0 else { return }
        _ = Glibc.close(number)
        number = -1
    }

    /// Opens a file; the flags are those of open(2), O_CLOEXEC is added.
    public init(path: String, flags: Int32, mode: UInt32 = 0o600) throws(LabError) {
        // SAFETY: the path is a NUL-terminated copy that lives during the call.
        let opened = unsafe Glibc.open(path, flags | O_CLOEXEC, mode_t(mode))
        guard opened >= 0 else { throw LabError("open \(path)", errorNumber: errno) }
        number = opened
    }

    /// A second descriptor for what `number` stands for, which stays open when this one is closed.
    public init(duplicating number: Int32) {
        self.number = fcntl(number, F_DUPFD_CLOEXEC, 3)
    }

    /// Both ends of a pipe: the one to read from, the one to write to.
    public static func pipe() throws(LabError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: (Int32, Int32) = (0, 0)
        // SAFETY: pipe(2) fills exactly two ints, which the tuple holds one after the other.
        let outcome = unsafe withUnsafeMutablePointer(to: &ends) { pointer in
            unsafe pointer.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe Glibc.pipe($0) }
        }
        guard outcome == 0 else { throw LabError("pipe", errorNumber: errno) }
        for end in [ends.0, ends.1] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (Descriptor(owning: ends.0), Descriptor(owning: ends.1))
    }

    /// Lets read return at once when there is nothing.
    public func setNonBlocking() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    /// What one read gives: nil when there is nothing at the moment, empty at the end of the file or a broken
    /// line.
    public func read(upTo count: Int = 65536) -> [UInt8]? {
        while true {
            var got = -1
            // SAFETY: read(2) writes at most `count` bytes into the buffer of that capacity; `got` of them
            // are set.
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                got = unsafe Glibc.read(number, buffer.baseAddress, count)
                initialized = max(0, got)
            }
            if got >= 0 { return bytes }
            switch errno {
            case EINTR: continue
            case EAGAIN: return nil
            default: return []
            }
        }
    }

    /// Reads `count` bytes at `offset`; shorter at the end of the file.
    public func read(at offset: Int64, count: Int) -> Result<[UInt8], LabError> {
        var got = -1
        // SAFETY: pread(2) writes at most `count` bytes into the buffer of that capacity; `got` of them are
        // set.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            repeat {
                got = unsafe pread(number, buffer.baseAddress, count, off_t(offset))
            } while got < 0 && errno == EINTR
            initialized = max(0, got)
        }
        return got < 0 ? .failure(LabError("pread at \(offset)", errorNumber: errno)) : .success(bytes)
    }

    /// Writes all bytes at `offset`; zero or the error number.
    public func write(_ bytes: [UInt8], at offset: Int64) -> Int32 {
        var done = 0
        while done < bytes.count {
            let rest = bytes.count - done
            // SAFETY: the pointer is valid for `bytes.count` bytes during the closure; `done` is below that.
            let put = unsafe bytes.withUnsafeBytes {
                unsafe pwrite(
                    number,
                    $0.baseAddress.map { unsafe $0 + done },
                    rest,
                    off_t(offset) + off_t(done)
                )
            }
            if put < 0 {
                if errno == EINTR { continue }
                return errno
            }
            done += put
        }
        return 0
    }

    /// Writes all of a text where the descriptor stands; false when the other side is gone.
    @discardableResult
    public func write(text: String) -> Bool {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let rest = bytes.count - done
            // SAFETY: the pointer is valid for `bytes.count` bytes during the closure; `done` is below that.
            let put = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(number, $0.baseAddress.map { unsafe $0 + done }, rest)
            }
            if put < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    Poller.wait(for: 20)
                    continue
                }
                return false
            }
            done += put
        }
        return true
    }

    /// The size of the file behind it in bytes, zero when it cannot be told.
    public var size: Int64 {
        var facts = stat()
        // SAFETY: fstat(2) fills the struct that is passed for the time of the call.
        guard unsafe fstat(number, &facts) == 0 else { return 0 }
        return Int64(facts.st_size)
    }

    /// Makes the file this large; zero or the error number.
    public func resize(to size: Int64) -> Int32 {
        ftruncate(number, off_t(size)) == 0 ? 0 : errno
    }
}

/// Flags of open(2) by what they are for.
public enum OpenFlags {
    /// Write at the end, make the file where it is missing.
    public static let appendToLog = O_WRONLY | O_CREAT | O_APPEND
    /// Read and write what is there.
    public static let readAndWrite = O_RDWR
    /// Write what is there.
    public static let writeOnly = O_WRONLY
    /// Read what is there.
    public static let readOnly = O_RDONLY
    /// Read and write a device past the page cache, each write on the medium before it returns.
    public static var direct: Int32 { clab_direct_flags() }
    /// Make a new file to write, cutting an old one.
    public static let createNew = O_RDWR | O_CREAT | O_TRUNC
}
