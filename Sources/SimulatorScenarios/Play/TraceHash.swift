import Simulator

/// A number that two runs share only if their traces are the same, entry by entry (FNV-1a, 64 bits).
///
/// It is made of the text of the entries, so that it does not depend on the machine.
struct TraceHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    init(of trace: Trace) {
        for entry in trace.entries { add(entry.description) }
    }

    private mutating func add(_ text: String) {
        for byte in text.utf8 {
            value ^= UInt64(byte)
            value = value &* 0x0000_0100_0000_01B3
        }
        value = (value ^ 10) &* 0x0000_0100_0000_01B3
    }
}
