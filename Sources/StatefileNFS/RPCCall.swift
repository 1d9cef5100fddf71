internal import CNFS

/// What a server says of a file beside every answer.
struct NFSAttributes: BitwiseCopyable {
    /// The kind, `ftype3`: 1 a regular file, 2 a folder.
    var kind: UInt32 = 0
    /// How many names it has; 0 once it was removed while a handle of it lives on.
    var linkCount: UInt32 = 0
    /// The size in bytes.
    var byteCount: UInt64 = 0

    var isRegular: Bool { kind == NF3REG.rawValue }
    var isFolder: Bool { kind == NF3DIR.rawValue }

    init?(_ found: post_op_attr) {
        guard found.attributes_follow != 0 else { return nil }
        unsafe self.init(found.post_op_attr_u.attributes)
    }

    init(_ found: fattr3) {
        kind = found.type.rawValue
        linkCount = found.nlink
        byteCount = found.size
    }
}

/// One request under way, and then what came back.
///
/// libnfs keeps its address until it has called back, or until its connection is destroyed, which calls back
/// as well. The `RPCConnection` owns it and destroys the library's context in its own deinit, while it is
/// still there; so it outlives every use of its address. One thread uses it.
@safe
final class RPCCall {
    /// How it ended.
    enum End: Equatable {
        /// Not yet.
        case waiting
        /// With an answer of the server.
        case answered(NFSStatus)
        /// Without: the connection failed, with the library's words, or was given up.
        case broken(String)
    }

    private(set) var end = End.waiting
    /// The handle that the answer gave.
    var handle: NFSFileHandle?
    /// The attributes that the answer gave.
    var attributes: NFSAttributes?
    /// How many bytes were read or written.
    var byteCount = 0
    /// Whether a write is on the medium.
    var isStable = false
    /// Largest read and write, of FSINFO.
    var limits: (read: Int, write: Int) = (0, 0)
    /// A port, of the portmapper.
    var port: UInt32 = 0
    /// The rights that ACCESS granted.
    var rights: UInt32 = 0
    /// One page of a folder.
    var page = NFSFolderPage()
    /// Where a read goes; nil where nothing is read.
    private var destination: UnsafeMutableRawPointer?
    private var capacity = 0

    /// Makes it ready for the next request.
    func reset(destination: UnsafeMutableRawPointer? = nil, capacity: Int = 0) {
        end = .waiting
        handle = nil
        attributes = nil
        byteCount = 0
        isStable = false
        unsafe self.destination = unsafe destination
        self.capacity = capacity
    }

    /// The address that libnfs gives back.
    var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    /// The library's callback for every request: `take` gets the decoded answer.
    ///
    /// `Answer` is the C type that libnfs decodes for the request; the caller's pairing of the two is the
    /// proof that `data` points to one.
    static func finish<Answer>(
        _ context: UnsafeMutableRawPointer?,
        _ status: Int32,
        _ data: UnsafeMutableRawPointer?,
        _ take: (RPCCall, UnsafePointer<Answer>) -> NFSStatus
    ) {
        guard let context = unsafe context else { return }
        let call = unsafe Unmanaged<RPCCall>.fromOpaque(context).takeUnretainedValue()
        guard status == RPC_STATUS_SUCCESS, let data = unsafe data else {
            call.end = .broken(unsafe words(status, data))
            return
        }
        call.end = unsafe .answered(take(call, UnsafePointer(data.assumingMemoryBound(to: Answer.self))))
    }

    /// The callback of a connection attempt, whose success has no data.
    static func finishConnecting(
        _ context: UnsafeMutableRawPointer?,
        _ status: Int32,
        _ data: UnsafeMutableRawPointer?
    ) {
        guard let context = unsafe context else { return }
        let call = unsafe Unmanaged<RPCCall>.fromOpaque(context).takeUnretainedValue()
        call.end = status == RPC_STATUS_SUCCESS ? .answered(.ok) : .broken(unsafe words(status, data))
    }

    /// Copies what was read to where it was asked for.
    func deliver(_ start: UnsafePointer<CChar>?, count: Int) {
        guard let start = unsafe start, let destination = unsafe destination else { return }
        byteCount = min(max(count, 0), capacity)
        // The library's buffer holds `count` bytes during the callback, the destination has `capacity`.
        unsafe destination.copyMemory(from: start, byteCount: byteCount)
    }

    private static func words(_ status: Int32, _ data: UnsafeMutableRawPointer?) -> String {
        // On an error, and only then, libnfs passes a text that ends with 0.
        guard status == RPC_STATUS_ERROR, let text = unsafe data else {
            return status == RPC_STATUS_TIMEOUT ? "timed out" : "given up"
        }
        return unsafe String(cString: text.assumingMemoryBound(to: CChar.self))
    }
}

/// One page of a folder, as READDIR gives it.
struct NFSFolderPage {
    var names: [String] = []
    var cookie: UInt64 = 0
    var verifier: UInt64 = 0
    var isLast = false
}
