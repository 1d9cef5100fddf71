public import LivesetEngine
public import PoolModel

/// Random faults by seed, then a mended world that has to become whole again.
///
/// First safety: faults of every kind strike for a while, several at once, and no promise may break. Then
/// liveness: everything is mended; within `World.convergenceBound` one view holds all hosts and one leads.
public struct Swarm: Sendable {
    /// How a run is made.
    public struct Plan: Sendable {
        /// The seed of the world and of its faults.
        public var seed: UInt64
        /// How many hosts.
        public var hosts: Int
        /// How long faults strike.
        public var faultTime = TimeSpan.seconds(90)
        /// The shortest and the longest pause between two faults.
        public var pause = TimeSpan.seconds(0.2)...TimeSpan.seconds(9)
        /// Faults that are left out.
        public var without: Set<SwarmFault> = []
        /// The times.
        public var timing = Timing(.fast)
        /// Datagrams, rounds and feeds stand in the trace as well.
        public var tracesChatter = false
        /// Changes what the hosts' engines are told at their start.
        public var configure: @Sendable (inout EngineSettings) -> Void = { _ in }

        /// The run that belongs to `seed`.
        public init(seed: UInt64, hosts: Int) {
            self.seed = seed
            self.hosts = hosts
        }
    }

    /// What a run gave.
    public struct Outcome: Sendable {
        /// The broken promise, with the seed and the last events; nil when all held.
        public var failure: String?
        /// How often hosts fenced.
        public var fences: Int
        /// How many certificates were issued, by clause.
        public var certificates: [CertificateClause: Int]
        /// How many views were decided.
        public var epochs: UInt64
        /// How many events were carried out.
        public var events: Int
        /// How much simulated time passed.
        public var simulated: TimeSpan
        /// Whether the pool became whole at the end.
        public var converged: Bool
        /// The clauses that were passed.
        public var reached: ClauseSet
        /// The broken promise alone; nil when all held.
        public var violation: String?
    }

    /// Runs one plan.
    public static func run(_ plan: Plan) -> Outcome {
        var chance = SeededRandom(seed: plan.seed ^ 0xA5A5_5A5A_0F0F_F0F0)
        let world = World(settings(plan, &chance))
        for host in 0..<plan.hosts {
            let repeats = world.settings.storage.repeatsOneIn > 0
            world.configure(host) {
                $0.pathMayRepeatWrites = repeats
                plan.configure(&$0)
            }
        }
        world.runUntilWhole(atMost: .seconds(60))
        let end = world.now + plan.faultTime
        var faults = FaultSource(plan: plan, chance: chance)
        while world.violation == nil, world.now < end {
            faults.strike(world)
            world.run(for: faults.nextPause())
        }
        world.healEverything()
        // A leave that was under way may still be carried out; a person starts that daemon again.
        world.run(for: .seconds(10))
        world.restartLeft()
        let converged = world.violation == nil && world.runUntilWhole(atMost: world.convergenceBound)
        if world.violation == nil, !converged {
            world.broken("LIVE-1", "the mended pool is not whole after \(world.convergenceBound)")
        }
        return outcome(world, converged: converged)
    }

    private static func outcome(_ world: World, converged: Bool) -> Outcome {
        var clauses: [CertificateClause: Int] = [:]
        for certificate in world.certificates { clauses[certificate.clause, default: 0] += 1 }
        return Outcome(
            failure: world.violation == nil ? nil : world.reportTail(1200),
            fences: world.fenceCount,
            certificates: clauses,
            epochs: world.oracle.published.rawValue,
            events: world.eventCount,
            simulated: world.now,
            converged: converged,
            reached: world.reached,
            violation: world.violation
        )
    }

    /// The manners of this world: each seed lives in another one.
    private static func settings(_ plan: Plan, _ chance: inout SeededRandom) -> WorldSettings {
        var settings = WorldSettings(seed: plan.seed, hosts: plan.hosts, timing: plan.timing)
        settings.tracesChatter = plan.tracesChatter
        if chance.oneIn(4) { settings.storage.latency = .seconds(0.005)...TimeSpan.seconds(0.12) }
        settings.storage.givesUp = !chance.oneIn(3)
        settings.storage.latestLanding = chance.oneIn(3) ? .seconds(15) : .seconds(2)
        settings.storage.lateWriteLandsOneIn = 1 + chance.below(3)
        settings.storage.repeatsOneIn = chance.oneIn(6) ? 8 : 0
        settings.storage.latestRepeat = plan.timing.storageTimeout * 2
        settings.network.losesOneIn = chance.oneIn(3) ? 20 : 0
        settings.network.repeatsOneIn = chance.oneIn(3) ? 10 : 0
        settings.network.delaysOneIn = chance.oneIn(3) ? 30 : 0
        settings.network.latestArrival = chance.oneIn(2) ? .seconds(20) : .seconds(2)
        settings.hosts.keepsDescriptor = chance.oneIn(2)
        settings.hosts.provesGuestStop = !chance.oneIn(4)
        settings.hosts.guests = chance.oneIn(2) ? plan.hosts : 0
        settings.hosts.bootTime =
            chance.oneIn(2) ? .seconds(0.5)...TimeSpan.seconds(2) : .seconds(3)...TimeSpan.seconds(20)
        return settings
    }
}
