import HeartbeatWire
import LivesetEngine
import NodeRuntime
import PoolModel
import Simulator
import StatefileLayout
import Testing

/// A pool that is whole, for tests of what one fault does.
enum CalmPool {
    static func make(
        _ hosts: Int = 3,
        seed: UInt64 = 11,
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

    static func keeps(_ world: World, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(world.violation == nil, Comment(rawValue: world.report), sourceLocation: sourceLocation)
    }
}

extension World {
    var timing: Timing { settings.timing }

    /// What a host's gate has counted.
    func gate(of host: Int) throws -> HeartbeatCounters { try #require(heartbeatCounters(of: host)) }

    /// What a host's storage loop has counted.
    func storage(of host: Int) throws -> StatefileStatistics { try #require(statefileStatistics(of: host)) }

    /// Whether such a fault stands in the trace.
    func sawFault(_ word: FaultWord, on host: Int? = nil) -> Bool {
        saw(on: host) { if case .fault(word, _) = $0 { true } else { false } }
    }
}

extension HeartbeatCounters {
    /// All datagrams that were dropped, for any cause.
    var rejectedCount: UInt64 { RejectionCause.allCases.reduce(0) { $0 + self[$1] } }
}
