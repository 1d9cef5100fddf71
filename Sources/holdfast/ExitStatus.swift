/// What a command's end says to a script.
enum ExitStatus: Int32, CaseIterable {
    /// Done; for `status`: this host is protected.
    case done = 0
    /// The daemon or the manager refused.
    case refused = 1
    /// `status`, `statefile check` and `plan --check`: it works, but protection is reduced.
    case reduced = 3
    /// Wrong arguments, or a confirmation that was not given.
    case usage = 64
    /// The statefile, a key or a configuration holds something that it must not.
    case badData = 65
    /// No such file, host or machine.
    case missing = 66
    /// The daemon or the manager cannot be reached.
    case unreachable = 69
    /// A file or device could not be written.
    case notWritten = 73
    /// No answer in time; trying again may help.
    case timedOut = 75
    /// Not allowed.
    case forbidden = 77

    /// The meaning, for help texts and documents.
    var meaning: String {
        switch self {
        case .done: "done; for 'status': this host is protected"
        case .refused: "refused by the daemon or the manager"
        case .reduced: "'status', 'statefile check', 'plan --check': protection is reduced"
        case .usage: "wrong arguments, or a confirmation was not given"
        case .badData: "the statefile, a key or a configuration cannot be used"
        case .missing: "no such file, host or machine"
        case .unreachable: "the daemon or the manager cannot be reached"
        case .notWritten: "a file or device could not be written"
        case .timedOut: "no answer in time; trying again may help"
        case .forbidden: "not allowed; are you root?"
        }
    }

    /// The table for help texts.
    static let help =
        "EXIT STATUS:\n"
        + allCases.map { status in
            let number = "\(status.rawValue)"
            return String(repeating: " ", count: 4 - number.count) + number + "  " + status.meaning
        }.joined(separator: "\n")
}
