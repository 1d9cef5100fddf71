import PoolModel

/// One line on its way to the journal or to standard error.
public struct LogLine: Sendable, Equatable {
    /// The syslog priority.
    public var priority: Int
    /// The level's word.
    public var level: String
    /// The sentence.
    public var message: String
    /// Journal fields besides MESSAGE and PRIORITY, names in upper case.
    public var fields: [String: String]
    /// Wall clock, nanoseconds since 1970.
    public var wallNanoseconds: Int64

    /// The longest message that is passed on; what is beyond is cut.
    static let messageLimit = 2000

    /// The line with these fields.
    public init(
        priority: Int,
        level: String,
        message: String,
        fields: [String: String],
        wallNanoseconds: Int64
    ) {
        self.priority = priority
        self.level = level
        self.message = LogLine.oneLine(message)
        self.fields = fields
        self.wallNanoseconds = wallNanoseconds
    }

    /// The text without line breaks and other control characters, cut at the limit.
    static func oneLine(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(messageLimit) {
            let isControl = scalar.value < 32 || scalar.value == 127
            scalars.append(isControl ? " " : scalar)
        }
        return String(scalars)
    }

    /// A datagram of the journal's native protocol: one `NAME=value` a line.
    ///
    /// Source: systemd.io/JOURNAL_NATIVE_PROTOCOL. Values hold no line break, so the simple form does.
    func journalDatagram(identifier: String) -> String {
        var text = "MESSAGE=\(message)\nPRIORITY=\(priority)\nSYSLOG_IDENTIFIER=\(identifier)\n"
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) where LogLine.isFieldName(name) {
            text += "\(name)=\(LogLine.oneLine(value))\n"
        }
        return text
    }

    /// The journal takes upper-case letters, digits and underscores, not beginning with an underscore or
    /// digit.
    static func isFieldName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (65...90).contains(first), name.utf8.count <= 64 else {
            return false
        }
        return name.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) || $0 == 95 }
    }

    /// A line for people: `2026-01-31T12:00:00.123Z warning lab3 is unheard ...`.
    func consoleLine() -> String { "\(LogLine.timestamp(wallNanoseconds)) \(level) \(message)\n" }

    /// ISO 8601 in UTC with milliseconds; civil-from-days after Howard Hinnant.
    static func timestamp(_ nanoseconds: Int64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        let (days, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000)
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = "\(value)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60)
        let (second, fraction) = (rest / 1000 % 60, rest % 1000)
        return "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)).\(padded(fraction, 3))Z"
    }
}
