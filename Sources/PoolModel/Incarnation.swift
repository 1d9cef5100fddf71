/// How often a host has been admitted or tried to be: grows with each new life of a host ([INC-1]).
///
/// 0 means "never": no host ever runs under number 0.
public struct IncarnationNumber: BitwiseCopyable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The count.
    public let rawValue: UInt32

    /// The incarnation with this count.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// No incarnation.
    public static let none = IncarnationNumber(0)

    /// The number after this one.
    public var next: IncarnationNumber { IncarnationNumber(rawValue + 1) }

    /// Older first.
    public static func < (left: IncarnationNumber, right: IncarnationNumber) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The count.
    public var description: String { "\(rawValue)" }
}

/// The kernel's boot id: 128 random bits, new at each boot of the host.
public struct BootID: BitwiseCopyable, Hashable, Sendable {
    /// The 128 bits.
    public let rawValue: UInt128

    /// The boot with these bits.
    public init(_ rawValue: UInt128) { self.rawValue = rawValue }

    /// No boot: the slot was never written.
    public static let none = BootID(0)
}

/// 64 random bits, new at each start of the daemon; tells a run's echoes from those of an earlier run.
public struct RunNonce: BitwiseCopyable, Hashable, Sendable {
    /// The 64 bits.
    public let rawValue: UInt64

    /// The run with these bits.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// No run.
    public static let none = RunNonce(0)
}

/// One life of a host: its number, the kernel's boot and the daemon's run ([INC-1]).
public struct Incarnation: BitwiseCopyable, Hashable, Sendable {
    /// Grows; what views speak of.
    public var number: IncarnationNumber
    /// The kernel's boot id.
    public var boot: BootID
    /// The daemon run's nonce.
    public var nonce: RunNonce

    /// The life with these three.
    public init(number: IncarnationNumber, boot: BootID, nonce: RunNonce) {
        self.number = number
        self.boot = boot
        self.nonce = nonce
    }

    /// No life at all.
    public static let none = Incarnation(number: .none, boot: .none, nonce: .none)
}

/// What a host's own file says of the incarnation number it used last ([INC-1]).
public enum IncarnationMark: UInt8, BitwiseCopyable, Sendable {
    /// Taken, never admitted: the next run may take a higher number in the same boot.
    case taken = 0
    /// Written before the watchdog was opened: this number counts as having adopted a view.
    case held = 1
    /// Written before a tombstone was issued: no later run uses this number.
    case spent = 2
}

/// The record that a host keeps of its own number, written and synced before the number is used.
public struct PersistedIncarnation: BitwiseCopyable, Hashable, Sendable {
    /// The boot in which it was written.
    public var boot: BootID
    /// The number.
    public var number: IncarnationNumber
    /// What became of it.
    public var mark: IncarnationMark

    /// The record with these fields.
    public init(boot: BootID, number: IncarnationNumber, mark: IncarnationMark) {
        self.boot = boot
        self.number = number
        self.mark = mark
    }
}

/// Identity of a pool configuration; a new one with each `statefile format`.
public struct PoolGeneration: BitwiseCopyable, Hashable, Sendable {
    /// The UUID's 128 bits, big-endian as it is written.
    public let rawValue: UInt128

    /// The generation with this UUID.
    public init(_ rawValue: UInt128) { self.rawValue = rawValue }
}
