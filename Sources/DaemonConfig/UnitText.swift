public import PoolModel

/// Reads lengths of time and sizes of memory as people write them.
public enum UnitText {
    /// `500ms`, `20s`, `1.5 s`, `2min`, `1h`; nil for anything else.
    public static func timeSpan(_ text: String) -> TimeSpan? {
        guard let (number, unit) = split(text) else { return nil }
        let seconds: Double
        switch unit {
        case "ms": seconds = number / 1000
        case "s": seconds = number
        case "min": seconds = number * 60
        case "h": seconds = number * 3600
        default: return nil
        }
        guard seconds <= 366 * 86_400 else { return nil }
        return .seconds(seconds)
    }

    /// `512 MiB`, `4GiB`, `1 TiB` in bytes; nil for anything else.
    public static func bytes(_ text: String) -> Int? {
        guard let (number, unit) = split(text) else { return nil }
        let factor: Double
        switch unit {
        case "MiB": factor = 0x1p20
        case "GiB": factor = 0x1p30
        case "TiB": factor = 0x1p40
        default: return nil
        }
        guard number * factor <= 0x1p60 else { return nil }
        return Int(number * factor)
    }

    private static func split(_ text: String) -> (Double, String)? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite else { return nil }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        return (number, String(unit))
    }
}
