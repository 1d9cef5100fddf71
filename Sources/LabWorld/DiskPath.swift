/// What one host's way to the shared disk does to its requests.
public enum DiskPath: Equatable, Sendable {
    /// All is well.
    case healthy
    /// The cable is out, or the array hangs: requests wait, and land when it is healed.
    case stalled
    /// Each request fails at once with EIO.
    case failing
    /// Each request takes so much longer; with jitter they overtake each other.
    case slow(milliseconds: Int, jitterMilliseconds: Int)
    /// The host is off: whatever it still asks fails.
    case off

    /// The words of the command that sets it.
    public var words: String {
        switch self {
        case .healthy: "healthy"
        case .stalled: "stalled"
        case .failing: "failing"
        case .slow(let milliseconds, let jitter): "slow \(milliseconds) \(jitter)"
        case .off: "off"
        }
    }

    /// The path that these words set; nil for none.
    public init?(words: String) {
        let parts = words.split(separator: " ")
        switch parts.first {
        case "healthy": self = .healthy
        case "stalled": self = .stalled
        case "failing": self = .failing
        case "off": self = .off
        case "slow":
            guard parts.count == 3, let delay = Int(parts[1]), let jitter = Int(parts[2]) else { return nil }
            self = .slow(milliseconds: delay, jitterMilliseconds: jitter)
        default: return nil
        }
    }
}
