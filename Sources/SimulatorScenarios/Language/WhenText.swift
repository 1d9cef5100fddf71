public import PoolModel

/// When an event has to happen, or must not; counted from the world's start.
public enum Period: Equatable, Sendable {
    /// At any time of the run.
    case ever
    /// Not later than this.
    case by(TimeSpan)
    /// Earlier than this.
    case before(TimeSpan)
    /// Later than this.
    case after(TimeSpan)
    /// Between the two, ends included.
    case between(TimeSpan, TimeSpan)

    /// Whether `time` lies in the period.
    public func contains(_ time: TimeSpan) -> Bool {
        switch self {
        case .ever: true
        case .by(let end): time <= end
        case .before(let end): time < end
        case .after(let start): time > start
        case .between(let start, let end): time >= start && time <= end
        }
    }

    /// The latest instant that it names.
    var latest: TimeSpan {
        switch self {
        case .ever: .zero
        case .by(let end), .before(let end), .after(let end), .between(_, let end): end
        }
    }

    /// As a scenario writes it; empty for *ever*.
    var text: String {
        switch self {
        case .ever: ""
        case .by(let end): "by \(SpanText.write(end))"
        case .before(let end): "before \(SpanText.write(end))"
        case .after(let start): "after \(SpanText.write(start))"
        case .between(let start, let end): "between \(SpanText.write(start)) and \(SpanText.write(end))"
        }
    }
}

/// When a state has to hold.
public enum Instant: Equatable, Sendable {
    /// When the run is over.
    case end
    /// At this instant; it may come true earlier, and has to hold by then.
    case by(TimeSpan)
    /// All the time between the two, looked at ten times a second.
    case throughout(TimeSpan, TimeSpan)

    /// The latest instant that it names.
    var latest: TimeSpan {
        switch self {
        case .end: .zero
        case .by(let time), .throughout(_, let time): time
        }
    }

    /// As a scenario writes it.
    var text: String {
        switch self {
        case .end: "at the end"
        case .by(let time): "by \(SpanText.write(time))"
        case .throughout(let start, let end): "from \(SpanText.write(start)) to \(SpanText.write(end))"
        }
    }

    /// How far apart the looks of `throughout` are.
    static let pace = TimeSpan.milliseconds(100)

    /// When a run that ends at `end` has to look.
    func looks(end: TimeSpan) -> [TimeSpan] {
        switch self {
        case .end: return [end]
        case .by(let time): return [time]
        case .throughout(let start, let last):
            let count = Int((last - start).nanoseconds / Instant.pace.nanoseconds)
            return (0...max(0, count)).map { start + Instant.pace * $0 } + [last]
        }
    }
}
