import PoolModel
import SimulatorScenarios
import Testing

@testable import holdfast_sim

@Suite("Swarms on several threads")
struct SwarmBoardTests {
    private func report(jobs: Int, seeds: ClosedRange<UInt64>, _ scenario: @Sendable (UInt64) -> Scenario)
        -> SwarmReport
    {
        let board = SwarmBoard(seeds, stopsAtFailure: false, showsProgress: false)
        board.work(jobs: jobs, scenario)
        return board.report
    }

    @Test("so many threads give the same sums as one")
    func threads() {
        @Sendable func draw(_ seed: UInt64) -> Scenario {
            Swarm.scenario(of: Swarm.Plan(seed: seed, hosts: 2...4))
        }
        let one = report(jobs: 1, seeds: 1...12, draw)
        let four = report(jobs: 4, seeds: 1...12, draw)
        #expect(one.tally.runs == 12)
        #expect(four.tally.runs == 12)
        #expect(one.tally.events == four.tally.events)
        #expect(one.tally.fences == four.tally.fences)
        #expect(one.tally.certificates == four.tally.certificates)
    }

    @Test("a seed that fails is kept with its scenario, its finding and the same trace on replay")
    func failures() throws {
        let report = report(jobs: 2, seeds: 5...8) { seed in
            var scenario = Swarm.scenario(of: Swarm.Plan(seed: seed, hosts: 2))
            if seed == 6 { scenario.ending = .whenWhole(atMost: scenario.acts.last?.time ?? scenario.end) }
            if seed == 6 { scenario.acts.removeAll { $0.act == .mendEverything } }
            if seed == 6 { scenario.acts.append(TimedAct(scenario.end, .each(.powerOff, HostSet(first: 2)))) }
            return scenario
        }
        #expect(report.tally.failed == 1)
        let failure = try #require(report.failures.first)
        #expect(failure.seed == 6)
        let read = try Scenario(text: failure.scenario.text, file: "found")
        let again = read.play(hashesTrace: true)
        #expect(again.finding == read.found)
        #expect(read.found?.broke == "LIVE-1")
        #expect(try report.json.contains("\"seed\" : 6"))
        #expect(report.text.contains("4 played, 1 broke"))
    }

    @Test("after a failure no new seed is taken, unless asked for")
    func stops() {
        let board = SwarmBoard(1...50, stopsAtFailure: true, showsProgress: false)
        board.work(jobs: 1) { _ in
            var scenario = Scenario(hosts: 2, ending: .whenWhole(atMost: .seconds(1)))
            scenario.title = "too short to become whole"
            return scenario
        }
        #expect(board.report.tally.runs == 1)
        #expect(board.report.failures.count == 1)
    }

    @Test(
        "ranges of numbers are read",
        arguments: [("3", 3...3), ("1..9", 1...9), ("0..0", 0...0)] as [(String, ClosedRange<UInt64>)]
    )
    func ranges(text: String, numbers: ClosedRange<UInt64>) {
        #expect(NumberRange(argument: text)?.numbers == numbers)
    }

    @Test("what is no range is refused", arguments: ["", "a", "5..3", "1..", "..4", "1...4", "-1..3"])
    func noRanges(text: String) { #expect(NumberRange(argument: text) == nil) }
}
