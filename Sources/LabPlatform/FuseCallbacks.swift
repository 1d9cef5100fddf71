internal import CFuse
internal import Glibc

/// What a session's C callbacks find behind their user data.
final class FuseContext {
    let files: any FuseFiles

    init(files: any FuseFiles) {
        self.files = files
    }

    /// The context of the session that a request came from.
    static func of(_ request: fuse_req_t) -> any FuseFiles {
        // SAFETY: every session is made with a retained FuseContext as user data, which outlives it; requests
        // exist only while their session does.
        guard let data = unsafe fuse_req_userdata(request) else {
            preconditionFailure("a session is made with its context")
        }
        return unsafe Unmanaged<FuseContext>.fromOpaque(data).takeUnretainedValue().files
    }
}

/// The C callbacks, each of which turns one request into one call of `FuseFiles`.
///
/// SAFETY (all): libfuse calls them on the thread that serves, with a valid request and, where there are any,
/// a valid name, file description and bytes that live during the call; what is kept is copied.
enum FuseCallbacks {
    static var operations: fuse_lowlevel_ops {
        var operations = fuse_lowlevel_ops()
        setNames(&operations)
        setFiles(&operations)
        setData(&operations)
        return operations
    }

    private static func attributes(_ node: FuseNode) -> stat {
        var facts = stat()
        facts.st_ino = ino_t(node.number)
        facts.st_mode = mode_t(node.permissions) | (node.isFolder ? S_IFDIR : S_IFREG)
        facts.st_nlink = node.isFolder ? 2 : 1
        facts.st_size = off_t(node.size)
        facts.st_blksize = 4096
        facts.st_blocks = blkcnt_t((node.size + 511) / 512)
        (facts.st_uid, facts.st_gid) = (geteuid(), getegid())
        return facts
    }

    private static func entry(_ node: FuseNode) -> fuse_entry_param {
        var entry = fuse_entry_param()
        entry.ino = node.number
        entry.attr = attributes(node)
        entry.entry_timeout = 0
        entry.attr_timeout = 0
        return entry
    }

    private static func setNames(_ operations: inout fuse_lowlevel_ops) {
        unsafe operations.lookup = { request, parent, name in
            guard let request = unsafe request, let name = unsafe name else { return }
            let wanted = unsafe String(cString: name)
            guard
                let node = unsafe FuseContext.of(request).children(of: parent).first(where: {
                    $0.name == wanted
                })
            else {
                _ = unsafe fuse_reply_err(request, ENOENT)
                return
            }
            var entry = FuseCallbacks.entry(node)
            _ = unsafe fuse_reply_entry(request, &entry)
        }
        unsafe operations.getattr = { request, number, _ in
            guard let request = unsafe request else { return }
            guard let node = unsafe FuseContext.of(request).node(number) else {
                _ = unsafe fuse_reply_err(request, ENOENT)
                return
            }
            var facts = FuseCallbacks.attributes(node)
            _ = unsafe fuse_reply_attr(request, &facts, 0)
        }
        unsafe operations.setattr = { request, number, wanted, which, _ in
            guard let request = unsafe request, let wanted = unsafe wanted else { return }
            let files = unsafe FuseContext.of(request)
            var outcome: Int32 = 0
            if which & FUSE_SET_ATTR_SIZE != 0 {
                outcome = unsafe files.resize(number, to: Int64(wanted.pointee.st_size))
            }
            guard outcome == 0, let node = files.node(number) else {
                _ = unsafe fuse_reply_err(request, outcome == 0 ? ENOENT : outcome)
                return
            }
            var facts = FuseCallbacks.attributes(node)
            _ = unsafe fuse_reply_attr(request, &facts, 0)
        }
        unsafe operations.readdir = { request, folder, size, offset, _ in
            guard let request = unsafe request else { return }
            let nodes = unsafe FuseContext.of(request).children(of: folder)
            var bytes = [CChar](repeating: 0, count: size)
            var used = 0
            for (position, node) in nodes.enumerated().dropFirst(Int(offset)) {
                var facts = FuseCallbacks.attributes(node)
                let room = size - used
                let needed = unsafe bytes.withUnsafeMutableBufferPointer {
                    unsafe fuse_add_direntry(
                        request,
                        $0.baseAddress.map { unsafe $0 + used },
                        room,
                        node.name,
                        &facts,
                        off_t(position + 1)
                    )
                }
                if needed > room { break }
                used += needed
            }
            _ = unsafe fuse_reply_buf(request, bytes, used)
        }
    }

    private static func setFiles(_ operations: inout fuse_lowlevel_ops) {
        unsafe operations.`open` = { request, number, information in
            guard let request = unsafe request, let information = unsafe information else { return }
            let outcome = unsafe FuseContext.of(request).open(number)
            guard outcome == 0 else {
                _ = unsafe fuse_reply_err(request, outcome)
                return
            }
            unsafe information.pointee.direct_io = 1
            _ = unsafe fuse_reply_open(request, information)
        }
        unsafe operations.create = { request, folder, name, _, information in
            guard let request = unsafe request, let name = unsafe name, let information = unsafe information
            else { return }
            let files = unsafe FuseContext.of(request)
            guard let node = unsafe files.create(String(cString: name), in: folder),
                files.open(node.number) == 0
            else {
                _ = unsafe fuse_reply_err(request, EROFS)
                return
            }
            unsafe information.pointee.direct_io = 1
            var entry = FuseCallbacks.entry(node)
            _ = unsafe fuse_reply_create(request, &entry, information)
        }
        unsafe operations.release = { request, number, _ in
            guard let request = unsafe request else { return }
            unsafe FuseContext.of(request).close(number)
            _ = unsafe fuse_reply_err(request, 0)
        }
        unsafe operations.flush = { request, _, _ in
            guard let request = unsafe request else { return }
            _ = unsafe fuse_reply_err(request, 0)
        }
        unsafe operations.fsync = { request, number, _, _ in
            guard let request = unsafe request else { return }
            unsafe FuseContext.of(request).sync(number, reply: FuseReply(request))
        }
    }

    private static func setData(_ operations: inout fuse_lowlevel_ops) {
        unsafe operations.read = { request, number, size, offset, _ in
            guard let request = unsafe request else { return }
            unsafe FuseContext.of(request).read(
                number,
                offset: Int64(offset),
                count: size,
                reply: FuseReply(request)
            )
        }
        unsafe operations.write = { request, number, data, size, offset, _ in
            guard let request = unsafe request else { return }
            let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: data, count: size))
            unsafe FuseContext.of(request).write(
                number,
                offset: Int64(offset),
                bytes: bytes,
                reply: FuseReply(request)
            )
        }
        unsafe operations.ioctl = { request, number, command, _, _, _, input, inputCount, outputCount in
            guard let request = unsafe request else { return }
            let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: input, count: inputCount))
            unsafe FuseContext.of(request).control(
                number,
                command: command,
                input: bytes,
                outputCount: outputCount,
                reply: FuseReply(request)
            )
        }
    }
}
