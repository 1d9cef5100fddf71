public import ByteFormat
import CLinux
public import LinuxPlatform
public import StatefileMedium

/// A regular file or block device that holds, or shall hold, a statefile; opened past the page cache.
///
/// One thread at a time uses it; every call may block as long as the storage does. Reads come from the medium
/// and writes are on it when the call returns (O_DIRECT and O_DSYNC). A filesystem that refuses O_DIRECT
/// (tmpfs, some FUSE) is used with O_DSYNC alone, the cache dropped before each read; `isDirect` tells.
public struct StatefileFile: ~Copyable, Sendable {
    private let descriptor: Descriptor
    /// The path it was opened with.
    public let path: String
    /// Regular file or block device.
    public let kind: FileStatus.Kind
    /// The real size at the opening.
    public let byteCount: Int
    /// The smallest unit of a write: the device's logical block size, 512 for a file.
    public let logicalBlockBytes: Int
    /// Whether the page cache is bypassed; without it a write that failed may still land later.
    public let isDirect: Bool

    /// Opens `path`; with `createByteCount` a regular file of that size is made first, where there is none.
    public static func open(
        _ path: String,
        _ access: DeviceAccess,
        createByteCount: Int? = nil
    ) throws(StatefileError) -> StatefileFile {
        if let createByteCount { try create(path, byteCount: createByteCount) }
        var mode: OpenMode = [.read]
        switch access {
        case .read: break
        case .readWrite: mode.formUnion([.write, .synced])
        case .exclusive: mode.formUnion([.write, .synced, isBlockDevice(path) ? .exclusive : []])
        }
        let opened = try openDirect(path, mode)
        let isDirect = opened.isDirect
        let descriptor = opened.descriptor
        let status: FileStatus
        do throws(SystemError) { status = try descriptor.status() } catch { throw .noSize(error) }
        switch status.kind {
        case .regular:
            return StatefileFile(
                descriptor: descriptor,
                path: path,
                kind: status.kind,
                byteCount: status.byteCount,
                logicalBlockBytes: 512,
                isDirect: isDirect
            )
        case .block:
            var bytes: UInt64 = 0
            var block: UInt32 = 0
            let result = unsafe hf_block_size(descriptor.number, &bytes, &block)
            guard result == 0 else {
                throw .noSize(SystemError(call: "ioctl(BLKGETSIZE64)", subject: path, code: -result))
            }
            return StatefileFile(
                descriptor: descriptor,
                path: path,
                kind: status.kind,
                byteCount: Int(clamping: bytes),
                logicalBlockBytes: Int(block),
                isDirect: isDirect
            )
        case .character, .directory, .other:
            throw .unusableKind(path: path, kind: status.kind)
        }
    }

    private init(
        descriptor: consuming Descriptor,
        path: String,
        kind: FileStatus.Kind,
        byteCount: Int,
        logicalBlockBytes: Int,
        isDirect: Bool
    ) {
        self.descriptor = descriptor
        self.path = path
        self.kind = kind
        self.byteCount = byteCount
        self.logicalBlockBytes = logicalBlockBytes
        self.isDirect = isDirect
    }

    /// Reads `byteCount` bytes at `offsetBytes` to the start of `buffer`.
    ///
    /// The corresponding C function is `pread`.
    public borrowing func read(
        offsetBytes: Int,
        byteCount: Int,
        into buffer: inout AlignedBuffer
    ) throws(StatefileError) {
        precondition(byteCount <= buffer.byteCount, "a read fits its buffer")
        if !isDirect { _ = hf_drop_cache(descriptor.number, kind == .block) }
        // The buffer has at least `byteCount` bytes and lives over the call.
        let got = unsafe hf_pread(descriptor.number, buffer.baseAddress, byteCount, UInt64(offsetBytes))
        guard got >= 0 else {
            throw .readFailed(failure("pread", got), offsetBytes: offsetBytes, byteCount: byteCount)
        }
        guard got == byteCount else {
            throw .shortRead(path: path, offsetBytes: offsetBytes, expected: byteCount, got: got)
        }
    }

    /// Writes the first `byteCount` bytes of `buffer` at `offsetBytes`; on the medium when it returns.
    ///
    /// The corresponding C function is `pwrite`, on a descriptor opened with O_DSYNC.
    public borrowing func write(
        _ buffer: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int
    ) throws(StatefileError) {
        precondition(byteCount <= buffer.byteCount, "a write is within its buffer")
        precondition(offsetBytes % 512 == 0 && byteCount % 512 == 0, "a write is of whole blocks")
        // As above; the memory is only read.
        let sent = unsafe hf_pwrite(descriptor.number, buffer.baseAddress, byteCount, UInt64(offsetBytes))
        guard sent >= 0 else {
            throw .writeFailed(failure("pwrite", sent), offsetBytes: offsetBytes, byteCount: byteCount)
        }
        guard sent == byteCount else {
            throw .shortWrite(path: path, offsetBytes: offsetBytes, expected: byteCount, got: sent)
        }
    }

    /// Forces everything written before to the medium; false when that failed.
    ///
    /// The C function is `fdatasync`.
    public borrowing func synchronize() -> Bool { hf_fdatasync(descriptor.number) == 0 }

    private borrowing func failure(_ call: String, _ result: Int) -> SystemError {
        SystemError(call: call, subject: path, code: Int32(truncatingIfNeeded: -result))
    }

    // MARK: opening

    private static func isBlockDevice(_ path: String) -> Bool { (try? FileStatus.of(path))?.kind == .block }

    private static func create(_ path: String, byteCount: Int) throws(StatefileError) {
        if (try? FileStatus.of(path)) != nil { return }
        do throws(SystemError) {
            let made = try Descriptor.open(path, [.write, .create, .exclusive], permissions: 0o600)
            let sized = hf_truncate(made.number, UInt64(byteCount))
            guard sized == 0 else { throw SystemError(call: "ftruncate", subject: path, code: -sized) }
            let synced = hf_fsync(made.number)
            guard synced == 0 else { throw SystemError(call: "fsync", subject: path, code: -synced) }
        } catch {
            throw .cannotOpen(error)
        }
    }

    private struct Opened: ~Copyable {
        let descriptor: Descriptor
        let isDirect: Bool
    }

    /// With O_DIRECT where the filesystem takes it at the opening and at a first read; else without.
    private static func openDirect(_ path: String, _ mode: OpenMode) throws(StatefileError) -> Opened {
        if let status = try? FileStatus.of(path), status.kind != .regular, status.kind != .block {
            throw .unusableKind(path: path, kind: status.kind)
        }
        do throws(SystemError) {
            let direct = try Descriptor.open(path, mode.union(.direct))
            if takesDirectReads(direct) { return Opened(descriptor: direct, isDirect: true) }
        } catch {
            // EINVAL: no O_DIRECT here. EBUSY: held exclusively.
            if error.code == 16 { throw .inUse(path: path) }
            if error.code != 22 { throw .cannotOpen(error) }
        }
        do throws(SystemError) {
            return Opened(descriptor: try Descriptor.open(path, mode), isDirect: false)
        } catch {
            throw error.code == 16 ? .inUse(path: path) : .cannotOpen(error)
        }
    }

    private static func takesDirectReads(_ descriptor: borrowing Descriptor) -> Bool {
        let buffer = AlignedBuffer(minimumByteCount: 4096)
        // 4096 bytes are read into 4096. Only EINVAL says no; another error is the storage's and shows up
        // later.
        return unsafe hf_pread(descriptor.number, buffer.baseAddress, 4096, 0) != -22
    }
}
