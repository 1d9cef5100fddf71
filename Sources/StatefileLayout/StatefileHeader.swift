public import PoolModel

/// What the statefile says of its pool: read once by a starting daemon, written by *format* only.
public struct StatefileHeader: Equatable, Sendable {
    /// Identity of the pool configuration.
    public let generation: PoolGeneration
    /// The host table: a host's row is its `HostIndex`.
    public let hostNames: [String]
    /// The largest D of the pool; a host with a larger one does not join ([JOIN-1]).
    public let largestD: TimeSpan
    /// The timing that the pool's hosts should choose.
    public let timing: TimingChoice
    /// When it was formatted, in seconds since 1970 by the formatting host's clock; for people only.
    public let createdAtUnixSeconds: Int64
    /// Where everything is.
    public let geometry: StatefileGeometry

    /// The most bytes of UTF-8 in a host name.
    public static let nameLimit = 63

    /// A header for a device laid out as `geometry`; throws when a name cannot be stored.
    public init(
        generation: PoolGeneration,
        hostNames: [String],
        largestD: TimeSpan,
        timing: TimingChoice,
        createdAtUnixSeconds: Int64,
        geometry: StatefileGeometry
    ) throws(HostTableError) {
        try StatefileHeader.check(hostNames)
        precondition(hostNames.count == geometry.hostCount, "a geometry is made for the hosts of its header")
        self.generation = generation
        self.hostNames = hostNames
        self.largestD = largestD
        self.timing = timing
        self.createdAtUnixSeconds = createdAtUnixSeconds
        self.geometry = geometry
    }

    /// The row of the host with this name.
    public func host(named name: String) -> HostIndex? {
        hostNames.firstIndex(of: name).map { HostIndex($0) }
    }

    /// The codec of this statefile's records.
    public var codec: StatefileCodec { StatefileCodec(geometry: geometry, generation: generation) }

    /// Checks that the names make a host table: 1 to 64, each 1 to 63 printable bytes without spaces, none
    /// twice.
    public static func check(_ names: [String]) throws(HostTableError) {
        guard (1...HostIndex.limit).contains(names.count) else { throw .unusableCount(names.count) }
        for (row, name) in names.enumerated() {
            guard !name.isEmpty else { throw .emptyName(row: row) }
            guard name.utf8.count <= nameLimit else { throw .longName(name, byteCount: name.utf8.count) }
            guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw .unprintableName(row: row) }
            guard names.firstIndex(of: name) == row else { throw .doubleName(name) }
        }
    }
}

/// Why a list of names is no host table.
public enum HostTableError: Error, Hashable, CustomStringConvertible {
    /// No host, or more than 64.
    case unusableCount(Int)
    /// A name without letters.
    case emptyName(row: Int)
    /// A name of more than 63 bytes.
    case longName(String, byteCount: Int)
    /// A name with a space or a control character.
    case unprintableName(row: Int)
    /// The same name twice.
    case doubleName(String)

    /// The whole sentence, with what to do.
    public var description: String {
        switch self {
        case .unusableCount(let count):
            "host table: a pool has 1 to \(HostIndex.limit) hosts, not \(count); list other hosts"
        case .emptyName(let row):
            "host table: host number \(row + 1) has an empty name; give it one"
        case .longName(let name, let byteCount):
            "host table: the name '\(name)' has \(byteCount) bytes, and "
                + "\(StatefileHeader.nameLimit) are allowed; shorten it"
        case .unprintableName(let row):
            "host table: the name of host number \(row + 1) holds a space or a control character; remove it"
        case .doubleName(let name):
            "host table: the name '\(name)' is listed twice; every host has its own row; remove one"
        }
    }
}
