import FoundationEssentials

/// Times as people read them.
enum TimeText {
    /// An age or a length: `0.2 s`, `3 min 20 s`, `2 h 5 min`; `never` for nil.
    static func span(_ milliseconds: Int?) -> String {
        guard let milliseconds else { return "never" }
        let sign = milliseconds < 0 ? "-" : ""
        let tenths = (milliseconds.magnitude + 50) / 100
        if tenths < 1200 { return "\(sign)\(tenths / 10).\(tenths % 10) s" }
        let seconds = tenths / 10
        if seconds < 7200 { return "\(sign)\(seconds / 60) min \(seconds % 60) s" }
        if seconds < 172_800 { return "\(sign)\(seconds / 3600) h \(seconds % 3600 / 60) min" }
        return "\(sign)\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
    }

    /// The same of nanoseconds.
    static func span(nanoseconds: Int64) -> String { span(Int(nanoseconds / 1_000_000)) }

    /// A point in time in UTC: `2026-03-01 12:00:01.250Z`.
    static func instant(wallMilliseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(wallMilliseconds) / 1000)
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space, includingFractionalSeconds: true)
        return date.formatted(style)
    }
}
