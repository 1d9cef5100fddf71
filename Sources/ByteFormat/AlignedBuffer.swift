/// Memory for I/O that bypasses the page cache: aligned, of a fixed size, zeroed, freed with its owner.
///
/// The one place below L3 that is `unsafe`: it owns raw memory and lends bounds-checked spans of it.
///
/// Safety: `base` comes from `allocate(byteCount:alignment:)` in `init`, is never changed, and is freed once,
/// in `deinit`, for the type is not copyable. All of its `byteCount` bytes are initialised in `init`. Spans
/// are lent to closures and cannot outlive them (`Span` is not escapable); a mutable span needs exclusive
/// access to the buffer, which the language enforces. For the same reason it may move between threads.
@safe
public struct AlignedBuffer: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    /// How many bytes there are; a multiple of the alignment.
    public let byteCount: Int

    /// The alignment of every buffer: a page, and no storage device wants more.
    public static let alignment = 4096

    /// A buffer of at least `minimumByteCount` zeros, rounded up to the alignment.
    public init(minimumByteCount: Int) {
        precondition(minimumByteCount >= 0, "a buffer has no negative size")
        precondition(minimumByteCount <= 1 << 40, "a buffer of more than 1 TiB is a bug")
        let pages = max(1, (minimumByteCount + AlignedBuffer.alignment - 1) / AlignedBuffer.alignment)
        byteCount = pages * AlignedBuffer.alignment
        unsafe base = UnsafeMutableRawPointer.allocate(
            byteCount: byteCount,
            alignment: AlignedBuffer.alignment
        )
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    deinit { unsafe base.deallocate() }

    /// The address of the first byte, for system calls of L3; valid while the buffer lives and is borrowed.
    @unsafe
    public var baseAddress: UnsafeMutableRawPointer { unsafe base }

    /// Lends all bytes for reading.
    public borrowing func withBytes<Result, Failure>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withBytes(in: 0..<byteCount, body)
    }

    /// Lends the bytes of `range` for reading.
    public borrowing func withBytes<Result, Failure>(
        in range: Range<Int>,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        check(range)
        // The memory of `range` is inside the allocation, initialised as UInt8, and lives until `deinit`.
        let start = unsafe base.advanced(by: range.lowerBound).assumingMemoryBound(to: UInt8.self)
        let bytes = unsafe UnsafeBufferPointer(start: start, count: range.count)
        return try unsafe body(bytes.span)
    }

    /// Lends all bytes for writing.
    public mutating func withMutableBytes<Result, Failure>(
        _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withMutableBytes(in: 0..<byteCount, body)
    }

    /// Lends the bytes of `range` for writing.
    public mutating func withMutableBytes<Result, Failure>(
        in range: Range<Int>,
        _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        check(range)
        // As above; exclusive, for `self` is mutated while the span is lent.
        let start = unsafe base.advanced(by: range.lowerBound).assumingMemoryBound(to: UInt8.self)
        let bytes = unsafe UnsafeMutableBufferPointer(start: start, count: range.count)
        var span = unsafe bytes.mutableSpan
        return try body(&span)
    }

    /// Copies the bytes of `range` of `source` to `offset` of this buffer.
    public mutating func copy(_ range: Range<Int>, of source: borrowing AlignedBuffer, to offset: Int) {
        source.check(range)
        check(offset..<offset + range.count)
        // Both ranges are inside their allocations, which are two: a buffer is not lent while it is changed.
        unsafe base.advanced(by: offset).copyMemory(
            from: source.base.advanced(by: range.lowerBound),
            byteCount: range.count
        )
    }

    /// Copies all of `bytes` to `offset` of this buffer.
    public mutating func copy(_ bytes: Span<UInt8>, to offset: Int) {
        check(offset..<offset + bytes.count)
        // `bytes` cannot lie in this buffer, which is not lent while it is changed.
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe base.advanced(by: offset).copyMemory(from: start, byteCount: source.count)
        }
    }

    /// Copies the bytes of `range` to the start of `bytes`.
    public borrowing func copy(_ range: Range<Int>, into bytes: inout MutableSpan<UInt8>) {
        check(range)
        precondition(range.count <= bytes.count, "bytes are copied to where they have room")
        let source = unsafe base.advanced(by: range.lowerBound)
        // `range` is inside the allocation, and `bytes` has room for it.
        unsafe bytes.withUnsafeMutableBytes { target in
            guard let start = target.baseAddress else { return }
            unsafe start.copyMemory(from: source, byteCount: range.count)
        }
    }

    private borrowing func check(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0, "bytes are lent from inside the buffer")
        precondition(range.upperBound <= byteCount, "bytes are lent from inside the buffer, not past its end")
    }
}
