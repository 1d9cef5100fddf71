/// The number of a view in the chain of views; 0 is the view written by *format*.
public struct Epoch: BitwiseCopyable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The position in the chain.
    public let rawValue: UInt64

    /// The epoch at this position.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The epoch of the view that *format* writes.
    public static let zero = Epoch(0)

    /// The next epoch.
    public var next: Epoch { Epoch(rawValue + 1) }

    /// Earlier first.
    public static func < (left: Epoch, right: Epoch) -> Bool { left.rawValue < right.rawValue }

    /// The position.
    public var description: String { "\(rawValue)" }
}

/// What the pool as a whole does ([JOIN-3], [LEAVE-2]).
public enum PoolState: UInt8, BitwiseCopyable, Sendable {
    /// Armed for the first time; no restarts yet, an expiry disarms.
    case enabling = 1
    /// Armed: hosts fence, machines are restarted.
    case active = 2
    /// Disarmed everywhere.
    case disabled = 3
}

/// Why a view left a host out (section 6).
public enum RemovalReason: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Nobody heard it, its slot stood still, nobody vouched ([FAULT-1]).
    case silent = 1
    /// It was on the wrong side of a network partition ([FAULT-2], [FAULT-3]).
    case partitioned = 2
    /// It was without storage for longer than `storage-loss-limit` ([FAULT-4]).
    case storageLost = 3
    /// The operator fenced it ([FAULT-6]).
    case askedOut = 4
    /// It left cleanly ([LEAVE-1]).
    case left = 5
    /// It was known dead already: tombstone, new boot, confirmed ([FAULT-9]).
    case knownDead = 6
    /// The pool formed anew without it after a full outage ([JOIN-4]).
    case formedWithout = 7
}

/// What a view says of one row of the host table.
public enum HostStanding: UInt8, BitwiseCopyable, Sendable {
    /// Not in the liveset, and nothing of it needs a certificate any more.
    case absent = 0
    /// In the liveset.
    case member = 1
    /// Left out by this or an earlier view and not certified dead by that view's proposer.
    case removed = 2
}

/// One row of a view.
public struct ViewEntry: BitwiseCopyable, Hashable, Sendable {
    /// The highest incarnation number of this host that any view admitted.
    public var number: IncarnationNumber
    /// What the view says of that incarnation.
    public var standing: HostStanding
    /// Why it was left out; set while `standing` is `removed`, and kept for reading afterwards.
    public var reason: RemovalReason?
    /// The epoch of the view that left it out; meaningful with `reason`.
    public var removedIn: Epoch

    /// The row with these fields.
    public init(number: IncarnationNumber, standing: HostStanding, reason: RemovalReason?, removedIn: Epoch) {
        self.number = number
        self.standing = standing
        self.reason = reason
        self.removedIn = removedIn
    }

    /// The row of a host that was never admitted.
    public static let none = ViewEntry(number: .none, standing: .absent, reason: nil, removedIn: .zero)
}

/// One link of the chain on which all hosts agree: who is alive, and who leads (section 4).
///
/// At most one removed entry a row can be open: a higher number is admitted only after the lower one was
/// certified
/// dead ([DEAD-3]), so a row of the view is either a member or one removed incarnation, never both.
public struct View: BitwiseCopyable, Equatable, Sendable {
    /// The position in the chain.
    public var epoch: Epoch
    /// What the pool does.
    public var state: PoolState
    /// Counts changes of the pool configuration while armed.
    public var configurationEpoch: UInt32
    /// The protocol feature level that every member speaks.
    public var featureLevel: UInt16
    /// Who restarts machines; nil in view 0.
    public var master: HostIndex?
    /// One row for each host of the table.
    public var entries: PerHost<ViewEntry>

    /// An empty view at `epoch`.
    public init(epoch: Epoch, state: PoolState) {
        self.epoch = epoch
        self.state = state
        configurationEpoch = 0
        featureLevel = 1
        master = nil
        entries = PerHost(repeating: .none)
    }

    /// The view that *format* writes: no members, waiting to be enabled.
    public static let zero = View(epoch: .zero, state: .enabling)

    /// The members.
    public var members: HostSet { entries.hosts { $0.standing == .member } }
    /// The hosts left out and not certified dead by the proposer.
    public var removed: HostSet { entries.hosts { $0.standing == .removed } }

    /// Whether this incarnation number of `host` is a member.
    public func includes(_ host: HostIndex, _ number: IncarnationNumber) -> Bool {
        entries[host].standing == .member && entries[host].number == number
    }
}
