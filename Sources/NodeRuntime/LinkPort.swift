/// The physical links below the heartbeat networks; nothing here blocks or allocates.
public protocol LinkPort: ~Copyable {
    /// Whether all links have carrier, when that is known and changed since the last call; else nil.
    mutating func observe() -> Bool?
}

/// A host whose configuration names no physical ports: its links count as well.
public struct NoLinks: LinkPort, Sendable {
    private var isTold = false

    /// No ports.
    public init() {}

    /// True, once.
    public mutating func observe() -> Bool? {
        if isTold { return nil }
        isTold = true
        return true
    }
}
