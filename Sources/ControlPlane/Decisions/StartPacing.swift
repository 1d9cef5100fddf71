import PoolModel

/// When the next start of a machine may be tried, and where not: kept by one acting master, in memory only.
///
/// A new master begins with an empty one: it then tries at once, which is never unsafe, and counts on from
/// the failures in the record.
struct StartPacing: Sendable {
    private var notBefore: [String: MonotonicInstant] = [:]
    private var bars: [String: [Int: MonotonicInstant]] = [:]
    private var settledAt: [String: MonotonicInstant] = [:]
    private var orderedAt: [IntentID: MonotonicInstant] = [:]

    /// How long an order that nobody answers holds back the machines of a later order.
    static let longestHold = TimeSpan.seconds(60)

    /// The wait after so many failures in a row: none after the first, then 5 s, 10 s, 20 s ...
    static func wait(failures: Int, longestSeconds: Int) -> TimeSpan {
        guard failures > 1 else { return .zero }
        let seconds = min(5 << min(failures - 2, 20), longestSeconds)
        return .milliseconds(seconds * 1000)
    }

    /// Its start failed on `host`: another host may try at once, this one after a while.
    mutating func startFailed(
        _ machine: String,
        on host: Int,
        failures: Int,
        longestSeconds: Int,
        now: MonotonicInstant
    ) {
        let wait = StartPacing.wait(failures: failures + 1, longestSeconds: longestSeconds)
        bars[machine, default: [:]][host] = now + wait
    }

    /// It ended by itself; after a quick end the next try waits.
    mutating func ended(_ machine: String, failures: Int, longestSeconds: Int, now: MonotonicInstant) {
        notBefore[machine] = now + StartPacing.wait(failures: failures, longestSeconds: longestSeconds)
    }

    /// It was seen running for the first time; machines of a later order wait `delay` from now.
    mutating func running(_ machine: String, delay: TimeSpan, now: MonotonicInstant) {
        settledAt[machine] = now + delay
        bars[machine] = nil
        notBefore[machine] = nil
    }

    /// An order was given.
    mutating func ordered(_ intent: IntentID, now: MonotonicInstant) { orderedAt[intent] = now }

    /// A machine that an operator wants started is not held back by what failed before.
    mutating func forgive(_ machine: String) {
        bars[machine] = nil
        notBefore[machine] = nil
    }

    /// Whether it must wait after what happened last.
    func mustWait(_ machine: String, now: MonotonicInstant) -> Bool {
        (notBefore[machine] ?? .distantPast) > now
    }

    /// The hosts that must not try it for now.
    func barredHosts(_ machine: String, now: MonotonicInstant) -> [Int] {
        (bars[machine] ?? [:]).filter { $0.value > now }.map(\.key)
    }

    /// Whether its start delay still runs.
    func isInStartDelay(_ machine: String, now: MonotonicInstant) -> Bool {
        (settledAt[machine] ?? .distantPast) > now
    }

    /// Whether an order still holds back the machines of a later order; one unknown to this master counts
    /// from now on.
    mutating func holdsBack(_ intent: IntentID, now: MonotonicInstant) -> Bool {
        let since = orderedAt[intent] ?? now
        orderedAt[intent] = since
        return now < since + StartPacing.longestHold
    }

    /// Forgets what belongs to machines and orders that are no more.
    mutating func keep(machines: Set<String>, intents: Set<IntentID>) {
        notBefore = notBefore.filter { machines.contains($0.key) }
        bars = bars.filter { machines.contains($0.key) }
        settledAt = settledAt.filter { machines.contains($0.key) }
        orderedAt = orderedAt.filter { intents.contains($0.key) }
    }
}
