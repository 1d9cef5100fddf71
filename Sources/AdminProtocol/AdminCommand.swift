/// One thing that can be asked over a control socket: a request type with its own name and reply type.
///
/// On the wire a request is one line of JSON, `{"id":1,"command":"fence","host":"lab2"}`: the command's
/// fields stand beside its name. The daemon's commands are in `DaemonCommands.swift`; the manager declares
/// its own.
public protocol AdminCommand: Codable, Sendable {
    /// What a successful call gives back.
    associatedtype Reply: Codable & Sendable
    /// The word on the wire: `fence`, `vm-list`.
    static var name: String { get }
}

/// The reply of a command that only says that it was taken.
public struct Accepted: Codable, Sendable, Equatable {
    /// What happens now, as a sentence for the operator.
    public var message: String

    /// The reply with this sentence.
    public init(message: String) { self.message = message }
}

/// Who asks, as the kernel says (SO_PEERCRED).
public struct AdminPeer: Sendable, Equatable {
    /// The process id of the one who connected.
    public var processID: Int32
    /// The user id of the one who connected.
    public var userID: UInt32

    /// The peer with these ids.
    public init(processID: Int32, userID: UInt32) {
        self.processID = processID
        self.userID = userID
    }
}

/// The kinds of refusal, as words on the wire; a server may add its own.
public struct AdminErrorCode: RawRepresentable, Codable, Hashable, Sendable {
    /// The word.
    public var rawValue: String

    /// The code with this word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The line was no JSON object with an id and a command, or its fields do not fit the command.
    public static let malformedRequest = AdminErrorCode(rawValue: "malformed-request")
    /// The line is longer than the server takes.
    public static let tooLarge = AdminErrorCode(rawValue: "too-large")
    /// No such command here.
    public static let unknownCommand = AdminErrorCode(rawValue: "unknown-command")
    /// The caller is neither root nor the daemon's own user.
    public static let forbidden = AdminErrorCode(rawValue: "forbidden")
    /// The daemon cannot answer yet: no statefile, no engine.
    public static let notReady = AdminErrorCode(rawValue: "not-ready")
    /// Guests run on this host.
    public static let guestsRun = AdminErrorCode(rawValue: "guests-run")
    /// This host or pool is not in the state that the request needs.
    public static let wrongPhase = AdminErrorCode(rawValue: "wrong-phase")
    /// No host of that name in the pool's host table.
    public static let unknownHost = AdminErrorCode(rawValue: "unknown-host")
    /// The host is not in the state that the request needs.
    public static let wrongHost = AdminErrorCode(rawValue: "wrong-host")
    /// `permit-start`: no guest may be started now.
    public static let notPermitted = AdminErrorCode(rawValue: "not-permitted")
    /// The request needs a confirmation that was not given.
    public static let notConfirmed = AdminErrorCode(rawValue: "not-confirmed")
    /// The part that has to answer did not do so in time.
    public static let timedOut = AdminErrorCode(rawValue: "timed-out")
    /// Something that only a bug or a broken machine can cause.
    public static let failed = AdminErrorCode(rawValue: "failed")
}

/// A refusal: what kind, and a sentence that a person can act on.
public struct AdminFailure: Error, Codable, Equatable, Sendable, CustomStringConvertible {
    /// What kind.
    public var code: AdminErrorCode
    /// What happened, to what, and the next step.
    public var message: String

    /// The refusal with this code and sentence.
    public init(_ code: AdminErrorCode, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
