import AdminProtocol
import PoolModel

/// Turns growing rejection counters into one line a minute at most, whatever arrives (section 10).
struct RejectionWatch: Sendable {
    private var told: [String: UInt64] = [:]
    private var nextWord = MonotonicInstant.distantPast

    /// How long it stays silent after a line.
    static let pause = TimeSpan.seconds(60)

    /// The sentence about what was refused since the last one; nil when nothing was, or it is too soon.
    mutating func news(_ counters: [RejectionReport], now: MonotonicInstant) -> String? {
        guard now >= nextWord else { return nil }
        var parts: [String] = []
        for counter in counters {
            let key = "\(counter.place) \(counter.cause)"
            let new = counter.count - (told[key] ?? 0)
            guard new > 0 else { continue }
            told[key] = counter.count
            parts.append("\(new) \(key)")
        }
        guard !parts.isEmpty else { return nil }
        nextWord = now + RejectionWatch.pause
        return "refused and not used: \(parts.joined(separator: ", ")); 'holdfast status' shows all counters"
    }
}
