public import PoolModel

/// Why the bytes of a record were not taken; each has a counter.
///
/// In the order in which a decoder asks: the first that applies is named.
public enum RecordRejection: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// All zeros: never written since the device was made, or a sub-block that has not been used since
    /// *format*.
    case blank = 0
    /// The first four bytes are not those of this kind of record.
    case wrongMagic = 1
    /// The length that the record states cannot be; torn.
    case wrongLength = 2
    /// The CRC-32C does not fit the bytes; torn.
    case wrongChecksum = 3
    /// The bytes behind the record are not zeros; torn.
    case wrongPadding = 4
    /// Written by a newer Holdfast that this one must not read.
    case newerFormat = 5
    /// Of another generation of the pool, or of another pool.
    case otherGeneration = 6
    /// No valid key makes its message code.
    case wrongCode = 7
    /// Another host's record, or another sub-block's: it was moved.
    case wrongOwner = 8
    /// Authentic, and still holds a value that has no meaning here.
    case wrongContent = 9

    /// What a round says of the row.
    public var verdict: SlotReading.Verdict {
        switch self {
        case .wrongLength, .wrongChecksum, .wrongPadding: .torn
        case .blank, .wrongMagic, .newerFormat, .otherGeneration, .wrongCode, .wrongOwner, .wrongContent:
            .foreign
        }
    }
}

/// How many records of one kind were read, and what they were; counts wrap after 2^64.
public struct RecordCounters: BitwiseCopyable, Sendable {
    /// Records that were taken.
    public private(set) var valid: UInt64 = 0
    private var rejected = InlineArray<10, UInt64>(repeating: 0)

    /// Nothing was read.
    public init() {}

    /// How many were rejected for `cause`.
    public subscript(cause: RecordRejection) -> UInt64 { rejected[Int(cause.rawValue)] }

    /// Counts one record: taken when `rejection` is nil.
    public mutating func count(_ rejection: RecordRejection?) {
        guard let rejection else {
            valid &+= 1
            return
        }
        rejected[Int(rejection.rawValue)] &+= 1
    }
}
