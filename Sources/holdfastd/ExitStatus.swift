/// How the daemon ends, as sysexits(3) counts; the unit does not restart it after `configuration`.
enum ExitStatus: Int32 {
    /// It stopped when it was asked to, with nothing left to guard.
    case stopped = 0
    /// Another daemon runs on this host.
    case alreadyRuns = 69
    /// A bug or a broken machine.
    case failed = 70
    /// The system refuses something that no daemon can do without: a thread, a socket, a signal.
    case system = 71
    /// A directory or file of its own cannot be made or written.
    case cannotCreate = 73
    /// The configuration, the key file, or their fit to the statefile's header is wrong.
    case configuration = 78
}

/// Why the daemon cannot run, and how it ends for it.
struct StartFailure: Error, CustomStringConvertible {
    /// How it ends.
    var status: ExitStatus
    /// The sentence for the operator.
    var description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
