public import FlightFormat

/// Why a recording could not be played at all.
public enum ReplayFailure: Error, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(path: String, reason: String)
    /// It is no recording that this program can play.
    case damaged(path: String, FlightDamage)

    /// The sentence.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .damaged(let path, let damage): "\(path): \(damage)"
        }
    }
}
