import FoundationEssentials
import PoolModel

/// Instants as a replay shows them.
enum ReplayTime {
    /// As wide as an offset.
    static let margin = String(repeating: " ", count: 14)

    /// Seconds with three decimals since the beginning, in a column: `+     12.345 s`.
    static func offset(_ span: TimeSpan) -> String {
        let milliseconds = span.nanoseconds.magnitude / 1_000_000
        let rest = String(1000 + milliseconds % 1000).dropFirst()
        let text = "\(milliseconds / 1000).\(rest) s"
        let sign = span < .zero ? "-" : "+"
        return sign + String(repeating: " ", count: max(0, margin.count - 1 - text.count)) + text
    }

    /// A point of the time of day in UTC: `2026-03-01 12:00:01.250Z`.
    static func wall(_ nanoseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000) / 1000)
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space, includingFractionalSeconds: true)
        return date.formatted(style)
    }
}
