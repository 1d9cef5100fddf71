public import PoolModel

/// A machine to be started, as its driver needs it.
public struct GuestOrder: Hashable, Sendable {
    /// The machine's name, unique in the pool; letters, digits, '.', '_' and '-'.
    public var name: String
    /// The memory it takes, in MiB.
    public var memoryMiB: Int
    /// The driver's own text.
    public var definition: String
    /// The order by which it is started, kept with it for as long as it runs.
    public var intent: String
    /// The incarnation of the host in which it is started, kept with it.
    public var incarnation: IncarnationNumber

    /// The order with these fields.
    public init(
        name: String,
        memoryMiB: Int,
        definition: String,
        intent: String,
        incarnation: IncarnationNumber
    ) {
        self.name = name
        self.memoryMiB = memoryMiB
        self.definition = definition
        self.intent = intent
        self.incarnation = incarnation
    }
}

/// A guest that runs, is being started or stopped, or may be.
public struct Guest: Hashable, Sendable {
    /// How far it is.
    public enum State: Hashable, Sendable {
        /// Its start was begun.
        case starting
        /// It runs.
        case running
        /// It was told to stop, or what it left behind is being cleared away.
        case stopping
    }
    /// The machine's name.
    public var name: String
    /// How far it is.
    public var state: State
    /// The memory it takes, in MiB.
    public var memoryMiB: Int
    /// The order by which it was started; nil when the driver found it without one.
    public var intent: String?
    /// The host's incarnation in which it was started; `.none` when that is not known.
    public var incarnation: IncarnationNumber
    /// What the hypervisor calls it: `pid 4711`.
    public var detail: String

    /// The guest with these fields.
    public init(
        name: String,
        state: State,
        memoryMiB: Int,
        intent: String?,
        incarnation: IncarnationNumber,
        detail: String
    ) {
        self.name = name
        self.state = state
        self.memoryMiB = memoryMiB
        self.intent = intent
        self.incarnation = incarnation
        self.detail = detail
    }
}

/// A guest that runs no more: everything of it is gone.
public struct GuestEnd: Hashable, Sendable {
    /// The machine's name.
    public var name: String
    /// The order by which it had been started.
    public var intent: String?
    /// It ended because somebody here told it to.
    public var wasStopped: Bool
    /// How long it ran.
    public var ran: TimeSpan
    /// How it ended, in words: `ended with exit status 1`.
    public var text: String

    /// The end with these fields.
    public init(name: String, intent: String?, wasStopped: Bool, ran: TimeSpan, text: String) {
        self.name = name
        self.intent = intent
        self.wasStopped = wasStopped
        self.ran = ran
        self.text = text
    }
}
