import ByteFormat
import StatefileBlock

extension StatefileFile {
    /// Opens a statefile for reading only, and tells a failure the way the command line does.
    static func reading(_ path: String) throws(CommandFailure) -> StatefileFile {
        do {
            return try StatefileFile.open(path, .read)
        } catch {
            throw CommandFailure(.missing, "\(error)")
        }
    }

    /// The bytes of `range`, at the start of a buffer of their own.
    borrowing func bytes(in range: Range<Int>) throws(CommandFailure) -> AlignedBuffer {
        var buffer = AlignedBuffer(minimumByteCount: range.count)
        guard !range.isEmpty else { return buffer }
        do {
            try read(offsetBytes: range.lowerBound, byteCount: range.count, into: &buffer)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
        return buffer
    }
}
