internal import CLab
internal import Glibc

/// How a program is started.
public struct ProgramStart: Sendable {
    /// The program, absolute.
    public var path: String
    /// Its arguments, without its own name.
    public var arguments: [String]
    /// Its whole environment, `NAME=value`; nil for this process's own.
    public var environment: [String]?
    /// The cgroup.procs file that it enters before it runs.
    public var cgroupProcesses: String?
    /// Its working directory.
    public var directory: String?
    /// A session of its own: signals from the terminal do not reach it.
    public var hasOwnSession = false
    /// It ends when the thread that started it ends.
    public var diesWithParent = true
    /// reboot(2) fails for it and for all its children.
    public var losesReboot = false

    /// A program with its arguments and nothing special.
    public init(_ path: String, _ arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }
}

/// How a process ended.
public enum ProcessEnd: Equatable, Sendable {
    /// It returned this exit status.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)

    /// Decodes what wait(2) gives.
    public init(status: Int32) {
        self = status & 0x7f == 0 ? .exited((status >> 8) & 0xff) : .signalled(status & 0x7f)
    }
}

/// Starting, finding and ending processes.
public enum Processes {
    /// Starts a program; the descriptors become its input, output and errors (nil: nothing).
    ///
    /// Its pid.
    public static func start(
        _ start: ProgramStart,
        input: Descriptor? = nil,
        output: Descriptor? = nil,
        errors: Descriptor? = nil
    ) throws(LabError) -> Int32 {
        let environment = start.environment ?? ownEnvironment
        var options = unsafe clab_spawn()
        unsafe options.input = input?.number ?? -1
        unsafe options.output = output?.number ?? -1
        unsafe options.error = errors?.number ?? -1
        unsafe options.new_session = start.hasOwnSession
        unsafe options.die_with_parent = start.diesWithParent
        unsafe options.drop_reboot = start.losesReboot
        // SAFETY: every text is copied to memory that is freed only after clab_spawn returned; both lists end
        // with nil; the child runs on its own copy of the memory.
        let texts = unsafe ([start.path] + start.arguments).map { unsafe strdup($0) }
        let variables = unsafe environment.map { unsafe strdup($0) }
        let extra = unsafe [start.path, start.cgroupProcesses, start.directory].map { text in
            unsafe text.flatMap { unsafe strdup($0) }
        }
        defer { unsafe (texts + variables + extra).forEach { unsafe free($0) } }
        let argumentList = unsafe texts.map { unsafe UnsafePointer($0) } + [nil]
        let variableList = unsafe variables.map { unsafe UnsafePointer($0) } + [nil]
        unsafe options.path = unsafe UnsafePointer(extra[0])
        unsafe options.cgroup_procs = unsafe UnsafePointer(extra[1])
        unsafe options.directory = unsafe UnsafePointer(extra[2])
        let pid = unsafe argumentList.withUnsafeBufferPointer { arguments in
            unsafe variableList.withUnsafeBufferPointer { variables in
                unsafe options.arguments = arguments.baseAddress
                unsafe options.environment = variables.baseAddress
                return unsafe clab_spawn(&options)
            }
        }
        guard pid > 0 else { throw LabError("start \(start.path)", errorNumber: pid) }
        return pid
    }

    /// This process's environment, `NAME=value`.
    public static var ownEnvironment: [String] {
        FileTree.text("/proc/self/environ")?.split(separator: "\0").map(String.init) ?? []
    }

    /// One variable of this process's environment.
    public static func variable(_ name: String) -> String? {
        ownEnvironment.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Ends this process.
    public static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

    /// Runs a program to its end with this input; its output and errors together, or an error with both in
    /// it.
    @discardableResult
    public static func run(_ path: String, _ arguments: [String], input: String = "") throws(LabError)
        -> String
    {
        let (end, output) = try outcome(ProgramStart(path, arguments), input: input)
        guard end == .exited(0) else {
            let shown = ([path] + arguments).joined(separator: " ")
            throw LabError(
                "'\(shown)' ended with \(end): \(output)\(input.isEmpty ? "" : "\ninput was:\n\(input)")"
            )
        }
        return output
    }

    /// Runs a program to its end with this input (at most a pipe's 64 KiB); how it ended, and its output and
    /// errors.
    public static func outcome(_ start: ProgramStart, input: String = "") throws(LabError) -> (
        ProcessEnd, String
    ) {
        precondition(input.utf8.count < 60_000, "the input of a short command fits into a pipe")
        let into = try Descriptor.pipe()
        let from = try Descriptor.pipe()
        into.writing.write(text: input)
        let pid = try Processes.start(start, input: into.reading, output: from.writing, errors: from.writing)
        into.writing.close()
        from.writing.close()
        var bytes: [UInt8] = []
        while let more = from.reading.read(), !more.isEmpty { bytes += more }
        return (waitForEnd(of: pid), String(decoding: bytes, as: UTF8.self))
    }

    /// Waits until a child ends.
    public static func waitForEnd(of pid: Int32) -> ProcessEnd {
        var status: Int32 = 0
        // SAFETY: waitpid(2) fills the int that is passed for the time of the call.
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return ProcessEnd(status: status)
    }

    /// How this child ended, if it did.
    public static func endIfOver(_ pid: Int32) -> ProcessEnd? {
        var status: Int32 = 0
        // SAFETY: waitpid(2) fills the int that is passed for the time of the call.
        return unsafe waitpid(pid, &status, WNOHANG) == pid ? ProcessEnd(status: status) : nil
    }

    /// The next child that ended, if one did.
    public static func reap() -> (pid: Int32, end: ProcessEnd)? {
        var status: Int32 = 0
        // SAFETY: the int is filled during the call.
        let pid = unsafe clab_reap(&status)
        return pid > 0 ? (pid, ProcessEnd(status: status)) : nil
    }

    /// Sends a signal; zero or the error number.
    ///
    /// Refuses everything but a single process above 1.
    @discardableResult
    public static func signal(_ pid: Int32, _ number: Int32) -> Int32 {
        precondition(pid > 1, "the lab signals single processes only")
        return kill(pid, number) == 0 ? 0 : errno
    }

    /// SIGKILL to one process.
    @discardableResult
    public static func end(_ pid: Int32) -> Int32 { signal(pid, SIGKILL) }

    /// SIGTERM to one process.
    @discardableResult
    public static func askToEnd(_ pid: Int32) -> Int32 { signal(pid, SIGTERM) }

    /// SIGHUP to one process.
    @discardableResult
    public static func hangUp(_ pid: Int32) -> Int32 { signal(pid, SIGHUP) }

    /// This process.
    public static var ownPid: Int32 { getpid() }

    /// The process that started this one.
    public static var parentPid: Int32 { getppid() }

    /// Whether this process may do everything.
    public static var isRoot: Bool { geteuid() == 0 }

    /// The number of the user.
    public static var userNumber: UInt32 { geteuid() }

    /// When a process started, in clock ticks since boot; with the pid it names a process for good.
    ///
    /// Nil: none such.
    public static func startTicks(_ pid: Int32) -> UInt64? {
        guard let line = FileTree.text("/proc/\(pid)/stat"), let close = line.lastIndex(of: ")") else {
            return nil
        }
        let fields = line[close...].dropFirst(2).split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }

    /// The name under which a process was started, without folders; nil when there is none such.
    public static func programName(_ pid: Int32) -> String? {
        guard let line = FileTree.text("/proc/\(pid)/cmdline"), let first = line.split(separator: "\0").first
        else {
            return nil
        }
        return first.split(separator: "/").last.map(String.init)
    }

    /// The children of a process.
    public static func children(of pid: Int32) -> [Int32] {
        FileTree.names(in: "/proc/\(pid)/task").flatMap { thread in
            FileTree.text("/proc/\(pid)/task/\(thread)/children")?.split(separator: " ").compactMap {
                Int32($0)
            } ?? []
        }
    }
}
