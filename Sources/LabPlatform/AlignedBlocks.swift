internal import Glibc

/// Memory that a device can be read into and written from directly, past the page cache (O_DIRECT).
@safe
public final class AlignedBlocks {
    private let memory: UnsafeMutableRawPointer
    /// How many bytes there are.
    public let count: Int

    /// Room for `count` bytes, aligned to 4096; a lab without memory has nothing left to do.
    public init(count: Int) throws(LabError) {
        precondition(count > 0 && count % 512 == 0, "a device takes whole sectors only")
        guard let memory = unsafe aligned_alloc(4096, (count + 4095) / 4096 * 4096) else {
            throw LabError("allocate \(count) bytes", errorNumber: errno)
        }
        unsafe self.memory = memory
        self.count = count
    }

    deinit { unsafe free(memory) }

    /// Reads all of it from `offset`; zero or the error number.
    public func read(from file: Descriptor, at offset: Int64) -> Int32 {
        // SAFETY: the memory holds `count` bytes and lives as long as this object.
        let got = unsafe pread(file.number, memory, count, off_t(offset))
        return got == count ? 0 : got < 0 ? errno : EIO
    }

    /// Writes these bytes, zeros after them; zero or the error number.
    public func write(_ bytes: [UInt8], to file: Descriptor, at offset: Int64) -> Int32 {
        precondition(bytes.count <= count, "the bytes fit the memory")
        // SAFETY: both regions hold `count` bytes at least; they do not overlap.
        unsafe memset(memory, 0, count)
        unsafe bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            unsafe memcpy(memory, base, source.count)
        }
        let put = unsafe pwrite(file.number, memory, count, off_t(offset))
        return put == count ? 0 : put < 0 ? errno : EIO
    }

    /// A copy of what was read.
    public var bytes: [UInt8] {
        // SAFETY: the memory holds `count` bytes, which pread filled or are whatever they were.
        unsafe [UInt8](UnsafeRawBufferPointer(start: memory, count: count))
    }
}
