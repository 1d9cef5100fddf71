/// What an operator asks of the pool's record, through the manager of any host.
public struct ManagerRequest: Codable, Hashable, Sendable {
    /// What is asked.
    public enum Kind: Codable, Hashable, Sendable {
        /// Put a machine under the pool's care.
        case register(Registration)
        /// Change its settings.
        case set(MachineSettings)
        /// It ought to run; where, if the operator says.
        case start(name: String, host: Int?)
        /// It ought to be off; `isForced`: without asking the guest.
        case stop(name: String, isForced: Bool)
        /// Forget it; it must be off.
        case remove(name: String)
    }
    /// Unique: host, run of its manager, count.
    public var id: String
    /// Who asks, for the ledger.
    public var by: String
    /// What.
    public var kind: Kind

    /// The request with these fields.
    public init(id: String, by: String, kind: Kind) {
        self.id = id
        self.by = by
        self.kind = kind
    }

    /// The machine that it is about.
    public var machine: String {
        switch kind {
        case .register(let registration): registration.name
        case .set(let settings): settings.name
        case .start(let name, _): name
        case .stop(let name, _): name
        case .remove(let name): name
        }
    }
}

/// A machine to be put under the pool's care.
public struct Registration: Codable, Hashable, Sendable {
    /// Its name.
    public var name: String
    /// The memory it takes, in MiB.
    public var memoryMiB: Int
    /// The driver's own text.
    public var definition: String
    /// What happens when its host is lost.
    public var priority = RestartPriority.unprotected
    /// Groups of the restart.
    public var order = 0
    /// How long the next order waits after it runs, in seconds.
    public var startDelaySeconds = 0
    /// Where it should run first; nil for the emptiest host.
    public var host: Int?
    /// Start it at once.
    public var isStarted = true

    /// A machine with the defaults for everything that is a choice.
    public init(name: String, memoryMiB: Int, definition: String) {
        self.name = name
        self.memoryMiB = memoryMiB
        self.definition = definition
    }
}

/// Changes of a machine's settings; nil leaves one as it is.
public struct MachineSettings: Codable, Hashable, Sendable {
    /// The machine.
    public var name: String
    /// What happens when its host is lost.
    public var priority: RestartPriority?
    /// Groups of the restart.
    public var order: Int?
    /// How long the next order waits after it runs, in seconds.
    public var startDelaySeconds: Int?
    /// The memory it takes, in MiB, from its next start on.
    public var memoryMiB: Int?

    /// No change.
    public init(name: String) { self.name = name }
}

/// What the master made of a request.
public struct RequestAnswer: Codable, Hashable, Sendable {
    /// The request.
    public var id: String
    /// Whether it was carried out, or is being.
    public var isAccepted: Bool
    /// What happens now, or why not.
    public var text: String

    /// The answer with these fields.
    public init(id: String, isAccepted: Bool, text: String) {
        self.id = id
        self.isAccepted = isAccepted
        self.text = text
    }
}
