import ByteFormat
import PoolModel

extension Optional where Wrapped == NFSSession {
    /// Lends the session for changing; throws `closed` where there is none.
    mutating func lend<Result>(
        _ place: @autoclosure () -> NFSError,
        _ body: (inout NFSSession) throws(NFSError) -> Result
    ) throws(NFSError) -> Result {
        guard var session = take() else { throw place() }
        do throws(NFSError) {
            let result = try body(&session)
            self = consume session
            return result
        } catch {
            self = consume session
            throw error
        }
    }

    /// Writes a part of a buffer, which cannot be borrowed by a closure.
    mutating func writeLent(
        _ buffer: borrowing AlignedBuffer,
        _ bytes: Range<Int>,
        to file: NFSFileHandle,
        offsetBytes: Int,
        name: String,
        deadline: MonotonicInstant,
        closed: NFSError
    ) throws(NFSError) {
        let written: Void? = try self?.write(
            buffer,
            bytes: bytes,
            to: file,
            offsetBytes: offsetBytes,
            name: name,
            deadline: deadline
        )
        guard written != nil else { throw closed }
    }
}
