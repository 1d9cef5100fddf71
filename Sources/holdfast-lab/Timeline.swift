internal import LabPlatform
internal import LabWorld

/// Prints what happens, in seconds since the fault, as it happens.
final class Timeline {
    private var start: Int64
    private var topics: Set<String> = []
    private var waiting: [TimelineEntry] = []
    private(set) var entries: [TimelineEntry] = []
    private let style: Style
    private var title = ""
    /// Kinds that are told at the moment; nil for all.
    var told: Set<TimelineEntry.Kind>?

    enum Style {
        case text, json, quiet
    }

    private struct Line: Encodable {
        var scenario: String
        var seconds: Double
        var kind: String
        var host: String?
        var text: String
    }

    init(style: Style) {
        start = LabClock.now
        self.style = style
    }

    /// A new scenario: time counts from now.
    func begin(_ title: String) {
        flush(upTo: Int64.max)
        start = LabClock.now
        topics = []
        entries = []
        told = nil
        self.title = title
        if style == .text {
            Terminal.say("\n── \(title) " + String(repeating: "─", count: max(4, 96 - title.count)))
        }
    }

    /// Takes news; what is 400 ms old is printed in the order of its time.
    func take(_ news: [TimelineEntry]) {
        waiting += news
        flush(upTo: LabClock.now - 400 * LabClock.millisecond)
    }

    /// Prints what waits.
    func flush(upTo limit: Int64 = Int64.max) {
        let due = waiting.filter { $0.at <= limit }.sorted { $0.at < $1.at }
        waiting.removeAll { $0.at <= limit }
        for entry in due where entry.at >= start - 200 * LabClock.millisecond { tell(entry) }
    }

    private func tell(_ entry: TimelineEntry) {
        entries.append(entry)
        guard entry.kind != .other, told?.contains(entry.kind) ?? true, topics.insert(entry.topic).inserted
        else {
            return
        }
        if style == .json { say(entry.kind.rawValue, entry.host, entry.text, at: entry.at) }
        guard style == .text else { return }
        let host = entry.host + String(repeating: " ", count: max(0, 6 - entry.host.count))
        let head = "  \(Timeline.seconds(entry.at - start))  \(entry.kind.column)\(host) "
        Terminal.say(Timeline.wrap(entry.text, head: head))
    }

    /// A line that is no event.
    func note(_ mark: String, _ text: String) {
        flush()
        switch style {
        case .text: Terminal.say(Timeline.wrap(text, head: "  \(mark) "))
        case .json:
            say(
                mark == "✓" ? "as-expected" : mark == "✗" ? "not-as-expected" : "note",
                nil,
                text,
                at: LabClock.now
            )
        case .quiet: break
        }
    }

    private func say(_ kind: String, _ host: String?, _ text: String, at: Int64) {
        let seconds = Double((at - start) / LabClock.millisecond) / 1000
        Terminal.say(
            LabJSON.line(Line(scenario: title, seconds: seconds, kind: kind, host: host, text: text))
        )
    }

    /// When an entry of this kind was first seen after the start, in seconds.
    func first(_ kinds: Set<TimelineEntry.Kind>, where matches: (TimelineEntry) -> Bool = { _ in true })
        -> Double?
    {
        (entries + waiting).filter { $0.at >= start && kinds.contains($0.kind) && matches($0) }.map(\.at)
            .min()
            .map { Double($0 - start) / 1e9 }
    }

    /// Seconds since the fault.
    var elapsed: Double { Double(LabClock.now - start) / 1e9 }

    /// `+ 12.34 s`, nine columns.
    static func seconds(_ nanoseconds: Int64) -> String {
        let hundredths = max(0, nanoseconds) / 10_000_000
        let rest = hundredths % 100
        let text = "+\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
        return String(repeating: " ", count: max(0, 9 - text.count)) + text
    }

    /// `12.3 s`.
    static func short(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// Breaks a text at 118 columns; what follows stands below the first word.
    static func wrap(_ text: String, head: String, width: Int = 118) -> String {
        var lines: [String] = []
        var line = head
        var isFresh = true
        for word in text.split(separator: " ") {
            if !isFresh, line.count + word.count + 1 > width {
                lines.append(line)
                line = String(repeating: " ", count: head.count)
                isFresh = true
            }
            line += (isFresh ? "" : " ") + word
            isFresh = false
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
