public import LivesetEngine

/// Which clauses the runs of this world passed.
extension World {
    /// Every clause that any host's engine, fence loop or manager has passed so far.
    public var reached: ClauseSet {
        var set = passed
        for host in hosts {
            if let reached = host.engine?.reached { set.formUnion(reached) }
        }
        return set
    }

    /// A run ends: what it passed stays known.
    func keepReached(of host: SimulatedHost) {
        if let reached = host.engine?.reached { passed.formUnion(reached) }
    }
}
