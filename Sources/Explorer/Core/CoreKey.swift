/// A state of the core in three words.
struct CoreKey: BitwiseCopyable, Hashable {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0

    /// Spreads the three words over one.
    var mixed: UInt64 {
        var hash = first &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 32) ^ second) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 29) ^ third) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 32)
    }

    init(_ state: CoreState) {
        var state = state
        var packer = Packer()
        state.visit(&packer)
        self = packer.key
    }

    private init() {}

    /// The state that it stands for.
    var state: CoreState {
        var state = CoreState()
        var unpacker = Unpacker(key: self)
        state.visit(&unpacker)
        return state
    }

    private struct Packer: CoreFieldVisitor {
        var key = CoreKey()
        private var used: UInt64 = 0

        mutating func field(_ value: inout UInt8, bits: UInt64) {
            let word = UInt64(value)
            precondition(word < 1 << bits, "a field of the state fits its bits")
            if used + bits <= 64 {
                key.first |= word << used
            } else if used >= 64, used + bits <= 128 {
                key.second |= word << (used - 64)
            } else if used >= 128 {
                key.third |= word << (used - 128)
            } else {
                used = used < 64 ? 64 : 128
                field(&value, bits: bits)
                return
            }
            used += bits
        }
    }

    private struct Unpacker: CoreFieldVisitor {
        let key: CoreKey
        private var used: UInt64 = 0

        init(key: CoreKey) { self.key = key }

        mutating func field(_ value: inout UInt8, bits: UInt64) {
            let mask: UInt64 = 1 << bits - 1
            if used + bits <= 64 {
                value = UInt8(key.first >> used & mask)
            } else if used >= 64, used + bits <= 128 {
                value = UInt8(key.second >> (used - 64) & mask)
            } else if used >= 128 {
                value = UInt8(key.third >> (used - 128) & mask)
            } else {
                used = used < 64 ? 64 : 128
                field(&value, bits: bits)
                return
            }
            used += bits
        }
    }
}
