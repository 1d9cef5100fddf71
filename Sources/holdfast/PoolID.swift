import PoolModel

/// A pool's generation as a UUID.
enum PoolID {
    /// The usual text: 8-4-4-4-12 hex digits.
    static func text(_ generation: PoolGeneration) -> String {
        let digits = Array(String(generation.rawValue, radix: 16))
        let padded = Array(repeating: Character("0"), count: 32 - digits.count) + digits
        var text = ""
        for (index, digit) in padded.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
