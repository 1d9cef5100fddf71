import CLinux
public import PoolModel

/// A process that this one started, held by a pidfd: a signal can never reach another that reuses the number.
public struct ChildProcess: ~Copyable, Sendable {
    /// Its number.
    public let pid: Int32
    private let descriptor: Descriptor

    /// How a process ended.
    public enum Ending: Hashable, Sendable {
        /// It returned this status.
        case exited(status: Int32)
        /// This signal ended it.
        case signalled(Int32)
    }

    /// Starts a program; nil for a stream means /dev/null, nil for `environment` the parent's.
    ///
    /// `cgroup` is the directory of a cgroup v2 to start it in. Every other descriptor is closed in the
    /// child. The corresponding C functions are `fork` and `execve`; that the program cannot be executed is
    /// an error here.
    public static func start(
        _ path: String,
        _ arguments: [String],
        environment: [String]? = nil,
        input: Int32? = nil,
        output: Int32? = nil,
        errors: Int32? = nil,
        cgroup: String? = nil,
        inNewSession: Bool = true
    ) throws(SystemError) -> ChildProcess {
        let group: Int32
        if let cgroup {
            group = try Descriptor.open(cgroup, [.read, .directory]).release()
        } else {
            group = -1
        }
        defer { if group >= 0 { _ = hf_close(group) } }
        var pidfd: Int32 = -1
        let argumentList = CStringList([path] + arguments)
        let environmentList = environment.map { CStringList($0) }
        let result = unsafe path.withCString { program in
            // All pointers live until the call has returned; the child has its own copy of the memory.
            var spawn = unsafe hf_spawn(
                path: program,
                arguments: argumentList.pointers,
                environment: environmentList?.pointers,
                standard_input: input ?? -1,
                standard_output: output ?? -1,
                standard_error: errors ?? -1,
                cgroup: group,
                new_session: inNewSession
            )
            return unsafe hf_spawn_process(&spawn, &pidfd)
        }
        withExtendedLifetime((argumentList, environmentList)) {}
        guard result > 0 else { throw SystemError("execve", path, result: result) }
        guard pidfd >= 0 else { throw SystemError("pidfd_open", "process \(result)", result: pidfd) }
        return ChildProcess(pid: result, descriptor: Descriptor(owning: pidfd))
    }

    private init(pid: Int32, descriptor: consuming Descriptor) {
        self.pid = pid
        self.descriptor = descriptor
    }

    /// Readable once the process has ended; for a poller.
    public var descriptorNumber: Int32 { descriptor.number }

    /// Sends a signal; nothing when it has ended.
    ///
    /// The corresponding C function is `pidfd_send_signal`.
    public borrowing func signal(_ number: Int32) { _ = hf_pidfd_signal(descriptor.number, number) }

    /// How it ended; nil while it runs at `deadline`.
    ///
    /// Blocks; to be called once with a result.
    public borrowing func ending(deadline: MonotonicInstant) -> Ending? {
        repeat {
            let left = deadline - BootClock().now()
            let milliseconds = Int32(clamping: max(0, min(left.nanoseconds / 1_000_000 + 1, 60_000)))
            guard hf_poll(descriptor.number, true, false, left.nanoseconds > 0 ? milliseconds : 0) > 0 else {
                continue
            }
            var status: Int32 = 0
            guard unsafe hf_reap(pid, &status) == 1 else { return nil }
            let signal = status & 0x7F
            return signal == 0 ? .exited(status: status >> 8 & 0xFF) : .signalled(signal)
        } while BootClock().now() < deadline
        return nil
    }
}

/// A list of C strings that ends with NULL, as execve wants it; owns its memory, which `pointers` is valid
/// for.
@safe
private final class CStringList {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        unsafe pointers = .allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() {
            let bytes = text.utf8CString
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            for (offset, byte) in bytes.enumerated() { unsafe (copy + offset).initialize(to: byte) }
            unsafe (pointers + index).initialize(to: copy)
        }
        unsafe (pointers + texts.count).initialize(to: nil)
    }

    deinit {
        // Every element was allocated in `init`; CChar needs no deinitialisation.
        for index in 0..<count { unsafe pointers[index]?.deallocate() }
        unsafe pointers.deallocate()
    }
}
