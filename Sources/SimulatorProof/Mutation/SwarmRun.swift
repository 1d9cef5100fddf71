public import LivesetEngine
import Simulator

/// One swarm seed with a mutation.
public struct SwarmRun: Sendable {
    /// What went wrong, `[ORACLE] sentence`; nil when all held.
    public let failure: String?
    /// The clauses that were passed.
    public let reached: ClauseSet

    /// Plays the seed.
    public init(hosts: Int, seed: UInt64, mutation: Mutation = Mutation()) {
        var plan = Swarm.Plan(seed: seed, hosts: hosts)
        plan.configure = { $0.mutation = mutation }
        let outcome = Swarm.run(plan)
        failure = outcome.violation
        reached = outcome.reached
    }
}
