import ArgumentParser
import Glibc
import PoolModel
import SimulatorScenarios

/// Draws scenarios from seeds and plays them, on several threads.
struct SwarmSeeds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarm",
        abstract: "Play random faults by seed; write a scenario file for each seed that breaks a promise.",
        discussion: """
            A seed decides everything: how many hosts of the range, the times where the profile is 'mixed', \
            the manners of its world, and every fault with its instant. Phases of faults take turns with a \
            mended, calm pool, which has to become whole each time, with every machine running (LIVE-1).

            EXAMPLES:
              holdfast-sim swarm --seeds 1..200 --hosts 2..5
              holdfast-sim swarm --seeds 1..1000 --hosts 2..5 --hours 2 --jobs 2
              holdfast-sim swarm --seeds 42 --hosts 3 --profile default --json
            """
    )

    @Option(help: "The seeds, as A..B or one alone.")
    var seeds = NumberRange(1...100)

    @Option(help: "How many hosts; the seed decides where it is a range.")
    var hosts = NumberRange(2...5)

    @Option(help: "Simulated hours a seed; without it one phase of faults, 90 s with fast times.")
    var hours: Double?

    @Option(help: "How many seeds are played at the same time.")
    var jobs = min(64, max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))

    @Option(help: "The times: fast, default, conservative, or mixed: the seed decides.")
    var profile = SwarmSeeds.mixed

    @Option(help: "The folder for the scenarios of seeds that break a promise.", completion: .directory)
    var found = "."

    @Flag(help: "Go on after a seed that breaks a promise.")
    var keepGoing = false

    @Flag(help: "Print JSON for programs instead of text for people.")
    var json = false

    /// The seed decides: half of them have the times of fast, a quarter each the others'.
    static let mixed = "mixed"

    func validate() throws {
        let range = hosts.numbers
        guard range.lowerBound >= 1, range.upperBound <= UInt64(HostIndex.limit) else {
            throw ValidationError("--hosts \(hosts.defaultValueDescription): a pool has 1 to 64 hosts")
        }
        guard hours.map({ $0 > 0 && $0 <= 168 }) ?? true else {
            throw ValidationError("--hours: more than 0, at most 168")
        }
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs \(jobs): 1 to 64") }
        guard profile == Self.mixed || Swarm.Plan.profiles[profile] != nil else {
            let profiles = (Swarm.Plan.profiles.keys.sorted() + [Self.mixed]).joined(separator: ", ")
            throw ValidationError("--profile \(profile): one of \(profiles)")
        }
    }

    func run() throws {
        if !json {
            print(
                "seeds \(seeds.defaultValueDescription), hosts \(hosts.defaultValueDescription), profile \(profile)"
            )
            fflush(nil)
        }
        let sizes = Int(hosts.numbers.lowerBound)...Int(hosts.numbers.upperBound)
        let timing = Swarm.Plan.profiles[profile]
        let length = TimeSpan.seconds((hours ?? 0) * 3600)
        let board = SwarmBoard(seeds.numbers, stopsAtFailure: !keepGoing, showsProgress: !json)
        board.work(jobs: jobs) { seed in
            var plan = Swarm.Plan(seed: seed, hosts: sizes, timing: timing)
            plan.length = length
            return Swarm.scenario(of: plan)
        }
        let report = board.report
        for failure in report.failures {
            let path = "\(found)/swarm-\(failure.seed).scenario"
            try ScenarioFile.write(failure.scenario.text, to: path)
            if !json {
                print(
                    "FAILED seed \(failure.seed): \(failure.reason)\n       replay: holdfast-sim replay \(path)"
                )
            }
        }
        print(try json ? report.json : report.text, terminator: "")
        if !report.failures.isEmpty { throw SimExit.broken }
    }
}
