internal import CNFS
import PoolModel

/// What changes or lists folders.
///
/// A server has every such change on its medium before it answers (RFC 1813, section 4.8; the export must say
/// `sync`), so an answer is what fsync of the folder is elsewhere.
extension NFSSession {
    /// More pages than a statefile's folders ever have.
    private static let pageLimit = 64
    private static let pageBytes: UInt32 = 32 << 10

    /// The names in a folder, without `.` and `..`, in the server's order.
    ///
    /// The corresponding C function is `rpc_nfs3_readdir_async`.
    mutating func list(
        _ folder: NFSFileHandle,
        name: String,
        deadline: MonotonicInstant
    ) throws(NFSError) -> [String] {
        var names: [String] = []
        var cookie: UInt64 = 0
        var verifier: UInt64 = 0
        for _ in 0..<NFSSession.pageLimit {
            let call = unsafe try call(0)
            call.page = NFSFolderPage()
            unsafe try queue(.listing(name)) { context in
                unsafe folder.withNative { handle in
                    var arguments = unsafe READDIR3args()
                    unsafe arguments.dir = unsafe handle
                    unsafe arguments.cookie = cookie
                    unsafe withUnsafeMutableBytes(of: &arguments.cookieverf) { room in
                        unsafe room.storeBytes(of: verifier, as: UInt64.self)
                    }
                    unsafe arguments.count = NFSSession.pageBytes
                    return unsafe rpc_nfs3_readdir_async(
                        context,
                        NFSSession.wasListed,
                        &arguments,
                        call.context
                    )
                }
            }
            try finish(1, .listing(name), until: deadline)
            let page = try succeeded(0, .listing(name)).page
            for entry in page.names where entry != "." && entry != ".." { names.append(entry) }
            if page.isLast { return names }
            // A page without an entry leads nowhere.
            guard !page.names.isEmpty else { throw .refused(address, .listing(name), .serverFault) }
            cookie = page.cookie
            verifier = page.verifier
        }
        throw .tooManyFiles(address, name: name)
    }

    private static let wasListed: rpc_cb = { _, status, data, context in
        unsafe RPCCall.finish(context, status, data) { (call, answer: UnsafePointer<READDIR3res>) in
            let status = unsafe NFSStatus(answer.pointee.status.rawValue)
            guard status == .ok else { return status }
            var found = unsafe answer.pointee.READDIR3res_u.resok
            var page = NFSFolderPage()
            // The list and its texts are the library's, whole while the callback runs.
            var next = unsafe found.reply.entries
            while let entry = unsafe next {
                if let text = unsafe entry.pointee.name { page.names.append(unsafe String(cString: text)) }
                page.cookie = unsafe entry.pointee.cookie
                unsafe next = unsafe entry.pointee.nextentry
            }
            page.isLast = unsafe found.reply.eof != 0
            page.verifier = unsafe withUnsafeBytes(of: &found.cookieverf) { unsafe $0.load(as: UInt64.self) }
            call.page = page
            return status
        }
    }

    /// Makes a regular file that must not be there yet, of size 0.
    ///
    /// The corresponding C function is `rpc_nfs3_create_async`.
    mutating func create(
        _ name: String,
        in folder: NFSFileHandle,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSFileHandle {
        let call = unsafe try call(0)
        unsafe try queue(.making(name)) { context in
            unsafe NFSSession.withName(name, in: folder) { place in
                var arguments = unsafe CREATE3args()
                unsafe arguments.where = unsafe place
                unsafe arguments.how.mode = GUARDED
                unsafe arguments.how.createhow3_u.g_obj_attributes = NFSSession.attributes(mode: 0o600)
                return unsafe rpc_nfs3_create_async(
                    context,
                    { _, status, data, context in
                        unsafe RPCCall.finish(context, status, data) {
                            (call, answer: UnsafePointer<CREATE3res>) in
                            let status = unsafe NFSStatus(answer.pointee.status.rawValue)
                            guard status == .ok else { return status }
                            let made = unsafe answer.pointee.CREATE3res_u.resok.obj
                            call.handle = unsafe NFSSession.handle(made)
                            return status
                        }
                    },
                    &arguments,
                    call.context
                )
            }
        }
        return try finishMaking(name, in: folder, deadline: deadline)
    }

    /// Makes a folder that must not be there yet.
    ///
    /// The corresponding C function is `rpc_nfs3_mkdir_async`.
    mutating func makeFolder(
        _ name: String,
        in folder: NFSFileHandle,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSFileHandle {
        let call = unsafe try call(0)
        unsafe try queue(.making(name)) { context in
            unsafe NFSSession.withName(name, in: folder) { place in
                var arguments = unsafe MKDIR3args()
                unsafe arguments.where = unsafe place
                unsafe arguments.attributes = NFSSession.attributes(mode: 0o700)
                return unsafe rpc_nfs3_mkdir_async(
                    context,
                    { _, status, data, context in
                        unsafe RPCCall.finish(context, status, data) {
                            (call, answer: UnsafePointer<MKDIR3res>) in
                            let status = unsafe NFSStatus(answer.pointee.status.rawValue)
                            guard status == .ok else { return status }
                            let made = unsafe answer.pointee.MKDIR3res_u.resok.obj
                            call.handle = unsafe NFSSession.handle(made)
                            return status
                        }
                    },
                    &arguments,
                    call.context
                )
            }
        }
        return try finishMaking(name, in: folder, deadline: deadline)
    }

    private mutating func finishMaking(
        _ name: String,
        in folder: NFSFileHandle,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSFileHandle {
        try finish(1, .making(name), until: deadline)
        if let handle = try succeeded(0, .making(name)).handle { return handle }
        // The handle in the answer is optional.
        guard let file = try lookUp(name, in: folder, deadline: deadline) else {
            throw .refused(address, .making(name), .stale)
        }
        return file.handle
    }

    private static func handle(_ made: post_op_fh3) -> NFSFileHandle? {
        guard unsafe made.handle_follows != 0 else { return nil }
        let handle = unsafe made.post_op_fh3_u.handle
        return unsafe NFSFileHandle(handle.data.data_val, count: Int(handle.data.data_len))
    }

    private static func attributes(mode: UInt32) -> sattr3 {
        var attributes = sattr3()
        attributes.mode.set_it = 1
        unsafe attributes.mode.set_mode3_u.mode = mode
        return attributes
    }

    /// Sets the size of a file; what it gains reads as zeros.
    ///
    /// The corresponding C function is `rpc_nfs3_setattr_async`.
    mutating func resize(
        _ file: NFSFileHandle,
        to byteCount: Int,
        name: String,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        let call = unsafe try call(0)
        unsafe try queue(.writing(name)) { context in
            unsafe file.withNative { handle in
                var arguments = unsafe SETATTR3args()
                unsafe arguments.object = unsafe handle
                unsafe arguments.new_attributes.size.set_it = 1
                unsafe arguments.new_attributes.size.set_size3_u.size = UInt64(byteCount)
                return unsafe rpc_nfs3_setattr_async(
                    context,
                    { _, status, data, context in
                        unsafe RPCCall.finish(context, status, data) {
                            (_, answer: UnsafePointer<SETATTR3res>) in
                            unsafe NFSStatus(answer.pointee.status.rawValue)
                        }
                    },
                    &arguments,
                    call.context
                )
            }
        }
        try finish(1, .writing(name), until: deadline)
        _ = try succeeded(0, .writing(name))
    }

    /// Gives a file of a folder another name there; a file that had it is removed by that.
    ///
    /// The corresponding C function is `rpc_nfs3_rename_async`.
    mutating func rename(
        _ name: String,
        to newName: String,
        in folder: NFSFileHandle,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        let call = unsafe try call(0)
        unsafe try queue(.renaming(name)) { context in
            unsafe NFSSession.withName(name, in: folder) { from in
                unsafe NFSSession.withName(newName, in: folder) { to in
                    var arguments = unsafe RENAME3args(from: from, to: to)
                    return unsafe rpc_nfs3_rename_async(
                        context,
                        { _, status, data, context in
                            unsafe RPCCall.finish(context, status, data) {
                                (_, answer: UnsafePointer<RENAME3res>) in
                                unsafe NFSStatus(answer.pointee.status.rawValue)
                            }
                        },
                        &arguments,
                        call.context
                    )
                }
            }
        }
        try finish(1, .renaming(name), until: deadline)
        _ = try succeeded(0, .renaming(name))
    }

    /// Removes a name; one that is not there is no error.
    ///
    /// The corresponding C function is `rpc_nfs3_remove_async`.
    mutating func remove(
        _ name: String,
        in folder: NFSFileHandle,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        let call = unsafe try call(0)
        unsafe try queue(.removing(name)) { context in
            unsafe NFSSession.withName(name, in: folder) { place in
                var arguments = unsafe REMOVE3args(object: place)
                return unsafe rpc_nfs3_remove_async(
                    context,
                    { _, status, data, context in
                        unsafe RPCCall.finish(context, status, data) {
                            (_, answer: UnsafePointer<REMOVE3res>) in
                            unsafe NFSStatus(answer.pointee.status.rawValue)
                        }
                    },
                    &arguments,
                    call.context
                )
            }
        }
        try finish(1, .removing(name), until: deadline)
        if try status(0) == .noSuchName { return }
        _ = try succeeded(0, .removing(name))
    }
}
