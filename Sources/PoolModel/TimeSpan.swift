/// A length of time in whole nanoseconds.
///
/// `Swift.Duration` counts attoseconds in 128 bits; the deciders compare and add times thousands of times per
/// simulated second, so they use one 64-bit word (docs/decisions/0001-time-in-64-bits.md). Range: +-292
/// years.
public struct TimeSpan: BitwiseCopyable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The length in nanoseconds; negative when an instant lies before another.
    public var nanoseconds: Int64

    /// A length given in nanoseconds.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// No time at all.
    public static let zero = TimeSpan(nanoseconds: 0)
    /// Longer than any machine runs; additions to an instant saturate.
    public static let forever = TimeSpan(nanoseconds: .max)

    /// A length in seconds, rounded to nanoseconds.
    public static func seconds(_ value: Double) -> TimeSpan {
        TimeSpan(nanoseconds: Int64(value * 1e9 + (value < 0 ? -0.5 : 0.5)))
    }
    /// A length in milliseconds.
    public static func milliseconds(_ value: Int) -> TimeSpan {
        TimeSpan(nanoseconds: Int64(value) * 1_000_000)
    }

    /// The length in seconds.
    public var inSeconds: Double { Double(nanoseconds) / 1e9 }
    /// The length in whole milliseconds, rounded down.
    public var inMilliseconds: Int { Int(nanoseconds / 1_000_000) }

    /// Shorter first.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.nanoseconds < right.nanoseconds }
    /// The sum, saturating.
    public static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return TimeSpan(nanoseconds: overflow ? (right.nanoseconds > 0 ? .max : .min) : sum)
    }
    /// The difference.
    public static func - (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: left.nanoseconds &- right.nanoseconds)
    }
    /// A multiple.
    public static func * (left: TimeSpan, right: Int) -> TimeSpan {
        TimeSpan(nanoseconds: left.nanoseconds * Int64(right))
    }
    /// A multiple by a factor, rounded up, so that a bound never shrinks by rounding.
    public static func * (left: TimeSpan, right: Double) -> TimeSpan {
        // Not `rounded(.up)`: that needs libm, which L0 does not link.
        let product = Double(left.nanoseconds) * right
        let whole = Int64(product)
        return TimeSpan(nanoseconds: Double(whole) < product ? whole + 1 : whole)
    }
    /// A fraction, rounded down.
    public static func / (left: TimeSpan, right: Int) -> TimeSpan {
        TimeSpan(nanoseconds: left.nanoseconds / Int64(right))
    }

    /// Seconds with at most three decimals: `1.5 s`.
    public var description: String {
        let negative = nanoseconds < 0
        let milliseconds = (nanoseconds.magnitude + 500_000) / 1_000_000
        let whole = milliseconds / 1000
        let rest = milliseconds % 1000
        var text = (negative ? "-" : "") + "\(whole)"
        if rest != 0 {
            var digits = "\(rest)"
            while digits.count < 3 { digits = "0" + digits }
            while digits.hasSuffix("0") { digits.removeLast() }
            text += "." + digits
        }
        return text + " s"
    }
}

/// A point on one host's own boot clock (CLOCK_BOOTTIME: suspend counts, wall-clock steps do not).
///
/// Two hosts' instants have nothing to do with each other; nothing that crosses a wire is an instant.
public struct MonotonicInstant: BitwiseCopyable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Nanoseconds since the host's boot.
    public var nanoseconds: Int64

    /// The instant so many nanoseconds after boot.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Before everything that ever happened on this host.
    public static let distantPast = MonotonicInstant(nanoseconds: .min / 4)
    /// After everything that will ever happen on this host.
    public static let distantFuture = MonotonicInstant(nanoseconds: .max / 2)

    /// Earlier first.
    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
    /// The instant `span` later, saturating.
    public static func + (left: MonotonicInstant, span: TimeSpan) -> MonotonicInstant {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(span.nanoseconds)
        return overflow ? .distantFuture : MonotonicInstant(nanoseconds: sum)
    }
    /// The instant `span` earlier.
    public static func - (left: MonotonicInstant, span: TimeSpan) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: left.nanoseconds &- span.nanoseconds)
    }
    /// How long after `right` this is.
    public static func - (left: MonotonicInstant, right: MonotonicInstant) -> TimeSpan {
        TimeSpan(nanoseconds: left.nanoseconds &- right.nanoseconds)
    }

    /// Seconds since boot, for traces.
    public var description: String { "@\(TimeSpan(nanoseconds: nanoseconds))" }
}
