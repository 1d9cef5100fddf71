public import PoolModel
import Simulator

/// Random faults by seed, each phase of them followed by a mended pool that has to become whole again.
///
/// A seed draws a scenario: the manners of its world, and every fault with its instant, as data. That
/// scenario is played like any other; when a promise breaks, its text is all that is needed to see it again.
public enum Swarm {
    /// How a scenario is drawn; phases and pauses are those of `fast`, slower times stretch them.
    public struct Plan: Sendable {
        /// The seed of the world and of its faults.
        public var seed: UInt64
        /// How many hosts.
        public var hosts: Int
        /// How long the run is; zero gives one phase of `faultTime`, and ends as soon as the pool is whole.
        public var length = TimeSpan.zero
        /// How long faults strike in a run of one phase.
        public var faultTime = TimeSpan.seconds(90)
        /// The shortest and the longest phase of faults in a run of several.
        public var phase = TimeSpan.seconds(60)...TimeSpan.seconds(360)
        /// The shortest and the longest pause between two faults.
        public var pause = TimeSpan.seconds(0.2)...TimeSpan.seconds(9)
        /// Faults that are left out.
        public var without: Set<SwarmFault> = []
        /// The times.
        public var timing = TimingChoice.fast
        /// Datagrams, rounds and feeds stand in the trace as well.
        public var tracesChatter = false

        /// The choices of times by name.
        public static let profiles: [String: TimingChoice] = Dictionary(
            uniqueKeysWithValues: Words.profile.pairs.map { ($0.phrase, $0.value) }
        )

        /// The run that belongs to `seed`.
        public init(seed: UInt64, hosts: Int) {
            self.seed = seed
            self.hosts = hosts
        }

        /// The run that belongs to `seed`, which also decides how many hosts of the range there are.
        public init(seed: UInt64, hosts: ClosedRange<Int>) {
            var chance = SeededRandom(seed: seed ^ 0x5EED_0F40_5755_11CE)
            self.init(seed: seed, hosts: hosts.lowerBound + chance.below(hosts.count))
        }
    }

    /// Draws and plays the scenario of a plan.
    public static func run(_ plan: Plan) -> Playback {
        scenario(of: plan).play(tracesChatter: plan.tracesChatter)
    }

    /// How long after the mending the operators look for daemons that left and start them.
    private static let lastLook = TimeSpan.seconds(10)

    /// The scenario that belongs to a plan: the same plan gives the same.
    public static func scenario(of plan: Plan) -> Scenario {
        var chance = SeededRandom(seed: plan.seed ^ 0xA5A5_5A5A_0F0F_F0F0)
        var scenario = Scenario(hosts: plan.hosts, ending: .after(.zero))
        scenario.title = "Swarm seed \(plan.seed), \(plan.hosts) hosts"
        scenario.timing = plan.timing
        scenario.seed = plan.seed
        scenario.settings = settings(plan, &chance)
        let world = scenario.makeWorld()
        let calm = lastLook + world.convergenceBound
        let boot = world.settings.hosts.bootTime.upperBound + .seconds(8)
        let stretch = stretch(plan.timing)
        var faults = FaultSource(
            hosts: plan.hosts,
            timing: world.settings.timing,
            without: plan.without,
            chance: chance
        )
        let pause = plan.pause.lowerBound * stretch...plan.pause.upperBound * stretch
        var time = TimeSpan.milliseconds(boot.inMilliseconds)
        while true {
            let phase = phaseLength(plan, stretch, &faults)
            let mended = time + phase
            scenario.acts += faults.schedule(from: time, to: mended, pause: pause)
            scenario.acts.append(TimedAct(mended, .mendEverything))
            scenario.acts.append(TimedAct(mended + lastLook, .startLeft))
            time = mended + calm
            if time >= plan.length { break }
            scenario.expectations.append(.state(.whole, .by(time)))
        }
        scenario.ending = .whenWhole(atMost: time)
        return scenario
    }

    /// How much slower these times are than those of `fast`, by their D.
    private static func stretch(_ choice: TimingChoice) -> Double {
        Timing(choice).certainlyDead.inSeconds / Timing(.fast).certainlyDead.inSeconds
    }

    private static func phaseLength(
        _ plan: Plan,
        _ stretch: Double,
        _ faults: inout FaultSource
    ) -> TimeSpan {
        guard plan.length > .zero else { return .milliseconds((plan.faultTime * stretch).inMilliseconds) }
        let drawn = faults.chance.span(plan.phase.lowerBound, plan.phase.upperBound) * stretch
        return .milliseconds(drawn.inMilliseconds)
    }

    /// The manners of this world: each seed lives in another one.
    private static func settings(_ plan: Plan, _ chance: inout SeededRandom) -> [Setting] {
        var settings: [Setting] = []
        func yes(_ value: Bool) -> Field { .phrase(Words.yesNo.phrase(for: value)) }
        func seconds(_ value: Double) -> Field { .span(.seconds(value)) }
        if chance.oneIn(4) {
            settings.append(.make("storage-latency {span} to {span}", seconds(0.005), seconds(0.12)))
        }
        if chance.oneIn(3) { settings.append(.make("storage-gives-up {yesno}", yes(false))) }
        settings.append(.make("storage-latest-landing {span}", seconds(chance.oneIn(3) ? 15 : 2)))
        let lands = Field.number(UInt64(1 + chance.below(3)))
        settings.append(.make("storage-late-writes-land {chance}", lands))
        if chance.oneIn(6) {
            settings.append(.make("storage-repeats {chance}", .number(8)))
            let latest = Timing(plan.timing).storageTimeout * 2
            settings.append(.make("storage-latest-repeat {span}", .span(latest)))
        }
        if chance.oneIn(3) { settings.append(.make("network-loses {chance}", .number(20))) }
        if chance.oneIn(3) { settings.append(.make("network-repeats {chance}", .number(10))) }
        if chance.oneIn(3) { settings.append(.make("network-delays {chance}", .number(30))) }
        settings.append(.make("network-latest-arrival {span}", seconds(chance.oneIn(2) ? 20 : 2)))
        if chance.oneIn(2) { settings.append(.make("watchdog-descriptor-kept {yesno}", yes(true))) }
        if chance.oneIn(4) { settings.append(.make("guest-stop-proved {yesno}", yes(false))) }
        if chance.oneIn(2) {
            settings.append(.make("machines {number62}", .number(UInt64(min(plan.hosts, 62)))))
        }
        let slow = chance.oneIn(2)
        settings.append(.make("boot-time {span} to {span}", seconds(slow ? 3 : 0.5), seconds(slow ? 20 : 2)))
        return settings
    }
}
