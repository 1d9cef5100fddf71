import LivesetEngine
public import PoolModel

/// Random faults by seed, then a mended world that has to become whole again.
///
/// First safety: faults of every kind strike for a while, several at once, and no promise may break. Then liveness:
/// everything is mended, and within `World.convergenceBound` one view holds all hosts and one of them leads.
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
    }

    /// Runs one plan.
    public static func run(_ plan: Plan) -> Outcome {
        var chance = SeededRandom(seed: plan.seed ^ 0xA5A5_5A5A_0F0F_F0F0)
        let world = World(settings(plan, &chance))
        for host in 0..<plan.hosts {
            let repeats = world.settings.storage.repeatsOneIn > 0
            world.configure(host) { $0.pathMayRepeatWrites = repeats }
        }
        world.runUntilWhole(atMost: .seconds(60))
        let end = world.now + plan.faultTime
        var faults = FaultSource(plan: plan, chance: chance)
        while world.violation == nil, world.now < end {
            faults.strike(world)
            world.run(for: faults.nextPause())
        }
        world.healEverything()
        // A leave that was under way may still be carried out; its host comes back when a person starts the daemon.
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
            converged: converged
        )
    }

    /// The manners of this world: each seed lives in another one.
    private static func settings(_ plan: Plan, _ chance: inout SeededRandom) -> WorldSettings {
        var settings = WorldSettings(seed: plan.seed, hosts: plan.hosts, timing: plan.timing)
        settings.tracesChatter = plan.tracesChatter
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

/// The kinds of faults that a swarm chooses from.
public enum SwarmFault: UInt8, CaseIterable, Sendable {
    /// Power off, and on again later.
    case power
    /// A reset.
    case reboot
    /// A daemon crash, or several in a row.
    case daemonCrash
    /// All threads stand still.
    case freeze
    /// One thread stands still.
    case threadFreeze
    /// A host's storage hangs or fails for a while.
    case storage
    /// Everybody's storage hangs for a while.
    case array
    /// A host's network is gone for a while.
    case network
    /// One direction of one link is gone for a while.
    case link
    /// The whole network is gone for a while.
    case wholeNetwork
    /// Sysrq breaks on one host.
    case sysrq
    /// A fault strikes between two acts of a host.
    case interruption
    /// An operator asks for something that is safe to ask.
    case operatorRequest
    /// A slot is spoilt on the disk.
    case spoiltSlot
    /// An own file or a watchdog fails once.
    case device
}

/// Chooses and carries out one fault after the other; those that end do so by scripts in the world.
struct FaultSource {
    let plan: Swarm.Plan
    var chance: SeededRandom
    private let kinds: [SwarmFault]

    init(plan: Swarm.Plan, chance: SeededRandom) {
        self.plan = plan
        self.chance = chance
        kinds = SwarmFault.allCases.filter { !plan.without.contains($0) }
    }

    mutating func nextPause() -> TimeSpan { chance.span(plan.pause.lowerBound, plan.pause.upperBound) }

    /// How long a fault lasts: around the times at which the protocol changes its mind.
    private mutating func length() -> TimeSpan {
        let timing = plan.timing
        let edges = [
            timing.heartbeatInterval, timing.watchdog, timing.storageTimeout, timing.networkTimeout,
            timing.grace,
            timing.grace + timing.watchdog, timing.certainlyDead, timing.certainlyDead * 2,
        ]
        let edge = edges[chance.below(edges.count)]
        return chance.span(edge / 2, edge + edge / 2)
    }

    private func after(_ length: TimeSpan, _ world: World, _ act: @escaping @Sendable (World) -> Void) {
        world.at(world.now + length, do: act)
    }

    mutating func strike(_ world: World) {
        let host = chance.below(plan.hosts)
        switch kinds[chance.below(kinds.count)] {
        case .power:
            world.powerOff(host)
            after(length(), world) { $0.powerOn(host) }
        case .reboot: world.reboot(host)
        case .daemonCrash: crash(host, world)
        case .freeze: world.freeze(host, for: length())
        case .threadFreeze:
            let threads: [HostThreads] = [
                .engine, .storage, .fence, [.engine, .storage], [.engine, .fence],
            ]
            world.freeze(host, for: length(), threads[chance.below(threads.count)])
        case .storage:
            if chance.oneIn(3) { world.failStorage(of: host) } else { world.cutStorage(of: host) }
            after(length(), world) { $0.healStorage(of: host) }
        case .array: array(world)
        case .network:
            if chance.oneIn(2) { world.cutNetwork(of: host) } else { world.silenceNetwork(of: host) }
            after(length(), world) { $0.healNetwork(of: host) }
        case .link: link(host, world)
        case .wholeNetwork:
            world.cutAllNetwork(carrierGone: chance.oneIn(2))
            after(length(), world) { $0.healAllNetwork() }
        case .sysrq: world.breakSysrq(host)
        case .interruption: interrupt(host, world)
        case .operatorRequest: ask(host, world)
        case .spoiltSlot: world.spoilSlot(of: host, chance.oneIn(2) ? .torn : .foreign)
        case .device:
            if chance.oneIn(2) {
                world.failNextPersist(host)
            } else {
                world.failWatchdog(host)
                after(length(), world) { $0.failWatchdog(host, false) }
            }
        }
    }

    private mutating func crash(_ host: Int, _ world: World) {
        world.crashDaemon(host)
        guard chance.oneIn(3) else { return }
        for step in 1...3 + chance.below(10) {
            let pause = chance.span(plan.timing.watchdog / 4, plan.timing.watchdog)
            after(pause * step, world) { $0.crashDaemon(host) }
        }
    }

    private mutating func array(_ world: World) {
        world.cutAllStorage()
        let back = length()
        for host in 0..<plan.hosts {
            let skew = chance.oneIn(2) ? TimeSpan.zero : chance.span(.zero, plan.timing.grace * 2)
            after(back + skew, world) { $0.healStorage(of: host) }
        }
    }

    private mutating func link(_ host: Int, _ world: World) {
        guard plan.hosts > 1 else { return }
        let peer = (host + 1 + chance.below(plan.hosts - 1)) % plan.hosts
        let bothWays = chance.oneIn(2)
        world.cutLink(from: host, to: peer)
        if bothWays { world.cutLink(from: peer, to: host) }
        after(length(), world) {
            $0.healLink(from: host, to: peer)
            if bothWays { $0.healLink(from: peer, to: host) }
        }
    }

    private mutating func interrupt(_ host: Int, _ world: World) {
        let moments: [Interruption.Moment] = [
            .send, .round, .ballotWrite, .publication, .persist(.taken), .persist(.held), .persist(.spent),
            .openWatchdog,
            .feed, .adoption,
        ]
        let acts: [Interruption.Act] = [
            .freeze(length()), .freeze(length()), .crashDaemon, .powerOff, .stallStorage,
        ]
        let act = acts[chance.below(acts.count)]
        world.interrupt(
            host,
            Interruption(before: moments[chance.below(moments.count)], act, passing: chance.below(3))
        )
        let end = length()
        if act == .powerOff { after(end * 2, world) { $0.powerOn(host) } }
        if act == .stallStorage { after(end * 2, world) { $0.healStorage(of: host) } }
    }

    private mutating func ask(_ host: Int, _ world: World) {
        let peer = HostIndex(chance.below(plan.hosts))
        switch chance.below(4) {
        case 0: world.request(.fence(peer), of: host)
        case 1: world.request(.moveMaster(peer), of: host)
        case 2:
            // Only what is true is confirmed: the host has no power when the agent says so.
            world.powerOff(peer.row)
            world.request(.confirmOff(peer), of: host)
            after(length(), world) { $0.powerOn(peer.row) }
        default:
            world.request(.leave, of: host)
            after(length() * 2, world) { $0.request(.stay, of: host) }
        }
    }
}
