import PoolModel
import Simulator

/// Makes a scenario that fails smaller, as long as it fails in the same way.
///
/// The same way means: the same promise, or the same expectation whatever its time. Each candidate is played
/// with its own seed and, as a smaller world draws other chances, with a few others.
public struct Shrinker {
    /// The smallest scenario so far that fails.
    public private(set) var smallest: Scenario
    /// How it fails.
    public private(set) var failure: Playback.Failure
    /// How many runs it took.
    public private(set) var runs = 0
    private let limit: Int
    private let seeds: Int
    private let report: (String) -> Void

    /// Prepares to shrink; nil when the scenario does not fail at all.
    ///
    /// At most `runs` runs are made; each candidate is tried with `seeds` seeds. `report` is told each
    /// success.
    public init?(_ scenario: Scenario, runs limit: Int, seeds: Int, report: @escaping (String) -> Void) {
        guard let failure = scenario.play().failures.first else { return nil }
        self.limit = limit
        self.seeds = max(1, seeds)
        self.report = report
        self.failure = failure
        smallest = scenario
    }

    /// Shrinks until nothing helps any more or the runs are used up.
    public mutating func shrink() {
        smallest.found = nil
        cutEnd()
        var before: Scenario
        repeat {
            before = smallest
            dropActs()
            dropHosts()
            dropSettings()
            shorten()
            cutEnd()
            roundTimes()
        } while smallest != before && runs < limit
    }

    /// Whether it fails for want of a whole pool: then the mending before it is no fault to be dropped.
    private var isAboutWholeness: Bool {
        failure.kind == "LIVE-1" || failure.kind == Expectation.state(.whole, .end).kind
    }

    /// Takes a candidate if it fails in the same way, with its own seed or another.
    @discardableResult
    private mutating func take(_ candidate: Scenario, _ what: String) -> Bool {
        guard candidate != smallest else { return false }
        var candidate = candidate
        let seed = candidate.seed
        for step in 0..<UInt64(seeds) where runs < limit {
            candidate.seed = seed &+ step
            runs += 1
            let seen = candidate.play().failures.first { $0.kind == failure.kind }
            guard let seen else { continue }
            failure = seen
            smallest = candidate
            report(
                "run \(runs): \(what): \(candidate.hosts) hosts, \(candidate.acts.count) acts, "
                    + "\(candidate.settings.count) settings, \(SpanText.write(candidate.end))"
            )
            return true
        }
        return false
    }

    // MARK: End

    /// Leaves out what comes after the failure, and what is expected besides.
    private mutating func cutEnd() {
        var candidate = smallest
        if failure.isPromise, failure.kind != "LIVE-1" {
            let second = failure.time.nanoseconds / 1_000_000_000 + 1
            candidate.ending = .after(.seconds(Double(second)))
            candidate.expectations = []
        } else if failure.kind != "LIVE-1" {
            candidate.expectations = candidate.expectations.filter { $0.kind == failure.kind }
            if isAboutWholeness { candidate.ending = .after(failure.time) }
        }
        let end = candidate.end
        candidate.expectations = candidate.expectations.filter { $0.latest <= end }
        candidate.acts = candidate.acts.filter { $0.time <= end }
        take(candidate, "nothing after the failure")
        guard !failure.isPromise, !isAboutWholeness, case .after(let time) = smallest.ending else { return }
        let latest = smallest.expectations.map(\.latest).max() ?? .zero
        for part in [2, 3, 5, 9] {
            var shorter = smallest
            let end = max(latest, time - time / part)
            shorter.ending = .after(end)
            shorter.acts = shorter.acts.filter { $0.time <= end }
            if take(shorter, "earlier end") { return }
        }
    }

    // MARK: Acts

    /// The acts that may go, by their places: all but the last mending, and what operators do after it, where
    /// the pool has to become whole.
    private var droppable: [Int] {
        guard isAboutWholeness else { return Array(smallest.acts.indices) }
        let mending = smallest.acts.lastIndex { $0.act == .mendEverything }
        return smallest.acts.indices.filter { place in
            place != mending && !(smallest.acts[place].act.isLook && place > mending ?? -1)
        }
    }

    /// Drops acts in ever smaller bunches (Zeller and Hildebrandt's ddmin, without the complements).
    private mutating func dropActs() {
        var bunch = max(1, droppable.count / 2)
        while runs < limit {
            var start = 0
            var helped = false
            while start < droppable.count, runs < limit {
                let places = Set(droppable[start..<min(start + bunch, droppable.count)])
                var candidate = smallest
                candidate.acts = smallest.acts.indices.filter { !places.contains($0) }.map {
                    smallest.acts[$0]
                }
                if take(candidate, "\(places.count) acts dropped") { helped = true } else { start += bunch }
            }
            if bunch == 1, !helped { return }
            if !helped || bunch > droppable.count { bunch = max(1, bunch / 2) }
        }
    }

    private mutating func dropHosts() {
        var host = smallest.hosts - 1
        while host >= 0, smallest.hosts > 1, runs < limit {
            if let candidate = smallest.without(HostIndex(host)) {
                take(candidate, "without \(HostNames.name(HostIndex(host)))")
            }
            host -= 1
        }
    }

    private mutating func dropSettings() {
        for place in smallest.settings.indices.reversed() where runs < limit {
            var candidate = smallest
            candidate.settings.remove(at: place)
            take(candidate, "setting dropped")
        }
    }

    // MARK: Times

    /// Shortens what stands still, and the waits between acts; all that is later moves along.
    private mutating func shorten() {
        let fixed = isAboutWholeness ? smallest.acts.lastIndex { $0.act == .mendEverything } : nil
        for place in smallest.acts.indices where runs < limit {
            if let act = smallest.acts[place].act.halved {
                var candidate = smallest
                candidate.acts[place].act = act
                take(candidate, "shorter stop")
            }
            if let fixed, place > fixed { continue }
            let wait = smallest.acts[place].time - (place == 0 ? .zero : smallest.acts[place - 1].time)
            for less in [wait, wait / 2, wait / 4] where less >= .milliseconds(100) {
                if take(smallest.earlier(by: less, from: place), "shorter wait") { break }
            }
        }
    }

    private mutating func roundTimes() {
        for grain in [TimeSpan.seconds(1), .milliseconds(100)] where runs < limit {
            var candidate = smallest
            for place in candidate.acts.indices {
                candidate.acts[place].time = candidate.acts[place].time.rounded(to: grain)
            }
            if candidate.end >= candidate.acts.last?.time ?? .zero, take(candidate, "rounder times") {
                return
            }
        }
    }
}

extension Scenario {
    /// The scenario with everything from the act at `place` on so much earlier.
    fileprivate func earlier(by less: TimeSpan, from place: Int) -> Scenario {
        var scenario = self
        let start = acts[place].time
        func moved(_ time: TimeSpan) -> TimeSpan { time < start ? time : time - less }
        for later in place..<acts.count { scenario.acts[later].time = moved(acts[later].time) }
        switch ending {
        case .after(let time): scenario.ending = .after(moved(time))
        case .whenWhole(let time): scenario.ending = .whenWhole(atMost: moved(time))
        }
        scenario.expectations = expectations.map { $0.moved(moved) }
        return scenario
    }
}

extension Expectation {
    /// The expectation with its times moved.
    fileprivate func moved(_ move: (TimeSpan) -> TimeSpan) -> Expectation {
        switch self {
        case .event(let claim, .by(let time)): .event(claim, .by(move(time)))
        case .event(let claim, .before(let time)): .event(claim, .before(move(time)))
        case .event(let claim, .after(let time)): .event(claim, .after(move(time)))
        case .event(let claim, .between(let start, let end)): .event(claim, .between(move(start), move(end)))
        case .state(let claim, .by(let time)): .state(claim, .by(move(time)))
        case .state(let claim, .throughout(let start, let end)):
            .state(claim, .throughout(move(start), move(end)))
        case .event(_, .ever), .state(_, .end): self
        }
    }
}

extension Act {
    /// What operators do for hosts that cannot come back by themselves.
    fileprivate var isLook: Bool {
        self == .startLeft || self == .rebootUnguarded || self == .enableDisabled
    }

    /// The same with half the time to stand still; nil where there is none, or less than a tenth of a second.
    fileprivate var halved: Act? {
        switch self {
        case .freeze(let hosts, let threads, let length) where length > .milliseconds(200):
            return .freeze(hosts, threads, .milliseconds((length / 2).inMilliseconds))
        case .interrupt(let hosts, var strike):
            guard case .freeze(let length) = strike.act, length > .milliseconds(200) else { return nil }
            strike.act = .freeze(.milliseconds((length / 2).inMilliseconds))
            return .interrupt(hosts, strike)
        default: return nil
        }
    }
}

extension TimeSpan {
    /// The nearest multiple of `grain`.
    fileprivate func rounded(to grain: TimeSpan) -> TimeSpan {
        TimeSpan(
            nanoseconds: (nanoseconds + grain.nanoseconds / 2) / grain.nanoseconds * grain.nanoseconds
        )
    }
}
