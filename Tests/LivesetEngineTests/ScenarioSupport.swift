import Foundation
import LivesetEngine
import PoolModel
import Simulator
import Testing

/// Helps the scenarios: a pool that is whole, and the check that no promise was broken on the way.
enum Scenario {
    /// Whether HOLDFAST_SWARM_SEEDS asks for a longer run.
    static let isLong = ProcessInfo.processInfo.environment["HOLDFAST_SWARM_SEEDS"] != nil
    /// Seeds that every scenario runs with; each gives other clocks, delays and lateness.
    static let seeds: [UInt64] = isLong ? Array(1...12) : [1, 2]
    /// Seeds of scenarios that depend on moments.
    static let manySeeds: [UInt64] = isLong ? Array(1...40) : [1, 2, 3, 4]

    /// A pool of `hosts` that is whole, netOK everywhere.
    static func whole(
        seed: UInt64,
        hosts: Int,
        _ change: (inout WorldSettings) -> Void = { _ in },
        configure: (inout EngineSettings) -> Void = { _ in }
    ) throws -> World {
        var settings = WorldSettings(seed: seed, hosts: hosts)
        change(&settings)
        let world = World(settings)
        for host in 0..<hosts { world.configure(host, configure) }
        let isWhole = world.runUntilWhole(atMost: .seconds(60))
        try #require(isWhole, Comment(rawValue: world.report))
        world.run(for: .seconds(8))
        keeps(world)
        return world
    }

    /// No promise was broken so far.
    static func keeps(_ world: World, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(world.violation == nil, Comment(rawValue: world.report), sourceLocation: sourceLocation)
    }

    /// Mends everything; the pool must become whole again in time.
    static func becomesWhole(_ world: World, sourceLocation: SourceLocation = #_sourceLocation) {
        world.healEverything()
        let isWhole = world.runUntilWhole(atMost: world.convergenceBound)
        #expect(isWhole, Comment(rawValue: world.report), sourceLocation: sourceLocation)
        keeps(world, sourceLocation: sourceLocation)
    }

    /// The set of these rows.
    static func set(_ rows: Int...) -> HostSet {
        var set = HostSet()
        for row in rows { set.insert(HostIndex(row)) }
        return set
    }
}

extension World {
    /// Times of this world.
    var timing: Timing { settings.timing }

    /// The first entry of this kind on a host, or on any.
    func first(on host: Int? = nil, where matches: (Happening) -> Bool) -> TraceEntry? {
        entries(on: host, where: matches).first
    }

    /// Whether `host` lost power or was reset before `witness` certified it, every time.
    func certificatesOf(_ host: Int) -> [TraceEntry] {
        entries { happening in
            if case .certified(let certificate) = happening { return certificate.host.row == host }
            return false
        }
    }
}
