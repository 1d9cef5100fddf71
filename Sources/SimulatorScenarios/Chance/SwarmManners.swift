import PoolModel
import Simulator

/// Draws what the world of a seed is like: each seed lives in another one.
struct SwarmManners {
    private let plan: Swarm.Plan
    private var chance: SeededRandom
    private var settings: [Setting] = []

    /// The settings of the world that belongs to a plan.
    static func draw(_ plan: Swarm.Plan, _ chance: inout SeededRandom) -> [Setting] {
        var manners = SwarmManners(plan: plan, chance: chance)
        manners.storage()
        manners.network()
        manners.hosts()
        manners.policies()
        chance = manners.chance
        return manners.settings
    }

    private init(plan: Swarm.Plan, chance: SeededRandom) {
        self.plan = plan
        self.chance = chance
    }

    private mutating func add(_ template: String, _ first: Field) { settings.append(.make(template, first)) }

    private mutating func addSpans(_ template: String, _ shortest: Double, _ longest: Double) {
        settings.append(.make(template, .span(.seconds(shortest)), .span(.seconds(longest))))
    }

    private mutating func storage() {
        if chance.oneIn(4) { addSpans("storage-latency {span} to {span}", 0.005, 0.12) }
        if chance.oneIn(3) { add("storage-gives-up {yesno}", .phrase("no")) }
        add("storage-latest-landing {span}", .span(.seconds(chance.oneIn(3) ? 15 : 2)))
        add("storage-late-writes-land {chance}", .number(UInt64(1 + chance.below(3))))
        if chance.oneIn(6) {
            add("storage-repeats {chance}", .number(8))
            add("storage-latest-repeat {span}", .span(Timing(plan.timing).storageTimeout * 2))
        }
        if chance.oneIn(6) { add("storage-fails {chance}", .number(300)) }
        if chance.oneIn(6) { add("storage-blocks {blocks}", .phrase("4096")) }
    }

    private mutating func network() {
        if chance.oneIn(2) { add("networks {network}", .number(UInt64(2 + chance.below(3)))) }
        if chance.oneIn(3) { add("network-loses {chance}", .number(20)) }
        if chance.oneIn(3) { add("network-repeats {chance}", .number(10)) }
        if chance.oneIn(3) { add("network-delays {chance}", .number(30)) }
        add("network-latest-arrival {span}", .span(.seconds(chance.oneIn(2) ? 20 : 2)))
        if chance.oneIn(4) { add("network-corrupts {chance}", .number(50)) }
        if chance.oneIn(4) { add("network-forges {chance}", .number(20)) }
        if chance.oneIn(4) { add("network-replays {chance}", .number(20)) }
    }

    private mutating func hosts() {
        if chance.oneIn(2) { add("watchdog-descriptor-kept {yesno}", .phrase("yes")) }
        if chance.oneIn(4) { add("guest-stop-proved {yesno}", .phrase("no")) }
        if chance.oneIn(5) { addSpans("guest-stop-time {span} to {span}", 0.05, 2) }
        if chance.oneIn(5) { addSpans("own-file-time {span} to {span}", 0.01, 0.3) }
        if chance.oneIn(4) { addSpans("wake-time {span} to {span}", 0, 0.003) }
        if chance.oneIn(2) { add("machines {number62}", .number(UInt64(min(plan.hosts, 62)))) }
        let slow = chance.oneIn(2)
        addSpans("boot-time {span} to {span}", slow ? 3 : 0.5, slow ? 20 : 2)
    }

    private mutating func policies() {
        if chance.oneIn(4) {
            let host = HostSet(HostIndex(chance.below(plan.hosts)))
            settings.append(.make("weight of {hosts} {number65535}", .hosts(host), .number(500)))
        }
        if chance.oneIn(6) { add("on-storage-loss {storage-loss}", .phrase("fence")) }
        if chance.oneIn(6) { add("on-even-partition {even-partition}", .phrase("tie-break")) }
        if chance.oneIn(6) { add("storage-loss-limit {span}", .span(Timing(plan.timing).grace * 3)) }
    }
}
