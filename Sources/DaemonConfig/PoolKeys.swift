/// The pool's keys, as they stand in the key file: the secret that authenticates heartbeats and records.
///
/// They are never logged; `description` hides them.
public struct PoolKeys: Sendable, Equatable, CustomStringConvertible {
    /// The key to sign with: 32 bytes.
    public let current: [UInt8]
    /// The key that is still accepted while one is rotated.
    public let previous: [UInt8]?

    /// How many keys there are, without them.
    public var description: String { previous == nil ? "1 key" : "2 keys" }

    /// Reads the text of a key file: one key a line in 64 hex digits, the current one first, at most two.
    public init(text: String) throws(ConfigMistake) {
        var keys: [[UInt8]] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let digits = PoolKeys.trimmed(line)
            if digits.isEmpty { continue }
            guard let key = PoolKeys.bytes(digits) else {
                let seen = "\(digits.utf8.count) characters"
                throw ConfigMistake(
                    key: "line \(index + 1)",
                    value: nil,
                    problem:
                        "must be a key of 64 hex digits (32 bytes), not \(seen); the key itself is not shown"
                )
            }
            keys.append(key)
        }
        guard let first = keys.first else {
            throw ConfigMistake(key: "", value: nil, problem: "holds no key; line 1 must be 64 hex digits")
        }
        guard keys.count <= 2 else {
            throw ConfigMistake(
                key: "",
                value: nil,
                problem: "holds \(keys.count) keys; at most two: the current and the previous one"
            )
        }
        guard keys.count == 1 || keys[0] != keys[1] else {
            throw ConfigMistake(key: "line 2", value: nil, problem: "is the same key as line 1; leave it out")
        }
        guard Set(first).count > 4 else {
            throw ConfigMistake(
                key: "line 1",
                value: nil,
                problem: "is no random key; anyone could guess it and stop hosts"
            )
        }
        current = first
        previous = keys.count == 2 ? keys[1] : nil
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line.drop { $0 == " " || $0 == "\t" }
        while let last = line.last, last == " " || last == "\t" { line.removeLast() }
        return line
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        let digits = Array(digits.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
