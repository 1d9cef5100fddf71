import FoundationEssentials
import Glibc

/// What went wrong with a Unix socket: the call, its errno, and for whom.
struct SocketFailure: Error {
    var call: String
    var number: Int32

    init(_ call: String) {
        self.call = call
        number = errno
    }

    /// The call with the system's words for the error.
    var sentence: String { unsafe "\(call): \(String(cString: strerror(number)))" }
}

/// One Unix stream socket, closed when it goes.
///
/// The few system calls that the control socket needs; everything `unsafe` of this target is in this file.
final class UnixSocket {
    let descriptor: Int32

    init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// A new unconnected socket that does not block and is not inherited.
    static func make() throws(SocketFailure) -> UnixSocket {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw SocketFailure("socket") }
        return UnixSocket(owning: descriptor)
    }

    /// The longest path that a Unix socket's address holds.
    static let pathLimitBytes = 107

    private static func withAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8.prefix(pathLimitBytes))
        // Safe: at most 107 bytes go into the 108 of sun_path, which starts zeroed, so it ends with a zero.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        // Safe: a sockaddr_un is read as the sockaddr that the call expects, with its true size.
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Connects; a listener whose queue is full makes it fail at once (EAGAIN).
    func connect(to path: String) throws(SocketFailure) {
        // Safe: the pointer is valid during the call.
        let result = unsafe UnixSocket.withAddress(path) { unsafe Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else { throw SocketFailure("connect") }
    }

    /// Takes the path and starts to listen, for the owner's eyes only.
    func listen(at path: String) throws(SocketFailure) {
        // Safe: the pointer is valid during the call.
        guard unsafe UnixSocket.withAddress(path, { unsafe Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw SocketFailure("bind")
        }
        // Safe: chmod reads the path as a C string that lives during the call.
        guard unsafe chmod(path, 0o600) == 0 else { throw SocketFailure("chmod") }
        guard Glibc.listen(descriptor, 16) == 0 else { throw SocketFailure("listen") }
    }

    /// The next caller, nil when there is none now.
    func accept() throws(SocketFailure) -> UnixSocket? {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else {
            if errno == EAGAIN || errno == EINTR || errno == ECONNABORTED { return nil }
            throw SocketFailure("accept")
        }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
        return UnixSocket(owning: accepted)
    }

    /// Who connected, as the kernel recorded it at that moment. The corresponding C struct is `ucred`.
    func peer() throws(SocketFailure) -> AdminPeer {
        var credentials: (Int32, UInt32, UInt32) = (0, .max, .max)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        // Safe: three 32-bit words are the layout of `ucred`; the kernel writes at most `size` bytes.
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
            throw SocketFailure("getsockopt(SO_PEERCRED)")
        }
        return AdminPeer(processID: credentials.0, userID: credentials.1)
    }

    /// What can be read now: nil for nothing yet, empty for the end of the stream.
    func read() throws(SocketFailure) -> Data? {
        var buffer = [UInt8](repeating: 0, count: 16384)
        // Safe: the kernel writes at most `count` bytes into the array during the call.
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe Glibc.recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard count >= 0 else {
            if errno == EAGAIN || errno == EINTR { return nil }
            throw SocketFailure("recv")
        }
        return Data(buffer[0..<count])
    }

    /// Writes what fits now and says how many bytes that were; never raises SIGPIPE.
    func write(_ data: Data) throws(SocketFailure) -> Int {
        // Safe: the kernel reads `count` bytes of the data during the call.
        let count = unsafe data.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count >= 0 else {
            if errno == EAGAIN || errno == EINTR { return 0 }
            throw SocketFailure("send")
        }
        return count
    }

    /// Waits until one of the descriptors is ready; false on time-out or interruption.
    static func wait(_ descriptors: inout [pollfd], milliseconds: Int32) -> Bool {
        // Safe: the kernel reads and writes the array's own elements during the call.
        unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0
    }

    /// Milliseconds of the monotonic clock, for time-outs.
    static func nowMilliseconds() -> Int64 {
        var time = timespec()
        // Safe: the call fills the struct.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Removes the socket file that a former life left behind.
    static func removeFile(_ path: String) {
        // Safe: unlink reads the path as a C string that lives during the call.
        _ = unsafe unlink(path)
    }
}
