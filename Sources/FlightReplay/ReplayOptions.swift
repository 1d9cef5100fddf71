public import PoolModel

/// What of a recording is shown, and how.
public struct ReplayOptions: Sendable, Equatable {
    /// From where on, counted from the recording's beginning; negative from its end; nil for all.
    public var from: TimeSpan?
    /// Up to where, in the same way.
    public var to: TimeSpan?
    /// Leave out steps that decided nothing.
    public var decisionsOnly = false
    /// One JSON object a line instead of text.
    public var json = false

    /// Everything, as text.
    public init() {}

    /// A place in a recording as people write it: `90s`, `1.5min`, `-30s`; nil for anything else.
    public static func place(_ text: String) -> TimeSpan? {
        let isNegative = text.hasPrefix("-")
        let rest = isNegative ? text.dropFirst() : text[...]
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let factors = ["ms": 0.001, "s": 1, "": 1, "min": 60, "h": 3600]
        let unit = rest.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Double(digits), let factor = factors[String(unit)], number * factor < 1e8 else {
            return nil
        }
        return .seconds((isNegative ? -number : number) * factor)
    }
}
