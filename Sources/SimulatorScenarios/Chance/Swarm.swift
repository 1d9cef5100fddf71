import LivesetEngine
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

        /// The run that belongs to `seed`, which also decides how many hosts of the range there are and,
        /// where `timing` is nil, which times they have.
        public init(seed: UInt64, hosts: ClosedRange<Int>, timing: TimingChoice? = .fast) {
            var chance = SeededRandom(seed: seed ^ 0x5EED_0F40_5755_11CE)
            self.init(seed: seed, hosts: hosts.lowerBound + chance.below(hosts.count))
            let drawn: [TimingChoice] = [.fast, .fast, .standard, .conservative]
            self.timing = timing ?? drawn[chance.below(drawn.count)]
        }
    }

    /// Draws and plays the scenario of a plan.
    public static func run(_ plan: Plan) -> Playback {
        scenario(of: plan).play(tracesChatter: plan.tracesChatter)
    }

    /// When the operators look after the mending for daemons that left, run unguarded or are disabled.
    ///
    /// Once; but enabling wants all hosts present, so a pool that was disabled is asked again.
    private static func looks(after mended: TimeSpan, _ struck: [TimedAct], _ world: World) -> [TimeSpan] {
        let first = mended + .seconds(10)
        let isDisabled = struck.contains { if case .ask(_, .disable) = $0.act { true } else { false } }
        guard isDisabled else { return [first] }
        let wait = TimeSpan.milliseconds(world.convergenceBound.inMilliseconds)
        return [first, first + wait / 2, first + wait, first + wait * 2]
    }

    /// The scenario that belongs to a plan: the same plan gives the same.
    public static func scenario(of plan: Plan) -> Scenario {
        var chance = SeededRandom(seed: plan.seed ^ 0xA5A5_5A5A_0F0F_F0F0)
        var scenario = Scenario(hosts: plan.hosts, ending: .after(.zero))
        scenario.title = "Swarm seed \(plan.seed), \(plan.hosts) hosts"
        scenario.timing = plan.timing
        scenario.seed = plan.seed
        scenario.settings = SwarmManners.draw(plan, &chance)
        let world = scenario.makeWorld()
        let boot = world.settings.hosts.bootTime.upperBound + .seconds(8)
        let stretch = stretch(plan.timing)
        var without = plan.without
        if chance.oneIn(2) {
            scenario.acts.append(TimedAct(.zero, FaultSource.bothKeys))
        } else {
            without.insert(.keys)
        }
        var faults = FaultSource(settings: world.settings, without: without, chance: chance)
        let pause = plan.pause.lowerBound * stretch...plan.pause.upperBound * stretch
        var time = TimeSpan.milliseconds(boot.inMilliseconds)
        while true {
            let phase = phaseLength(plan, stretch, &faults)
            let mended = time + phase
            let struck = faults.schedule(from: time, to: mended, pause: pause)
            scenario.acts += struck
            scenario.acts.append(TimedAct(mended, .mendEverything))
            let looks = looks(after: mended, struck, world)
            for look in looks {
                scenario.acts += [.startLeft, .rebootUnguarded, .enableDisabled].map { TimedAct(look, $0) }
            }
            time = (looks.last ?? mended) + world.convergenceBound
            if time >= plan.length { break }
            scenario.expectations.append(.state(.whole, .by(time)))
            scenario.expectations.append(.state(.machinesRun, .by(time)))
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
}
