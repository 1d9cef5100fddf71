import CLocalServices

/// One Unix stream socket, closed when it goes; nothing it does waits.
public final class UnixStream: Sendable {
    /// The longest path that a Unix socket's address holds.
    public static let pathLimitBytes = 107

    let descriptor: Int32

    init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { _ = ls_close(descriptor) }

    /// Connects to the server at `path`; a server whose queue is full makes it fail at once.
    public static func connect(to path: String) throws(LocalError) -> UnixStream {
        // The path is read as a C string that lives during the call.
        let descriptor = unsafe ls_connect(path)
        guard descriptor >= 0 else { throw LocalError("connect", result: descriptor) }
        return UnixStream(owning: descriptor)
    }

    /// What can be read now: nil for nothing yet, empty for the end of the stream.
    public func read() throws(LocalError) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = unsafe buffer.withUnsafeMutableBytes { room in
            // At most `count` bytes are written into the array.
            unsafe ls_receive(descriptor, room.baseAddress, room.count)
        }
        if count >= 0 { return Array(buffer[0..<count]) }
        let error = LocalError("recv", result: count)
        if error.wouldWait { return nil }
        throw error
    }

    /// Writes what fits now of `bytes`, from `offset` on, and says how many bytes that were.
    public func write(_ bytes: [UInt8], from offset: Int = 0) throws(LocalError) -> Int {
        precondition(offset <= bytes.count, "a write begins within its bytes")
        guard offset < bytes.count else { return 0 }
        let count = unsafe bytes.withUnsafeBytes { room in
            // The rest of the array, which is not empty, is read.
            unsafe ls_send(descriptor, room.baseAddress, offset, room.count - offset)
        }
        if count >= 0 { return count }
        let error = LocalError("send", result: count)
        if error.wouldWait { return 0 }
        throw error
    }

    /// Process and user id of the other side, as the kernel recorded them when it connected.
    public func peer() throws(LocalError) -> (process: Int32, user: UInt32) {
        var found = ls_credentials()
        // Fills in the structure.
        let result = unsafe ls_peer(descriptor, &found)
        guard result == 0 else { throw LocalError("getsockopt(SO_PEERCRED)", result: result) }
        return (found.process, found.user)
    }

    /// Waits until it can be read, or written, at most so long.
    public func wait(forWriting: Bool, milliseconds: Int) {
        var list = [StreamWait(self, forWriting: forWriting)]
        StreamWait.wait(&list, milliseconds: milliseconds)
    }
}

/// A Unix stream socket that callers connect to.
public final class UnixListener: Sendable {
    let descriptor: Int32

    /// Takes the path, for its owner's eyes only, and listens.
    public init(at path: String) throws(LocalError) {
        // As in `connect`.
        descriptor = unsafe ls_listen(path, 16, 0o600)
        guard descriptor >= 0 else { throw LocalError("bind", result: descriptor) }
    }

    deinit { _ = ls_close(descriptor) }

    /// The next caller, nil when there is none now.
    public func accept() throws(LocalError) -> UnixStream? {
        let accepted = ls_accept(descriptor)
        if accepted >= 0 { return UnixStream(owning: accepted) }
        let error = LocalError("accept", result: accepted)
        if error.wouldWait { return nil }
        throw error
    }

    /// Removes a socket's file that a former life left behind; whether there was one.
    @discardableResult
    public static func removeFile(_ path: String) -> Bool {
        // As in `connect`.
        unsafe ls_unlink(path) == 0
    }
}

/// One thing that a serving thread waits for.
public struct StreamWait: Sendable {
    private let descriptor: Int32
    private let forWriting: Bool
    /// Set by `wait`: something can be done, or the other side is gone.
    public private(set) var isReady = false

    /// Waits for a stream.
    public init(_ stream: UnixStream, forWriting: Bool) {
        descriptor = stream.descriptor
        self.forWriting = forWriting
    }

    /// Waits for a caller; nil leaves the place empty.
    public init(_ listener: UnixListener?) {
        descriptor = listener?.descriptor ?? -1
        forWriting = false
    }

    /// Waits for a wake.
    public init(_ waker: StreamWaker) {
        descriptor = waker.readEnd
        forWriting = false
    }

    /// The most that one call waits for.
    public static let limit = 64

    /// Waits until one of `list`, at most 64, is ready, or the time is over.
    public static func wait(_ list: inout [StreamWait], milliseconds: Int) {
        precondition(list.count <= limit, "one call waits for at most 64 descriptors")
        var waiting = list.map { ls_waiting(fd: $0.descriptor, for_writing: $0.forWriting, is_ready: false) }
        let count = Int32(waiting.count)
        // Reads and writes the array's own elements.
        let ready = unsafe ls_wait(&waiting, count, Int32(clamping: milliseconds))
        for index in list.indices { list[index].isReady = ready > 0 && waiting[index].is_ready }
    }
}

/// Wakes a thread that waits for streams.
public final class StreamWaker: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    /// A waker that nobody waits for yet.
    public init() throws(LocalError) {
        var ends: [Int32] = [-1, -1]
        // Fills in the two elements.
        let result = unsafe ls_wake_pipe(&ends)
        guard result == 0 else { throw LocalError("pipe2", result: result) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        _ = ls_close(readEnd)
        _ = ls_close(writeEnd)
    }

    /// Ends the wait, or the next one; from any thread.
    public func wake() { ls_wake(writeEnd) }

    /// Takes the wakes that came; the waiting thread.
    public func drain() { ls_drain(readEnd) }
}
