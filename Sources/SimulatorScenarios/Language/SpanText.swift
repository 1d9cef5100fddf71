import PoolModel

/// Lengths of time as scenarios write them: `60s`, `0.25s`, `40ms`, `3min`, `2h`; exact to the nanosecond.
enum SpanText {
    /// The units, by the factor to nanoseconds.
    private static let units: [(suffix: String, nanoseconds: Int64)] = [
        ("min", 60_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1), ("s", 1_000_000_000),
        ("h", 3_600_000_000_000),
    ]

    /// The longest length that a scenario may name: a week.
    static let longest = TimeSpan.seconds(7 * 24 * 3600)

    /// Reads a length; nil when it is none or longer than a week.
    static func read(_ word: Substring) -> TimeSpan? {
        for unit in units where word.hasSuffix(unit.suffix) {
            guard let value = read(word.dropLast(unit.suffix.count), times: unit.nanoseconds) else {
                continue
            }
            return value <= longest ? value : nil
        }
        return nil
    }

    private static func read(_ digits: Substring, times factor: Int64) -> TimeSpan? {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, isNumber(first), let whole = Int64(first) else {
            return nil
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        var nanoseconds = product
        if parts.count == 2 {
            guard isNumber(parts[1]), parts[1].count <= 9 else { return nil }
            var place = factor
            for digit in parts[1] {
                place /= 10
                nanoseconds += place * Int64(digit.wholeNumberValue ?? 0)
            }
        }
        return TimeSpan(nanoseconds: nanoseconds)
    }

    /// Whether a word is made of the digits 0 to 9 alone.
    static func isNumber(_ word: Substring) -> Bool {
        !word.isEmpty && word.count <= 20 && word.allSatisfy { $0.isASCII && $0.isWholeNumber }
    }

    /// Writes a length so that reading it gives the same: seconds, or milliseconds below a tenth of one.
    static func write(_ span: TimeSpan) -> String {
        let (unit, digits, suffix): (Int64, Int, String) =
            span.nanoseconds != 0 && span < .milliseconds(100)
            ? (1_000_000, 6, "ms") : (1_000_000_000, 9, "s")
        let whole = span.nanoseconds / unit
        var rest = span.nanoseconds % unit
        guard rest != 0 else { return "\(whole)\(suffix)" }
        var fraction = ""
        for _ in 0..<digits {
            fraction = "\(rest % 10)" + fraction
            rest /= 10
        }
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(whole).\(fraction)\(suffix)"
    }
}
