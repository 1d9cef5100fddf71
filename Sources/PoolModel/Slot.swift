/// What a host is doing, as its slot and its heartbeats say.
public enum HostPhase: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The slot as *format* wrote it.
    case empty = 0
    /// Not a member yet, wants to be ([JOIN-1]); grants nothing, runs no guest.
    case joining = 1
    /// A member, or a restarted daemon of one ([LEASE-2]).
    case member = 2
    /// A member that runs no guest and asks for a view without it ([LEAVE-1]).
    case leaving = 3
    /// Tombstone: left cleanly ([DEAD-2]).
    case left = 4
    /// Tombstone: fenced itself after it had stopped every guest ([DEAD-2]).
    case fenced = 5
    /// Runs without a watchdog after an emergency disable ([LEAVE-2]); never certified by [DEAD-1].
    case unguarded = 6
    /// Stays out by itself: flapping or boot loop ([FAULT-7], [FAULT-8]).
    case heldOut = 7
    /// The pool is disabled, and this host disarmed ([LEAVE-2]).
    case disabled = 8
}

extension HostPhase {
    /// Whether this is a tombstone ([DEAD-2]).
    public var isTombstone: Bool { self == .left || self == .fenced }
}

/// How long ago a host last gave a grant or an all-lost echo to a host that left the view ([DEAD-1] (c)).
public struct GrantAge: BitwiseCopyable, Hashable, Sendable {
    /// The age in milliseconds, rounded down (a smaller age makes a certificate wait longer); `UInt32.max`
    /// says none
    /// within the header's largest D.
    public var milliseconds: UInt32

    /// The age of this many milliseconds.
    public init(milliseconds: UInt32) { self.milliseconds = milliseconds }

    /// Nothing was given, and the run is older than the header's largest D.
    public static let none = GrantAge(milliseconds: .max)

    /// The age as a span, nil for none.
    public var span: TimeSpan? { self == .none ? nil : .milliseconds(Int(milliseconds)) }
}

/// What operators asked of the pool through one host, carried in its slot until it is done.
public struct PoolRequests: BitwiseCopyable, Hashable, Sendable {
    /// Hosts that the operator wants fenced ([FAULT-6]).
    public var asksOut = HostSet()
    /// Where the operator wants the master to be.
    public var asksMaster: HostIndex?
    /// The operator wants the pool disabled ([LEAVE-2]).
    public var asksDisable = false
    /// The operator wants a disabled pool enabled ([JOIN-3]).
    public var asksEnable = false

    /// Nothing is asked.
    public init() {}
}

/// The text that a host leaves behind, at most 240 bytes of UTF-8, stored in place.
public struct LastWords: BitwiseCopyable, Sendable {
    /// The most bytes of text.
    public static let limit = 240
    private var bytes: InlineArray<240, UInt8>
    /// How many bytes of text there are.
    public private(set) var count: Int

    /// No words.
    public init() {
        bytes = InlineArray(repeating: 0)
        count = 0
    }

    /// The words of `text`, cut at the limit.
    public init(_ text: String) {
        self.init()
        for byte in text.utf8 { append(byte) }
    }

    /// Adds one byte of UTF-8; beyond the limit it is dropped.
    public mutating func append(_ byte: UInt8) {
        guard count < LastWords.limit else { return }
        bytes[count] = byte
        count += 1
    }

    /// The byte at `index`.
    public subscript(index: Int) -> UInt8 { bytes[index] }

    /// The words as text; bytes that are no UTF-8 are replaced.
    public var text: String {
        var list: [UInt8] = []
        for index in 0..<count { list.append(bytes[index]) }
        return String(decoding: list, as: UTF8.self)
    }
}

extension LastWords: Equatable {
    /// Whether the texts are the same.
    public static func == (left: LastWords, right: LastWords) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left.bytes[index] != right.bytes[index] { return false }
        return true
    }
}

/// One host's block in the statefile: one writer, everyone reads (section 9).
public struct Slot: BitwiseCopyable, Equatable, Sendable {
    /// Whose slot it is.
    public var owner: HostIndex
    /// Grows with each write of this incarnation number.
    public var sequence: UInt64
    /// The life that wrote it.
    public var incarnation: Incarnation
    /// What the host is doing.
    public var phase: HostPhase
    /// The newest view that the host is bound by: adopted, or for a joining host read.
    public var epoch: Epoch
    /// D of this host, in force or announced ([LEASE-G]).
    public var certainlyDead: TimeSpan
    /// G of this host.
    public var grace: TimeSpan
    /// W of this host.
    public var watchdog: TimeSpan
    /// The instance it is balloting in; `.zero` when none ([VIEW-1]).
    public var ballotInstance: Epoch
    /// The physical links below a heartbeat interface and the witness are well (section 6).
    public var netOK: Bool
    /// A hold of [FAULT-3] is in force.
    public var hold: Bool
    /// VIEW-3's quarantine of this run is over.
    public var quarantineOver: Bool
    /// Guests run here.
    public var hasGuests: Bool
    /// The host's weight in partitions and elections.
    public var weight: UInt16
    /// Removals within the last hour ([FAULT-7]).
    public var recentRemovals: UInt8
    /// Self-fences in a row without a stable hour between ([FAULT-8]).
    public var selfFences: UInt8
    /// Why the last life fenced itself, if it did.
    public var lastFence: SelfFenceReason?
    /// What operators asked through this host.
    public var requests: PoolRequests
    /// Per host: the incarnation number heard within Tn; `.none` for unheard.
    public var hears: PerHost<IncarnationNumber>
    /// Per host: the incarnation number vouched for; `.none` for not vouched.
    public var vouches: PerHost<IncarnationNumber>
    /// Per host that left the view: the age of the newest grant or all-lost echo to it.
    public var grantAges: PerHost<GrantAge>
    /// The host's last words, kept over its next boots until replaced.
    public var lastWords: LastWords

    /// The slot that *format* writes for `owner`.
    public init(emptyFor owner: HostIndex) {
        self.owner = owner
        sequence = 0
        incarnation = .none
        phase = .empty
        epoch = .zero
        (certainlyDead, grace, watchdog) = (.zero, .zero, .zero)
        ballotInstance = .zero
        (netOK, hold, quarantineOver, hasGuests) = (false, false, false, false)
        (weight, recentRemovals, selfFences) = (0, 0, 0)
        lastFence = nil
        requests = PoolRequests()
        hears = PerHost(repeating: .none)
        vouches = PerHost(repeating: .none)
        grantAges = PerHost(repeating: .none)
        lastWords = LastWords()
    }
}
