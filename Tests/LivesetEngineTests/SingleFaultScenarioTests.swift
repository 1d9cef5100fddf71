import LivesetEngine
import PoolModel
import Simulator
import Testing

/// One fault, and how many hosts it may stop at most ([LIVE-2]).
struct SingleFault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// How many hosts may fence, in a pool of so many.
    let most: @Sendable (_ hosts: Int) -> Int
    /// Starts the fault on a host.
    let strike: @Sendable (World, _ host: Int) -> Void

    init(
        _ name: String,
        most: @escaping @Sendable (Int) -> Int,
        strike: @escaping @Sendable (World, Int) -> Void
    ) {
        testDescription = name
        self.most = most
        self.strike = strike
    }

    static let all: [SingleFault] = [
        SingleFault("power lost", most: { _ in 0 }) { $0.powerOff($1) },
        SingleFault("reset", most: { _ in 0 }) { $0.reboot($1) },
        SingleFault("daemon crash", most: { _ in 0 }) { $0.crashDaemon($1) },
        SingleFault("short stop", most: { _ in 0 }) { $0.freeze($1, for: .seconds(0.4)) },
        SingleFault("long stop", most: { _ in 1 }) { $0.freeze($1, for: .seconds(30)) },
        SingleFault("engine stops", most: { _ in 1 }) { $0.freeze($1, for: .seconds(30), .engine) },
        SingleFault("fence loop stops", most: { _ in 1 }) { $0.freeze($1, for: .seconds(30), .fence) },
        SingleFault("storage thread stops", most: { $0 > 2 ? 0 : 1 }) {
            $0.freeze($1, for: .seconds(30), .storage)
        },
        SingleFault("storage path hangs", most: { $0 > 2 || $0 == 1 ? 0 : 1 }) { $0.cutStorage(of: $1) },
        SingleFault("storage path fails", most: { $0 > 2 || $0 == 1 ? 0 : 1 }) { $0.failStorage(of: $1) },
        SingleFault("short storage hang", most: { _ in 0 }) { world, host in
            world.cutStorage(of: host)
            world.at(world.now + .seconds(2)) { $0.healStorage(of: host) }
        },
        SingleFault("network cable", most: { $0 > 1 ? 1 : 0 }) { $0.cutNetwork(of: $1) },
        SingleFault("switch port forwards nothing", most: { $0 > 2 ? 1 : 0 }) { $0.silenceNetwork(of: $1) },
        SingleFault("one direction of one link", most: { $0 > 2 ? 1 : 0 }) { world, host in
            guard world.settings.hostCount > 1 else { return }
            world.cutLink(from: host, to: (host + 1) % world.settings.hostCount)
        },
        SingleFault("short network cut", most: { _ in 0 }) { world, host in
            world.cutNetwork(of: host)
            world.at(world.now + .seconds(1)) { $0.healNetwork(of: host) }
        },
        SingleFault("whole network", most: { _ in 0 }) { world, _ in world.cutAllNetwork() },
        SingleFault("whole switch, carriers stay", most: { _ in 0 }) { world, _ in
            world.cutAllNetwork(carrierGone: false)
        },
        SingleFault("whole array", most: { _ in 0 }) { world, _ in world.cutAllStorage() },
        SingleFault("slot spoilt", most: { _ in 0 }) { $0.spoilSlot(of: $1) },
        SingleFault("sysrq broken", most: { _ in 0 }) { $0.breakSysrq($1) },
    ]
}

@Suite("A single fault never stops more than one host [LIVE-2]")
struct SingleFaultScenarioTests {
    @Test("single fault", arguments: SingleFault.all)
    func singleFault(fault: SingleFault) throws {
        for hosts in 1...5 {
            for seed: UInt64 in Scenario.isLong ? [11, 12, 13, 14] : [11] {
                let world = try Scenario.whole(seed: seed, hosts: hosts)
                world.run(for: .milliseconds(Int(seed) * 37))
                fault.strike(world, Int(seed) % hosts)
                world.run(for: world.timing.certainlyDead + world.timing.networkTimeout * 4)
                Scenario.keeps(world)
                #expect(
                    world.fenceCount <= fault.most(hosts),
                    Comment(rawValue: "\(fault.testDescription)\n\(world.report)")
                )
                Scenario.becomesWhole(world)
                #expect(
                    world.fenceCount <= fault.most(hosts),
                    Comment(rawValue: "\(fault.testDescription)\n\(world.report)")
                )
            }
        }
    }
}
