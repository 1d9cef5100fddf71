/// A value whose fields can be taken out as 64-bit words and put back again.
public protocol WordCarried {
    /// Carries every field, in a fixed order.
    mutating func carry(in words: inout StateWords)
}

/// The fields of a state as a list of 64-bit words, taken out in a fixed order or put back in the same one.
///
/// A type names its fields once, in `carry(in:)`, for both directions: what was taken out cannot come back in
/// another order. Rows beyond `rowCount` are not carried; so all values of a type have the same number of
/// words in one pool. Taking out allocates nothing once there is room for as many words as before.
///
/// Putting back never traps: a word that has no meaning leaves the field as it was and sets `isMalformed`.
///
/// Instead of being kept, words can be hashed, which needs no memory: `beginHashing`, then `hash`.
public struct StateWords: Sendable {
    private enum Direction: BitwiseCopyable {
        case takingOut
        case puttingBack
        case hashing
    }

    /// How many rows of the host table are carried.
    public let rowCount: Int
    /// The words.
    public private(set) var list: [UInt64] = []
    /// Whether a word that was put back had no meaning, or was missing.
    public private(set) var isMalformed = false
    /// A 64-bit hash of the words that were hashed; no protection against forgery.
    public private(set) var hash: UInt64 = 0
    private var position = 0
    private var direction = Direction.takingOut

    /// An empty list for a pool with so many rows; room for `capacity` words is made at once.
    public init(rowCount: Int, capacity: Int = 0) {
        precondition(rowCount <= HostIndex.limit, "a pool has at most 64 hosts")
        self.rowCount = rowCount
        list.reserveCapacity(capacity)
    }

    /// Empties the list for taking out; the memory stays.
    public mutating func beginTakingOut() {
        list.removeAll(keepingCapacity: true)
        direction = .takingOut
    }

    /// Starts a new hash of what is carried from now on; nothing is kept.
    public mutating func beginHashing() {
        hash = StateWords.firstFactor
        direction = .hashing
    }

    /// Takes `next` as the words that are put back from now on.
    public mutating func beginPuttingBack(_ next: [UInt64]) {
        list.removeAll(keepingCapacity: true)
        list.append(contentsOf: next)
        (position, direction, isMalformed) = (0, .puttingBack, false)
    }

    /// Whether every word was put back and had a meaning.
    public var isPutBackWhole: Bool { !isMalformed && position == list.count }

    /// Takes out or hashes a word.
    public mutating func takeOut(_ word: UInt64) {
        var copy = word
        carry(&copy)
    }

    /// Takes out or hashes a value that is not to be changed.
    public mutating func takeOut<Value: WordCarried>(_ value: Value) {
        var copy = value
        copy.carry(in: &self)
    }

    /// Says that what was put back has no meaning.
    public mutating func refuse() { isMalformed = true }

    // MARK: fields

    /// Carries one word.
    public mutating func carry(_ word: inout UInt64) {
        switch direction {
        case .takingOut: list.append(word)
        case .hashing: mix(word)
        case .puttingBack:
            guard position < list.count else {
                isMalformed = true
                return
            }
            word = list[position]
            position += 1
        }
    }

    private static var firstFactor: UInt64 { 0x9E37_79B1_85EB_CA87 }
    private static var secondFactor: UInt64 { 0xC2B2_AE3D_27D4_EB4F }

    /// A bijection of the state for each word, and of the word for each state.
    private mutating func mix(_ word: UInt64) {
        hash ^= word &* StateWords.secondFactor
        hash = (hash << 31 | hash >> 33) &* StateWords.firstFactor &+ StateWords.secondFactor
        hash ^= hash >> 29
    }

    /// Carries a signed word.
    public mutating func carry(_ word: inout Int64) {
        var bits = UInt64(bitPattern: word)
        carry(&bits)
        word = Int64(bitPattern: bits)
    }

    /// Carries a count.
    public mutating func carry(_ count: inout Int) {
        var word = Int64(count)
        carry(&word)
        count = Int(word)
    }

    /// Carries 32 bits.
    public mutating func carry(_ number: inout UInt32) {
        if let narrowed = carryNarrow(UInt64(number), upTo: UInt64(UInt32.max)) { number = UInt32(narrowed) }
    }

    /// Carries 16 bits.
    public mutating func carry(_ number: inout UInt16) {
        if let narrowed = carryNarrow(UInt64(number), upTo: UInt64(UInt16.max)) { number = UInt16(narrowed) }
    }

    /// Carries 8 bits.
    public mutating func carry(_ number: inout UInt8) {
        if let narrowed = carryNarrow(UInt64(number), upTo: UInt64(UInt8.max)) { number = UInt8(narrowed) }
    }

    /// Carries 128 bits as two words, low first.
    public mutating func carry(_ wide: inout UInt128) {
        var low = UInt64(truncatingIfNeeded: wide)
        var high = UInt64(truncatingIfNeeded: wide >> 64)
        carry(&low)
        carry(&high)
        wide = UInt128(high) << 64 | UInt128(low)
    }

    /// Carries a truth.
    public mutating func carry(_ truth: inout Bool) {
        if let word = carryNarrow(truth ? 1 : 0, upTo: 1) { truth = word == 1 }
    }

    /// Carries one of the cases of an enumeration.
    public mutating func carry<Case: RawRepresentable<UInt8>>(_ value: inout Case) {
        guard let raw = carryNarrow(UInt64(value.rawValue), upTo: UInt64(UInt8.max)) else { return }
        if let known = Case(rawValue: UInt8(raw)) { value = known } else { isMalformed = true }
    }

    /// Carries one of the cases of an enumeration, or none: 0, else the case's number + 1.
    public mutating func carry<Case: RawRepresentable<UInt8>>(_ value: inout Case?) {
        let word = value.map { UInt64($0.rawValue) + 1 } ?? 0
        guard let raw = carryNarrow(word, upTo: UInt64(UInt8.max) + 1) else { return }
        guard raw > 0 else {
            value = nil
            return
        }
        if let known = Case(rawValue: UInt8(raw - 1)) { value = known } else { isMalformed = true }
    }

    /// Carries a value that carries its own fields.
    public mutating func carry<Value: WordCarried>(_ value: inout Value) { value.carry(in: &self) }

    /// Carries a value or nothing: whether it is there, then the fields of it or of `blank`.
    public mutating func carry<Value: WordCarried>(_ value: inout Value?, blank: Value) {
        var isThere = value != nil
        carry(&isThere)
        var content = value ?? blank
        content.carry(in: &self)
        value = isThere ? content : nil
    }

    /// Carries the rows of the pool's hosts.
    public mutating func carry<Element: WordCarried>(_ rows: inout PerHost<Element>) {
        for row in 0..<rowCount { rows[HostIndex(row)].carry(in: &self) }
    }

    private mutating func carryNarrow(_ value: UInt64, upTo limit: UInt64) -> UInt64? {
        var word = value
        carry(&word)
        guard word <= limit else {
            isMalformed = true
            return nil
        }
        return word
    }
}
