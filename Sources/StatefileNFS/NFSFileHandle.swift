internal import CNFS

/// What an NFS server calls a file by: up to 64 opaque bytes.
///
/// It names the file itself, not its name: after a rename it still leads to the same file, and after the
/// removal of the file the server calls it stale.
struct NFSFileHandle: BitwiseCopyable, Equatable {
    private var bytes = InlineArray<64, UInt8>(repeating: 0)
    private(set) var count = 0

    /// No handle.
    init() {}

    /// The bytes that libnfs decoded; nil where there are none or too many.
    init?(_ start: UnsafePointer<CChar>?, count: Int) {
        guard let start = unsafe start, (1...64).contains(count) else { return nil }
        // The library's buffer holds `count` bytes while its callback runs, which is the caller.
        for index in 0..<count { bytes[index] = unsafe UInt8(bitPattern: start[index]) }
        self.count = count
    }

    /// Lends the handle as libnfs takes it.
    func withNative<Result>(_ body: (nfs_fh3) -> Result) -> Result {
        var copy = bytes
        // The copy lives until `body` has returned; libnfs encodes it before its call returns.
        return unsafe withUnsafeMutableBytes(of: &copy) { room in
            var native = unsafe nfs_fh3()
            unsafe native.data.data_val = room.assumingMemoryBound(to: CChar.self).baseAddress
            unsafe native.data.data_len = UInt32(count)
            return unsafe body(native)
        }
    }

    static func == (left: NFSFileHandle, right: NFSFileHandle) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left.bytes[index] != right.bytes[index] { return false }
        return true
    }
}
