import ByteFormat
internal import CNFS
import PoolModel

/// A file as the server knows it.
struct NFSFile {
    let handle: NFSFileHandle
    let attributes: NFSAttributes
}

/// A part of a file, and where it goes in a buffer.
struct NFSReadPart {
    let file: NFSFileHandle
    let offsetBytes: Int
    let byteCount: Int
    let bufferOffset: Int

    /// The part in pieces of at most `limit` bytes.
    func pieces(limit: Int) -> [NFSReadPart] {
        stride(from: 0, to: byteCount, by: limit).map { start in
            NFSReadPart(
                file: file,
                offsetBytes: offsetBytes + start,
                byteCount: min(limit, byteCount - start),
                bufferOffset: bufferOffset + start
            )
        }
    }
}

/// Names, reads and writes.
extension NFSSession {
    /// Looks names up in a folder, all at once; nil for one that is not there.
    ///
    /// The corresponding C function is `rpc_nfs3_lookup_async`.
    mutating func lookUp(
        _ names: [String],
        in folder: NFSFileHandle,
        deadline: MonotonicInstant
    ) throws(NFSError) -> [NFSFile?] {
        guard !names.isEmpty else { return [] }
        for (index, name) in names.enumerated() {
            let call = unsafe try call(index)
            unsafe try queue(.lookingUp(name)) { context in
                unsafe NFSSession.withName(name, in: folder) { place in
                    var arguments = unsafe LOOKUP3args(what: place)
                    return unsafe rpc_nfs3_lookup_async(
                        context,
                        NFSSession.lookedUp,
                        &arguments,
                        call.context
                    )
                }
            }
        }
        try finish(names.count, .lookingUp(names[0]), until: deadline)
        var found: [NFSFile?] = []
        for (index, name) in names.enumerated() {
            if try status(index) == .noSuchName {
                found.append(nil)
                continue
            }
            let call = try succeeded(index, .lookingUp(name))
            guard let handle = call.handle else { throw .refused(address, .lookingUp(name), .badHandle) }
            let attributes: NFSAttributes
            if let given = call.attributes {
                attributes = given
            } else {
                attributes = try self.attributes(of: handle, name: name, deadline: deadline)
            }
            found.append(NFSFile(handle: handle, attributes: attributes))
        }
        return found
    }

    /// Looks one name up.
    mutating func lookUp(
        _ name: String,
        in folder: NFSFileHandle,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSFile? {
        try lookUp([name], in: folder, deadline: deadline)[0]
    }

    private static let lookedUp: rpc_cb = { _, status, data, context in
        unsafe RPCCall.finish(context, status, data) { (call, answer: UnsafePointer<LOOKUP3res>) in
            let status = unsafe NFSStatus(answer.pointee.status.rawValue)
            guard status == .ok else { return status }
            let found = unsafe answer.pointee.LOOKUP3res_u.resok
            call.handle = unsafe NFSFileHandle(
                found.object.data.data_val,
                count: Int(found.object.data.data_len)
            )
            call.attributes = unsafe NFSAttributes(found.obj_attributes)
            return status
        }
    }

    /// Asks for the attributes of a file whose handle is known.
    ///
    /// The corresponding C function is `rpc_nfs3_getattr_async`.
    mutating func attributes(
        of file: NFSFileHandle,
        name: String,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSAttributes {
        let call = unsafe try call(0)
        unsafe try queue(.lookingUp(name)) { context in
            unsafe file.withNative { handle in
                var arguments = unsafe GETATTR3args(object: handle)
                return unsafe rpc_nfs3_getattr_async(
                    context,
                    { _, status, data, context in
                        unsafe RPCCall.finish(context, status, data) {
                            (call, answer: UnsafePointer<GETATTR3res>) in
                            let status = unsafe NFSStatus(answer.pointee.status.rawValue)
                            guard status == .ok else { return status }
                            call.attributes = unsafe NFSAttributes(
                                answer.pointee.GETATTR3res_u.resok.obj_attributes
                            )
                            return status
                        }
                    },
                    &arguments,
                    call.context
                )
            }
        }
        try finish(1, .lookingUp(name), until: deadline)
        guard let found = try succeeded(0, .lookingUp(name)).attributes else {
            throw .refused(address, .lookingUp(name), .badHandle)
        }
        return found
    }

    /// Reads parts of files, all at once, each in as many requests as the server's limit asks for.
    ///
    /// `name` says in messages what is read. A file without any name left counts as replaced. The
    /// corresponding C function is `rpc_nfs3_read_async`.
    mutating func read(
        _ parts: [NFSReadPart],
        into buffer: inout AlignedBuffer,
        name: String,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        let limit = readLimit
        let pieces = parts.flatMap { $0.pieces(limit: limit) }
        for (index, piece) in pieces.enumerated() {
            precondition(piece.bufferOffset >= 0, "a read goes into its buffer")
            precondition(piece.bufferOffset + piece.byteCount <= buffer.byteCount, "a read fits its buffer")
            // Inside the buffer, which is ours until this call returns; no call is under way then.
            let destination = unsafe buffer.baseAddress + piece.bufferOffset
            let call = unsafe try call(index, destination: destination, capacity: piece.byteCount)
            try unsafe queue(.reading(name)) { context in
                unsafe piece.file.withNative { handle in
                    var arguments = unsafe READ3args(
                        file: handle,
                        offset: UInt64(piece.offsetBytes),
                        count: UInt32(piece.byteCount)
                    )
                    return unsafe rpc_nfs3_read_async(context, NFSSession.wasRead, &arguments, call.context)
                }
            }
        }
        try finish(pieces.count, .reading(name), until: deadline)
        for (index, piece) in pieces.enumerated() { try checkRead(index, name, piece) }
    }

    private mutating func checkRead(_ index: Int, _ name: String, _ piece: NFSReadPart) throws(NFSError) {
        let call = try succeeded(index, .reading(name))
        if let attributes = call.attributes, attributes.linkCount == 0 {
            throw .replaced(address, name: name)
        }
        guard call.byteCount == piece.byteCount else {
            throw .shortRead(
                address,
                .reading(name),
                offsetBytes: piece.offsetBytes,
                expected: piece.byteCount,
                got: call.byteCount
            )
        }
    }

    private static let wasRead: rpc_cb = { _, status, data, context in
        unsafe RPCCall.finish(context, status, data) { (call, answer: UnsafePointer<READ3res>) in
            let status = unsafe NFSStatus(answer.pointee.status.rawValue)
            guard status == .ok else { return status }
            let found = unsafe answer.pointee.READ3res_u.resok
            call.attributes = unsafe NFSAttributes(found.file_attributes)
            unsafe call.deliver(found.data.data_val, count: Int(found.data.data_len))
            return status
        }
    }

    /// Writes a part of a buffer to a file; on the server's medium when it returns (FILE_SYNC).
    ///
    /// The corresponding C function is `rpc_nfs3_write_async`.
    mutating func write(
        _ buffer: borrowing AlignedBuffer,
        bytes: Range<Int>,
        to file: NFSFileHandle,
        offsetBytes: Int,
        name: String,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        precondition(bytes.lowerBound >= 0, "a write comes out of its buffer")
        precondition(bytes.upperBound <= buffer.byteCount, "a write is within its buffer")
        let limit = writeLimit
        let starts = Array(stride(from: 0, to: bytes.count, by: limit))
        for (index, start) in starts.enumerated() {
            let length = min(limit, bytes.count - start)
            let call = unsafe try call(index)
            // Inside the buffer; encoded before the call returns, and only read.
            let source = unsafe buffer.baseAddress + bytes.lowerBound + start
            try unsafe queue(.writing(name)) { context in
                unsafe file.withNative { handle in
                    var arguments = unsafe WRITE3args()
                    unsafe arguments.file = unsafe handle
                    unsafe arguments.offset = UInt64(offsetBytes + start)
                    unsafe arguments.count = UInt32(length)
                    unsafe arguments.stable = FILE_SYNC
                    unsafe arguments.data.data_val = source.assumingMemoryBound(to: CChar.self)
                    unsafe arguments.data.data_len = UInt32(length)
                    return unsafe rpc_nfs3_write_async(
                        context,
                        NFSSession.wasWritten,
                        &arguments,
                        call.context
                    )
                }
            }
        }
        try finish(starts.count, .writing(name), until: deadline)
        for (index, start) in starts.enumerated() {
            try checkWrite(index, name, length: min(limit, bytes.count - start))
        }
    }

    private mutating func checkWrite(_ index: Int, _ name: String, length: Int) throws(NFSError) {
        let call = try succeeded(index, .writing(name))
        if let attributes = call.attributes, attributes.linkCount == 0 {
            throw .replaced(address, name: name)
        }
        guard call.isStable else { throw .notStable(address, .writing(name)) }
        guard call.byteCount == length else {
            throw .shortWrite(address, .writing(name), expected: length, got: call.byteCount)
        }
    }

    private static let wasWritten: rpc_cb = { _, status, data, context in
        unsafe RPCCall.finish(context, status, data) { (call, answer: UnsafePointer<WRITE3res>) in
            let status = unsafe NFSStatus(answer.pointee.status.rawValue)
            guard status == .ok else { return status }
            let found = unsafe answer.pointee.WRITE3res_u.resok
            call.attributes = NFSAttributes(found.file_wcc.after)
            call.byteCount = Int(found.count)
            call.isStable = found.committed == FILE_SYNC
            return status
        }
    }

    /// Lends a name in a folder as libnfs takes it.
    static func withName(
        _ name: String,
        in folder: NFSFileHandle,
        _ body: (diropargs3) -> Int32
    ) -> Int32 {
        var text = name.utf8CString
        return unsafe folder.withNative { handle in
            // The text ends with 0 and lives until `body` has returned; libnfs encodes it before its call
            // returns.
            unsafe text.withUnsafeMutableBufferPointer { room in
                unsafe body(diropargs3(dir: handle, name: room.baseAddress))
            }
        }
    }
}
