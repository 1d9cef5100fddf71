internal import CFuse
internal import Glibc

/// One FUSE mount, served by the thread that calls `serve`.
///
/// Every file is opened for direct I/O: the kernel keeps no copy, so each write of a product process is one
/// request here.
@safe
public final class FuseVolume {
    private let session: OpaquePointer
    private let context: Unmanaged<FuseContext>
    private var buffer = unsafe fuse_buf()
    /// The mount was taken away from outside, or the kernel ended it.
    public private(set) var isEnded = false

    /// Mounts `files` at a folder; needs /dev/fuse, and fusermount3 when this is not root.
    public init(at mountPoint: String, name: String, files: any FuseFiles) throws(LabError) {
        guard FileTree.exists("/dev/fuse") else {
            throw LabError(
                "/dev/fuse is missing: the lab's watchdog and shared disk are FUSE files; load it with "
                    + "'modprobe fuse'"
            )
        }
        var operations = FuseCallbacks.operations
        // SAFETY: the texts live until fuse_session_new returned, which copies them; the operations are
        // copied as well.
        let words: [String] = ["holdfast-lab", "-o", "fsname=\(name),subtype=holdfast-lab"]
        let texts = unsafe words.map { unsafe strdup($0) }
        defer { unsafe texts.forEach { unsafe free($0) } }
        var list = unsafe texts
        // SAFETY: the context is released in deinit, after the session that alone uses it was destroyed.
        let context = unsafe Unmanaged.passRetained(FuseContext(files: files))
        let created = unsafe list.withUnsafeMutableBufferPointer { pointers in
            var arguments = unsafe fuse_args(
                argc: Int32(pointers.count),
                argv: pointers.baseAddress,
                allocated: 0
            )
            let made = unsafe fuse_session_new(
                &arguments,
                &operations,
                MemoryLayout<fuse_lowlevel_ops>.size,
                context.toOpaque()
            )
            unsafe fuse_opt_free_args(&arguments)
            return unsafe made
        }
        guard let created = unsafe created else {
            unsafe context.release()
            throw LabError("libfuse refused the session for \(mountPoint)")
        }
        guard unsafe fuse_session_mount(created, mountPoint) == 0 else {
            unsafe fuse_session_destroy(created)
            unsafe context.release()
            throw LabError(
                "cannot mount FUSE at \(mountPoint): /dev/fuse must be open to user \(geteuid()) and "
                    + "fusermount3 installed"
                    + " (package fuse3)"
            )
        }
        unsafe self.context = context
        unsafe session = created
        let number = unsafe fuse_session_fd(created)
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    deinit {
        // SAFETY: the session was made in init and is used by nobody else; the buffer was allocated by
        // libfuse.
        unsafe fuse_session_destroy(session)
        unsafe free(buffer.mem)
        unsafe context.release()
    }

    /// For poll.
    public var number: Int32 { unsafe fuse_session_fd(session) }

    /// Answers every request that waits.
    public func serve() {
        // SAFETY: the session lives as long as self; libfuse owns and grows the buffer between these two
        // calls; the callbacks find `self` through the one session that runs on this thread.
        while !isEnded {
            let count = unsafe fuse_session_receive_buf(session, &buffer)
            if count == -EINTR { continue }
            if count == -EAGAIN { return }
            if count <= 0 {
                isEnded = true
                return
            }
            unsafe fuse_session_process_buf(session, &buffer)
        }
    }

    /// Takes the mount away; requests that still hang are failed by the kernel.
    public func unmount() {
        unsafe fuse_session_unmount(session)
        isEnded = true
    }
}
