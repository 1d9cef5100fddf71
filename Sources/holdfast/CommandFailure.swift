import AdminProtocol
import ControlPlane
import Glibc

/// Why a command ended without doing what it was asked: an exit status and a sentence for the operator.
struct CommandFailure: Error {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Says the sentence on standard error and ends the program.
    func exit() -> Never {
        fflush(nil)
        // From here on standard output is standard error, and `print` needs no unsafe handle to reach it.
        dup2(STDERR_FILENO, STDOUT_FILENO)
        if !message.isEmpty { print("holdfast: \(message)") }
        fflush(nil)
        Glibc.exit(status.rawValue)
    }
}

extension CommandFailure {
    /// A failed call over the control socket of `server`, told for a person.
    init(_ error: AdminClientError, server: Server) {
        switch error {
        case .cannotConnect(let path, let reason) where reason.contains("ermission denied"):
            self.init(
                .forbidden,
                "\(path) is for root and the daemon's own user (\(reason)); run it again with sudo"
            )
        case .cannotConnect(let path, let reason):
            self.init(.unreachable, server.unreachable(path: path, reason: reason))
        case .timedOut:
            self.init(.timedOut, "\(error); look at 'journalctl -u \(server.unit)', then try again")
        case .connectionLost:
            self.init(
                .unreachable,
                "\(error); it was stopped or it crashed: 'systemctl status \(server.unit)'"
            )
        case .malformedReply:
            self.init(.badData, "\(error)")
        case .refused(let failure):
            self.init(ExitStatus(refusal: failure.code), failure.message)
        }
    }
}

extension ExitStatus {
    /// The status of a refusal.
    init(refusal code: AdminErrorCode) {
        switch code {
        case .forbidden: self = .forbidden
        case .unknownHost, .unknownMachine, .unknownRequest: self = .missing
        case .timedOut: self = .timedOut
        case .notConfirmed: self = .usage
        case .malformedRequest: self = .badData
        default: self = .refused
        }
    }
}
