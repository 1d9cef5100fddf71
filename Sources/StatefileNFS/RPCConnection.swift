internal import CNFS
internal import Glibc
import LinuxPlatform
import PoolModel

/// One TCP connection to one service of the server, driven through libnfs with the deadline of each wait.
///
/// libnfs' own time-outs and reconnections are not used: a deadline ends every wait to the millisecond,
/// connecting included, and a connection that failed once is destroyed and never used again, so that no
/// request is sent twice. Where a request was under way then, the server may still carry it out: what was
/// handed to the kernel cannot be taken back (closing with SO_LINGER 0 only drops what was not sent yet).
@safe
struct RPCConnection: ~Copyable {
    /// How a wait ended.
    enum Wait: Equatable {
        /// Every call was answered.
        case answered
        /// The deadline came first.
        case timedOut
        /// The connection failed.
        case broken
    }

    private let context: OpaquePointer
    /// The calls under way, and those of former requests to be used again.
    ///
    /// They belong to the connection, so that they outlive its destruction, which calls back into them.
    private var calls: [RPCCall] = []

    /// Wake-ups of one wait after which it slows down: more than any answer needs, and a spin has no end.
    private static let wakeLimit = 4096

    /// An unconnected one; nil when there is no memory.
    init?(uid: UInt32?, gid: UInt32?) {
        guard let made = unsafe rpc_init_context() else { return nil }
        unsafe context = made
        if let uid { unsafe rpc_set_uid(made, Int32(bitPattern: uid)) }
        if let gid { unsafe rpc_set_gid(made, Int32(bitPattern: gid)) }
    }

    deinit {
        let number = unsafe rpc_get_fd(context)
        if number >= 0 {
            // Drops what the kernel has not sent yet, and tells the server at once.
            var none = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
        }
        // Calls back every call that was not answered.
        unsafe rpc_destroy_context(context)
    }

    /// The call object at `index`, which counts from 0 in each wait.
    mutating func call(_ index: Int) -> RPCCall {
        while calls.count <= index { calls.append(RPCCall()) }
        return calls[index]
    }

    /// Starts to connect to `server`, a numeric address, as call 0; false where that failed at once.
    ///
    /// The corresponding C function is `rpc_connect_async`.
    mutating func startConnecting(to server: String, port: UInt16) -> Bool {
        let call = call(0)
        unsafe call.reset()
        return unsafe rpc_connect_async(
            context,
            server,
            Int32(port),
            { _, status, data, context in unsafe RPCCall.finishConnecting(context, status, data) },
            call.context
        ) == 0
    }

    /// Queues a request: `body` calls the library's function and gives its result; 0 is success.
    borrowing func queue(_ body: (OpaquePointer) -> Int32) -> Bool { unsafe body(context) == 0 }

    /// The library's words for its last failure.
    borrowing func lastWords() -> String {
        guard let text = unsafe rpc_get_error(context) else { return "no reason given" }
        return unsafe String(cString: text)
    }

    /// Waits until the first `count` calls have ended, at most until `deadline`.
    ///
    /// After anything but `.answered` the connection is to be dropped before anything else is done.
    borrowing func wait(forFirst count: Int, until deadline: MonotonicInstant) -> Wait {
        let clock = BootClock()
        var next = 0
        var wakeCount = 0
        while true {
            while next < count, calls[next].end != .waiting {
                if case .broken = calls[next].end { return .broken }
                next += 1
            }
            if next == count { return .answered }
            let left = deadline - clock.now()
            guard left > .zero else { return .timedOut }
            wakeCount += 1
            // A descriptor that is ready without an answer ever coming must not eat the storage thread's
            // core.
            if wakeCount > RPCConnection.wakeLimit { _ = poll(nil, 0, 1) }
            guard serve(forAtMost: left) else { return .broken }
        }
    }

    /// One turn: waits for the socket, lets the library read and write; false when the connection failed.
    private borrowing func serve(forAtMost span: TimeSpan) -> Bool {
        let events = unsafe rpc_which_events(context)
        // Without a wanted event only HUP and ERR would be reported, again and again: wait without the
        // socket.
        let number = unsafe rpc_get_fd(context)
        var entry = pollfd(
            fd: events == 0 ? -1 : number,
            events: Int16(truncatingIfNeeded: events),
            revents: 0
        )
        let milliseconds = min((span.nanoseconds + 999_999) / 1_000_000, 1_000)
        // One entry is passed and lives over the call; an interrupted wait counts as one without news.
        let ready = unsafe poll(&entry, 1, Int32(milliseconds))
        guard ready > 0 else { return true }
        return unsafe rpc_service(context, Int32(entry.revents)) == 0
    }
}
