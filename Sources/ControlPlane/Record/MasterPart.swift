/// What the master alone writes: the machines of the pool, where each may run, and why ("the pool record").
public struct MasterPart: Codable, Hashable, Sendable {
    /// Which of two is newer.
    public var version: RecordVersion
    /// The row of the master that wrote it.
    public var master: Int
    /// The incarnation number of that master.
    public var masterNumber: UInt32
    /// How the pool restarts.
    public var settings = PoolSettings()
    /// The machines, by name.
    public private(set) var machines: [MachineEntry] = []
    /// The definitions by content hash: the driver's own text.
    public private(set) var definitions: [String: String] = [:]
    /// What was decided and why.
    public var ledger = Ledger()
    /// The number of the next order.
    public var nextIntent: UInt64 = 1
    /// What became of operators' requests, newest last; a host takes its request back once it sees the
    /// answer.
    public var answers: [RequestAnswer] = []

    /// The record of a pool that has no machine yet.
    public init(version: RecordVersion, master: Int, masterNumber: UInt32) {
        self.version = version
        self.master = master
        self.masterNumber = masterNumber
    }

    /// The machine of that name.
    public func machine(_ name: String) -> MachineEntry? { machines.first { $0.name == name } }

    /// The definition of a machine; nil when it is missing or does not fit its hash.
    public func definition(of entry: MachineEntry) -> String? {
        guard let text = definitions[entry.definitionHash] else { return nil }
        return ContentHash.of(text) == entry.definitionHash ? text : nil
    }

    /// Changes the machine of that name, if there is one.
    mutating func update(_ name: String, _ change: (inout MachineEntry) -> Void) {
        guard let index = machines.firstIndex(where: { $0.name == name }) else { return }
        change(&machines[index])
    }

    /// Adds a machine that is not there yet, with its definition.
    mutating func add(_ entry: MachineEntry, definition: String) {
        precondition(machine(entry.name) == nil, "a machine is registered once")
        definitions[entry.definitionHash] = definition
        let place = machines.firstIndex { $0.name > entry.name } ?? machines.endIndex
        machines.insert(entry, at: place)
    }

    /// Forgets a machine, and its definition when no other uses it.
    mutating func remove(_ name: String) {
        machines.removeAll { $0.name == name }
        let used = Set(machines.map(\.definitionHash))
        definitions = definitions.filter { used.contains($0.key) }
    }

    /// Gives an order its number.
    mutating func takeIntent() -> IntentID {
        let intent = IntentID(epoch: version.epoch, number: nextIntent)
        nextIntent += 1
        return intent
    }
}

/// How the pool restarts machines.
public struct PoolSettings: Codable, Hashable, Sendable {
    /// The most starts under way at once in the whole pool.
    public var parallelStarts = 16
    /// How long a guest is given to stop by itself before it is stopped, in seconds.
    public var stopGraceSeconds = 60
    /// How long a machine must have run for its end to count as no quick one, in seconds.
    public var stableRunSeconds = 60
    /// The longest wait between two tries, in seconds.
    public var longestWaitSeconds = 300

    /// The defaults.
    public init() {}
}

/// A hash by which equal definitions are stored once and damaged ones noticed: FNV-1a, 128 bits, in hex.
///
/// No protection against forgery: that is the record's message code.
public enum ContentHash {
    private static let offset: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b

    /// The hash of `text`.
    public static func of(_ text: String) -> String {
        var hash = offset
        for byte in text.utf8 { hash = (hash ^ UInt128(byte)) &* prime }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
