/// A machine that runs on a host, is being started or stopped there, or may be.
public struct RunningGuest: Codable, Hashable, Sendable {
    /// How far it is.
    public enum State: String, Codable, Sendable {
        /// Its start was begun.
        case starting
        /// It runs.
        case running
        /// It was told to stop, or what it left behind is being cleared away.
        case stopping
    }
    /// The machine.
    public var name: String
    /// The order that started it.
    public var intent: IntentID?
    /// How far it is.
    public var state: State
    /// The memory it takes, in MiB.
    public var memoryMiB: Int
    /// What the hypervisor calls it: `pid 4711`.
    public var detail: String

    /// The guest with these fields.
    public init(name: String, intent: IntentID?, state: State, memoryMiB: Int, detail: String) {
        self.name = name
        self.intent = intent
        self.state = state
        self.memoryMiB = memoryMiB
        self.detail = detail
    }
}

/// What became of an order on the host that it was for; once reported, the order is never carried out again.
public struct IntentResult: Codable, Hashable, Sendable {
    /// How it went.
    public enum Outcome: String, Codable, Sendable {
        /// It could not be started.
        case failed
        /// It ran and ended by itself.
        case ended
        /// It ran and was stopped on request.
        case stopped
    }
    /// The order.
    public var intent: IntentID
    /// The machine.
    public var machine: String
    /// How it went.
    public var outcome: Outcome
    /// How long it ran, in seconds; 0 for a start that failed.
    public var ranSeconds: Int64
    /// In words.
    public var text: String

    /// The result with these fields.
    public init(intent: IntentID, machine: String, outcome: Outcome, ranSeconds: Int64, text: String) {
        self.intent = intent
        self.machine = machine
        self.outcome = outcome
        self.ranSeconds = ranSeconds
        self.text = text
    }
}

/// What one host's manager says of its host: the evidence on which the master decides ([ACT-1], [ACT-3]).
public struct AgentReport: Codable, Hashable, Sendable {
    /// The host's row.
    public var host: Int
    /// The boot in which it was written.
    public var boot: String
    /// The admitted incarnation number; 0 when the host was not admitted in this life.
    public var number: UInt32 = 0
    /// The newest epoch that this manager has seen its host adopt: it starts nothing for an earlier one any
    /// more.
    public var epoch: UInt64 = 0
    /// The newest record that it acts on: it acts on nothing older any more.
    public var seen = RecordVersion.zero
    /// What runs, with every start begun or pending.
    public var running: [RunningGuest] = []
    /// What became of the orders that the record still holds.
    public var results: [IntentResult] = []
    /// Per machine: why an order of this epoch waits here.
    public var waiting: [String: String] = [:]
    /// The memory for guests on this host, in MiB; 0 while it takes none.
    public var totalMiB = 0
    /// What operators asked through this host and the master has not answered yet.
    public var requests: [ManagerRequest] = []
    /// Counts on while the manager lives, so that others see that it does.
    public var beat: UInt64 = 0

    /// A report that says nothing yet.
    public init(host: Int, boot: String) {
        self.host = host
        self.boot = boot
    }

    /// Whether the host runs the machine, or may be.
    public func runs(_ machine: String) -> Bool { running.contains { $0.name == machine } }

    /// What became of an order.
    public func result(of intent: IntentID) -> IntentResult? { results.first { $0.intent == intent } }
}
