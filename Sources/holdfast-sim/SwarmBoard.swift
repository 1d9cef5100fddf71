import Dispatch
import Glibc
import SimulatorScenarios
import Synchronization

/// Hands seeds out to workers and gathers what they found; each worker plays one seed at a time in a world of
/// its own.
final class SwarmBoard: Sendable {
    private struct State {
        var next: UInt64?
        var tally = Tally()
        var failures: [SwarmReport.Failure] = []
        var lastShown: ContinuousClock.Instant
    }

    private let seeds: ClosedRange<UInt64>
    private let stopsAtFailure: Bool
    private let showsProgress: Bool
    private let began = ContinuousClock.now
    private let state: Mutex<State>

    init(_ seeds: ClosedRange<UInt64>, stopsAtFailure: Bool, showsProgress: Bool) {
        self.seeds = seeds
        self.stopsAtFailure = stopsAtFailure
        self.showsProgress = showsProgress && isatty(STDOUT_FILENO) == 1
        state = Mutex(State(next: seeds.lowerBound, lastShown: began))
    }

    /// Plays all seeds on so many threads; returns when they are done, or a promise broke.
    func work(jobs: Int, _ scenario: @Sendable (UInt64) -> Scenario) {
        DispatchQueue.concurrentPerform(iterations: jobs) { _ in
            while let seed = takeSeed() {
                let drawn = scenario(seed)
                finished(seed, drawn, drawn.play())
            }
        }
        if showsProgress { print("\r\u{1B}[K", terminator: "") }
    }

    private func takeSeed() -> UInt64? {
        state.withLock { state in
            guard let seed = state.next, !stopsAtFailure || state.failures.isEmpty else { return nil }
            state.next = seed < seeds.upperBound ? seed + 1 : nil
            return seed
        }
    }

    private func finished(_ seed: UInt64, _ scenario: Scenario, _ playback: Playback) {
        state.withLock { state in
            state.tally.add(playback.tally)
            if let failure = playback.failures.first {
                var scenario = scenario
                scenario.found = playback.finding
                state.failures.append(
                    SwarmReport.Failure(seed: seed, reason: failure.reason, scenario: scenario)
                )
            }
            show(&state)
        }
    }

    private func show(_ state: inout State) {
        let now = ContinuousClock.now
        guard showsProgress, now - state.lastShown > .milliseconds(200) else { return }
        state.lastShown = now
        let hours = state.tally.poolHours
        let rate = hours / ((now - began) / .seconds(1))
        let done = "\(state.tally.runs) of \(seeds.upperBound - seeds.lowerBound + 1) seeds"
        print("\r\u{1B}[K\(done), \(hours.shown(1)) pool-hours, \(rate.shown(2)) a second", terminator: "")
        fflush(nil)
    }

    /// What was found, with the time that it took until now.
    var report: SwarmReport {
        state.withLock { state in
            SwarmReport(
                seeds: seeds,
                tally: state.tally,
                seconds: (ContinuousClock.now - began) / .seconds(1),
                failures: state.failures.sorted { $0.seed < $1.seed }
            )
        }
    }
}
