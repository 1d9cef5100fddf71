public import LivesetEngine
public import PoolModel
public import Simulator

/// Where a template plays: makes worlds, and keeps the first thing that went wrong in them.
public final class Stage {
    /// The seed of every world and of all chance in the template.
    public let seed: UInt64
    /// Chance of the template itself: each seed plays another variant.
    public var chance: SeededRandom
    /// What went wrong, `[ORACLE] sentence`; nil while all is well.
    public private(set) var failure: String?
    /// The trace's end, where something went wrong and the stage was asked to keep it.
    public private(set) var report: String?
    /// How much time passed in the worlds.
    public private(set) var simulated = TimeSpan.zero
    private let mutation: Mutation
    private let keepsReport: Bool
    private var worlds: [World] = []

    init(seed: UInt64, mutation: Mutation, keepsReport: Bool) {
        self.seed = seed
        self.mutation = mutation
        self.keepsReport = keepsReport
        chance = SeededRandom(seed: seed ^ 0x7E4D_1A7E_0000_0001)
    }

    /// The clauses that the worlds passed.
    public var reached: ClauseSet {
        var set = ClauseSet()
        for world in worlds { set.formUnion(world.reached) }
        return set
    }

    /// A world whose hosts boot at once.
    public func world(
        hosts: Int,
        _ choice: TimingChoice = .fast,
        _ change: (inout WorldSettings) -> Void = { _ in },
        configure: (inout EngineSettings) -> Void = { _ in }
    ) -> World {
        var settings = WorldSettings(seed: seed, hosts: hosts, timing: Timing(choice))
        change(&settings)
        let world = World(settings)
        for host in 0..<hosts {
            world.configure(host) {
                configure(&$0)
                $0.mutation = mutation
            }
        }
        worlds.append(world)
        return world
    }

    /// A pool that is whole, netOK everywhere, older than D; nil when it does not become so.
    public func pool(
        hosts: Int,
        _ choice: TimingChoice = .fast,
        _ change: (inout WorldSettings) -> Void = { _ in },
        configure: (inout EngineSettings) -> Void = { _ in }
    ) -> World? {
        let world = world(hosts: hosts, choice, change, configure: configure)
        let timing = world.settings.timing
        let isWhole = world.runUntilWhole(atMost: timing.certainlyDead * 3 + .seconds(30))
        guard expect(isWhole, "the pool becomes whole at first", in: world) else { return nil }
        world.run(for: timing.certainlyDead + timing.networkTimeout * 2)
        return keeps(world) ? world : nil
    }

    /// Whether no promise was broken so far; keeps the one that was.
    @discardableResult
    public func keeps(_ world: World) -> Bool {
        guard let violation = world.violation else { return true }
        fail(violation, world)
        return false
    }

    /// Whether `condition` holds and no promise was broken; keeps the sentence when it does not.
    @discardableResult
    public func expect(_ condition: Bool, _ sentence: String, in world: World) -> Bool {
        guard keeps(world) else { return false }
        if !condition { fail("[OUTCOME] not so: \(sentence), at \(world.now), seed \(seed)", world) }
        return condition
    }

    /// Mends everything; the pool has to become whole again ([LIVE-1]).
    public func mend(_ world: World) {
        guard keeps(world) else { return }
        world.healEverything()
        world.run(for: .seconds(10))
        world.restartLeft()
        let isWhole = world.runUntilWhole(atMost: world.convergenceBound)
        guard keeps(world), !isWhole else { return }
        fail("[LIVE-1] the mended pool is not whole after \(world.convergenceBound), seed \(seed)", world)
    }

    private func fail(_ sentence: String, _ world: World) {
        guard failure == nil else { return }
        failure = sentence
        if keepsReport { report = world.reportTail(400) }
    }

    func finish() {
        for world in worlds { simulated = simulated + world.now }
        if keepsReport, report == nil { report = worlds.last?.reportTail(400) }
    }
}
