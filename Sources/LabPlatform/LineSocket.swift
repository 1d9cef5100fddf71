internal import Glibc

/// One side of a Unix stream socket or pipe that speaks in lines.
public final class LineConnection {
    private let descriptor: Descriptor
    private var pending: [UInt8] = []
    /// The other side is gone.
    public private(set) var isClosed = false

    /// Speaks over an open descriptor.
    public init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }

    /// For poll.
    public var number: Int32 { descriptor.number }

    /// Connects to a socket in the file system.
    public convenience init(path: String) throws(LabError) {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw LabError("socket", errorNumber: errno) }
        let descriptor = Descriptor(owning: number)
        let outcome = try unsafe LineSocket.withAddress(path) { address, size in
            // SAFETY: the address lives during the closure and is `size` bytes long.
            unsafe connect(number, address, size)
        }
        guard outcome == 0 else { throw LabError("connect to \(path)", errorNumber: errno) }
        self.init(descriptor)
    }

    /// Sends one line; false when the other side is gone.
    @discardableResult
    public func send(_ line: String) -> Bool {
        descriptor.write(text: line + "\n")
    }

    /// Reads once and gives the lines that are whole.
    ///
    /// Call it when poll says that there is something.
    public func receive() -> [String] {
        guard let bytes = descriptor.read() else { return [] }
        if bytes.isEmpty { isClosed = true }
        pending += bytes
        return takeLines()
    }

    private func takeLines() -> [String] {
        var lines: [String] = []
        while let end = pending.firstIndex(of: 10) {
            lines.append(String(decoding: pending[..<end], as: UTF8.self))
            pending.removeFirst(end + 1)
        }
        return lines
    }

    /// Waits for one line; nil when the time is over or the other side is gone.
    public func receiveLine(milliseconds: Int) -> String? {
        let deadline = LabClock.now + Int64(milliseconds) * LabClock.millisecond
        var lines = takeLines()
        while lines.isEmpty, !isClosed {
            let left = (deadline - LabClock.now) / LabClock.millisecond
            guard left > 0 else { return nil }
            if !Poller.readable([number], milliseconds: Int(left)).isEmpty { lines = receive() }
        }
        guard let first = lines.first else { return nil }
        if lines.count > 1 {
            pending = Array((lines.dropFirst().joined(separator: "\n") + "\n").utf8) + pending
        }
        return first
    }
}

/// A Unix stream socket that others connect to.
public final class LineSocket {
    private let descriptor: Descriptor

    /// Listens at a path, replacing what a former life left there; only this user may connect.
    public init(listeningAt path: String) throws(LabError) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(AF_UNIX, type, 0)
        guard number >= 0 else { throw LabError("socket", errorNumber: errno) }
        descriptor = Descriptor(owning: number)
        FileTree.remove(path)
        let old = umask(0o077)
        defer { _ = umask(old) }
        let outcome = try unsafe LineSocket.withAddress(path) { address, size in
            // SAFETY: the address lives during the closure and is `size` bytes long.
            unsafe bind(number, address, size)
        }
        guard outcome == 0, listen(number, 16) == 0 else {
            throw LabError("listen at \(path)", errorNumber: errno)
        }
    }

    /// For poll.
    public var number: Int32 { descriptor.number }

    /// The next one who connected.
    public func accept() -> LineConnection? {
        // SAFETY: no address is asked for.
        let number = Glibc.accept(descriptor.number, nil, nil)
        guard number >= 0 else { return nil }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        return LineConnection(Descriptor(owning: number))
    }

    static func withAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(LabError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < room else {
            throw LabError(
                "the socket path \(path) has \(bytes.count) bytes; the system allows \(room - 1): use a "
                    + "shorter --directory"
            )
        }
        // SAFETY: at most `room - 1` bytes go into sun_path, which is zero-filled, so the text ends with NUL.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        // SAFETY: a sockaddr_un may be read through its common head sockaddr; it lives during the closure.
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, size) }
        }
    }
}
