import PoolModel
import Simulator
import Testing

@Suite("LEASE-M: vouches and grants")
struct VouchTests {
    /// The round that withdraws a vouch writes its slot, and its read fails: it is no good round, and the
    /// vouch of the last good one is not on the disk any more.
    @Test("no grant rests on a vouch that a newer slot has taken back")
    func withdrawnVouch() throws {
        for step in 0...12 {
            let world = try CalmPool.make(3, seed: 3)
            let length = world.timing.networkTimeout - .milliseconds(500) + .milliseconds(50) * step
            world.freeze(1, for: length)
            world.run(atMost: length) {
                $0.saw(on: 0) { if case .peerUnheard(HostIndex(1)) = $0 { true } else { false } }
            }
            world.failNextRead(of: 0)
            world.run(for: .seconds(5))
            CalmPool.keeps(world)
        }
    }
}
