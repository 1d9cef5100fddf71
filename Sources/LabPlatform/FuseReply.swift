internal import CFuse
internal import Glibc

/// The answer that one request of the kernel waits for; to be given exactly once, at any later time.
@safe
public final class FuseReply {
    private let request: fuse_req_t
    private var isAnswered = false

    /// Takes over a request.
    init(_ request: fuse_req_t) {
        unsafe self.request = request
    }

    deinit {
        // A forgotten request would leave its process hanging for ever: answer rather than trap.
        if !isAnswered { _ = unsafe fuse_reply_err(request, EIO) }
    }

    private func claim() {
        precondition(!isAnswered, "a request is answered once")
        isAnswered = true
    }

    // SAFETY (all below): `request` is valid until it is answered, `claim` lets that happen once; libfuse
    // copies the bytes before it returns.

    /// Success or failure: zero or an error number.
    public func finish(_ errorNumber: Int32) {
        claim()
        _ = unsafe fuse_reply_err(request, errorNumber)
    }

    /// The bytes that were read.
    public func finish(reading bytes: [UInt8]) {
        claim()
        _ = unsafe bytes.withUnsafeBytes { raw in
            unsafe fuse_reply_buf(request, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count)
        }
    }

    /// So many bytes were written.
    public func finish(writing count: Int) {
        claim()
        _ = unsafe fuse_reply_write(request, count)
    }

    /// The device command succeeded and gives these bytes back.
    public func finish(control output: [UInt8]) {
        claim()
        _ = unsafe output.withUnsafeBytes { unsafe fuse_reply_ioctl(request, 0, $0.baseAddress, $0.count) }
    }
}
