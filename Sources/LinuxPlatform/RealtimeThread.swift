import CLinux

/// Whether a thread runs with the real-time priority that it asked for.
public enum RealtimeGrant: Hashable, Sendable, CustomStringConvertible {
    /// SCHED_RR with this priority.
    case granted(priority: Int)
    /// The kernel refused with this errno: the thread runs as an ordinary one, and starvation comes sooner.
    case refused(priority: Int, code: Int32)
    /// None was asked for.
    case ordinary

    /// The sentence for log and status.
    public var description: String {
        switch self {
        case .granted(let priority): "real-time priority \(priority)"
        case .refused(let priority, let code):
            "real-time priority \(priority) was refused (\(SystemError.name(of: code))): the thread "
                + "runs as an ordinary one and may be starved under load; run the "
                + "daemon with CAP_SYS_NICE or LimitRTPRIO="
        case .ordinary: "ordinary priority"
        }
    }
}

/// A thread of the operating system, with its stack touched before it starts and all signals blocked.
public struct PlatformThread: Sendable {
    private let handle: UInt64
    /// Whether it has the priority it asked for.
    public let realtime: RealtimeGrant

    /// Starts `body` on a new thread.
    ///
    /// Priority 1...99 is SCHED_RR with SCHED_RESET_ON_FORK, 0 is ordinary.
    ///
    /// A refused priority is reported in `realtime`, never fatal. The corresponding C function is
    /// `pthread_create`.
    public static func start(
        name: String,
        priority: Int = 0,
        stackByteCount: Int = 1 << 20,
        _ body: sending @escaping () -> Void
    ) throws(SystemError) -> PlatformThread {
        let box = unsafe Unmanaged.passRetained(ThreadBody(body))
        var thread = hf_thread()
        // The C side calls the function once, on the new thread, which takes the box over.
        let result = unsafe hf_thread_start(
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
            },
            box.toOpaque(),
            name,
            Int32(priority),
            stackByteCount,
            &thread
        )
        guard result == 0 else {
            unsafe box.release()
            throw SystemError("pthread_create", name, result: result)
        }
        let error = thread.realtime_error
        let realtime: RealtimeGrant =
            priority == 0
            ? .ordinary
            : error == 0 ? .granted(priority: priority) : .refused(priority: priority, code: error)
        return PlatformThread(handle: thread.handle, realtime: realtime)
    }

    /// Waits for the end of the thread; at most once.
    ///
    /// The corresponding C function is `pthread_join`.
    public func join() { _ = hf_thread_join(handle) }
}

private final class ThreadBody {
    private let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
    func run() { body() }
}

/// The process's memory in RAM, so that no page fault waits for a disk.
public enum MemoryLock {
    /// Locks all present and future memory; nil, or why it was refused.
    ///
    /// The C function is `mlockall`.
    public static func lockAll() -> SystemError? {
        let result = hf_lock_memory()
        return result == 0 ? nil : SystemError("mlockall", "the daemon's memory", result: result)
    }

    /// How many KiB are locked at the moment; nil when /proc does not tell.
    public static var lockedKibibytes: Int? {
        let found = hf_locked_memory()
        return found >= 0 ? found : nil
    }
}
