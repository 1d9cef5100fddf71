import AdminProtocol
import ArgumentParser
import Glibc

/// `holdfast events`: what happened on this host since its daemon started.
struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the daemon of this host noticed and decided.",
        discussion: """
            The daemon keeps a bounded history of its present run; the journal has the rest \
            ('journalctl -u holdfastd').

            EXAMPLE: holdfast events --follow
            EXAMPLE: holdfast events --last 200 --level warning
            """
    )

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on, until interrupted.")
    var follow = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Show at most the last events.", valueName: "count"))
    var last = 50

    @Option(help: ArgumentHelp("Show events from this sequence number on.", valueName: "number"))
    var since: UInt64?

    @Option(help: "The least level: debug, info, notice, warning, error or critical.")
    var level = EventLevel.debug

    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func validate() throws {
        guard last >= 0 else { throw ValidationError("--last \(last) is negative") }
    }

    func run() throws {
        let client = connection.client(of: .daemon)
        var report = try client.ask(.daemon, EventsCommand(since: since ?? 0))
        try show(since == nil ? Array(wanted(report).suffix(last)) : wanted(report))
        while follow {
            let next = report.next
            usleep(500_000)
            report = try client.ask(.daemon, EventsCommand(since: next))
            if report.next < next {
                if !output.json { print(output.ink.warning("-- the daemon was started anew")) }
                report = try client.ask(.daemon, EventsCommand(since: 0))
            } else if report.oldestKept > next, !output.json {
                print(
                    output.ink.warning(
                        "-- \(report.oldestKept - next) events were dropped before they were shown"
                    )
                )
            }
            try show(wanted(report))
        }
    }

    private func wanted(_ report: EventsReport) -> [EventReport] {
        report.events.filter { (EventLevel(rawValue: $0.level) ?? .critical) >= level }
    }

    /// JSON is one event a line, so that it can be followed.
    private func show(_ events: [EventReport]) throws(CommandFailure) {
        let ink = output.ink
        for event in events {
            print(output.json ? try Output.json(event, isOneLine: true) : EventText.line(event, ink))
        }
        fflush(nil)
    }
}

/// How grave an event is.
enum EventLevel: String, CaseIterable, Comparable, ExpressibleByArgument {
    case debug
    case info
    case notice
    case warning
    case error
    case critical

    private var rank: Int { EventLevel.allCases.firstIndex(of: self) ?? 0 }

    /// Less grave first.
    static func < (left: EventLevel, right: EventLevel) -> Bool { left.rank < right.rank }
}

/// An event as a line of text.
enum EventText {
    static func line(_ event: EventReport, _ ink: Ink) -> String {
        let sentence =
            switch EventLevel(rawValue: event.level) {
            case .debug, .info: ink.faint(event.sentence)
            case .notice: event.sentence
            case .warning: ink.warning(event.sentence)
            case .error, .critical, nil: ink.bad(event.sentence)
            }
        let time = ink.faint(TimeText.instant(wallMilliseconds: event.wallMilliseconds))
        let level = event.level + String(repeating: " ", count: max(0, 8 - event.level.count))
        return "\(time)  \(level)  \(sentence)"
    }
}
