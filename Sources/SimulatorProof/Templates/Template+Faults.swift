import LivesetEngine
import PoolModel
import Simulator

/// Situations in which hosts fall silent or part, and the wrong judgement costs a host too many (section 6).
extension Template {
    static let faults: [Template] = [
        Template(
            "network-falls",
            "the whole network is lost, edge by edge, and comes back edge by edge (H11)"
        ) {
            stage in
            let hosts = 2 + stage.chance.below(4)
            guard let world = stage.pool(hosts: hosts) else { return }
            for host in 0..<hosts {
                world.at(world.now + stage.chance.span(.zero, .seconds(0.4))) { $0.cutNetwork(of: host) }
            }
            world.run(for: .seconds(45))
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            for host in 0..<hosts {
                world.at(world.now + stage.chance.span(.zero, .seconds(0.4))) { $0.healNetwork(of: host) }
            }
            world.run(for: .seconds(30))
            stage.expect(world.fenceCount == 0, "nobody fences when it is back", in: world)
            stage.mend(world)
        },
        Template(
            "carrier-first",
            "the whole network is lost; one carrier is back long before any heartbeat (H11)"
        ) {
            stage in
            guard let world = stage.pool(hosts: 2) else { return }
            world.cutAllNetwork()
            world.run(for: .seconds(15))
            for host in 0..<2 {
                world.healNetwork(of: host)
                world.cutLinks(between: 0, and: 1)
                world.run(for: stage.chance.span(.seconds(9), .seconds(14)))
            }
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.mend(world)
        },
        Template("carrier-blinks", "a switch restarts: the carriers are back at different moments (H11)") {
            stage in
            guard let world = stage.pool(hosts: 2) else { return }
            world.cutAllNetwork()
            for host in 0..<2 {
                world.run(for: stage.chance.span(.seconds(0.4), .seconds(2.4)))
                world.healNetwork(of: host)
                world.cutLinks(between: 0, and: 1)
            }
            world.run(for: .seconds(8))
            world.healAllNetwork()
            world.run(for: .seconds(20))
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.mend(world)
        },
        Template(
            "cable-pulled",
            "the network cable of one host is pulled, and perhaps plugged again too late"
        ) { stage in
            let hosts = 2 + stage.chance.below(4)
            guard let world = stage.pool(hosts: hosts) else { return }
            let victim = stage.chance.below(hosts)
            world.cutNetwork(of: victim)
            world.run(for: world.settings.timing.certainlyDead + .seconds(9))
            stage.expect(world.fenced == HostSet(HostIndex(victim)), "that host goes, no other", in: world)
            stage.mend(world)
        },
        Template("tie-break", "two hosts part, and the setting says tie-break ([FAULT-3])") { stage in
            guard let world = stage.pool(hosts: 2, configure: { $0.onEvenPartition = .tieBreak }) else {
                return
            }
            world.cutLinks(between: 0, and: 1)
            world.run(for: .seconds(30))
            stage.expect(world.fenced.count == 1, "one of them goes", in: world)
            stage.mend(world)
        },
        Template("halves", "four hosts part into two pairs ([FAULT-2])") { stage in
            guard let world = stage.pool(hosts: 4) else { return }
            for left in [0, 1] { for right in [2, 3] { world.cutLinks(between: left, and: right) } }
            world.run(for: .seconds(30))
            stage.expect(world.fenced == world.rows(2, 3), "one pair goes", in: world)
            stage.mend(world)
        },
        Template("flapping-links", "links come and go before anything settles ([FAULT-2])") { stage in
            guard let world = stage.pool(hosts: 4) else { return }
            world.cutLinks(between: 0, and: 3)
            let period = stage.chance.span(.seconds(2.8), .seconds(3.2))
            for step in 0..<6 {
                for (host, offset) in [(1, TimeSpan.zero), (2, period / 2)] {
                    let start = world.now + period * step + offset
                    world.at(start) { $0.cutLink(from: host, to: 3) }
                    world.at(start + .seconds(2.3)) { $0.healLink(from: host, to: 3) }
                }
            }
            world.run(for: period * 7 + .seconds(20))
            stage.mend(world)
        },
        Template("link-blinks", "a link is lost for a little more than Tn ([FAULT-2])") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.cutLinks(between: 0, and: 1)
            world.run(for: stage.chance.span(.seconds(2.3), .seconds(3.2)))
            world.healLink(from: 0, to: 1)
            world.healLink(from: 1, to: 0)
            world.run(for: .seconds(10))
            stage.mend(world)
        },
        Template("parted-and-vouched", "hosts part while one of them lives on vouches ([FAULT-2])") { stage in
            guard let world = stage.pool(hosts: 4) else { return }
            world.cutStorage(of: 3)
            world.run(for: .seconds(8))
            world.cutLinks(between: 0, and: 1)
            world.run(for: .seconds(30))
            stage.mend(world)
        },
        Template("mutual-vouch", "two hosts that vouch for each other lose power at once (H15)") { stage in
            guard let world = stage.pool(hosts: 3 + stage.chance.below(2)) else { return }
            world.powerOff(1)
            world.powerOff(2)
            let rest = world.all.without(HostIndex(1)).without(HostIndex(2))
            world.run(for: world.settings.timing.certainlyDead + world.settings.timing.grace + .seconds(6))
            stage.expect(world.agrees(on: rest), "the rest goes on without them", in: world)
            stage.mend(world)
        },
        Template("death-in-hold", "a host loses power while a hold is in force ([FAULT-3])") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.cutAllNetwork(carrierGone: stage.chance.oneIn(2))
            world.run(for: .seconds(15))
            if stage.chance.oneIn(2) { world.crashDaemon(1) }
            world.run(for: .seconds(5))
            world.powerOff(2)
            world.run(for: world.settings.timing.certainlyDead + .seconds(12))
            stage.expect(world.members(of: 0) == world.rows(0, 1), "it is removed", in: world)
            stage.expect(world.isCertified(2), "it is certified dead", in: world)
            world.powerOn(2)
            stage.mend(world)
        },
        Template("hold-passes-on", "a daemon restarts during a hold and takes it over ([FAULT-3])") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.cutAllNetwork(carrierGone: stage.chance.oneIn(2))
            world.run(for: .seconds(15))
            world.crashDaemon(stage.chance.below(3))
            world.run(for: .seconds(20))
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.mend(world)
        },
        Template("storage-limit", "a host without storage is kept until the limit ([FAULT-4])") { stage in
            guard let world = stage.pool(hosts: 3, configure: { $0.storageLossLimit = .seconds(20) }) else {
                return
            }
            world.cutStorage(of: 2)
            world.run(for: .seconds(15))
            stage.expect(world.fenceCount == 0, "it is kept before the limit", in: world)
            world.run(for: .seconds(30))
            stage.expect(world.fenced == world.rows(2), "it goes at the limit", in: world)
            stage.mend(world)
        },
        Template("asked-of-one", "an operator asks one host to have another one fenced ([FAULT-6])") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.request(.fence(HostIndex(1)), of: 2)
            if stage.chance.oneIn(2) { world.freeze(2, for: .seconds(1.5), .engine) }
            world.run(for: .seconds(20))
            stage.expect(world.fenceCount(of: 1) == 1, "the host is fenced", in: world)
            stage.mend(world)
        },
        Template("fast-reboot", "a host reboots faster than anyone notices ([FAULT-9])") { stage in
            let pool = stage.pool(hosts: 2 + stage.chance.below(2)) {
                $0.hosts.bootTime = .seconds(0.4)...TimeSpan.seconds(0.9)
            }
            guard let world = pool else { return }
            for _ in 0..<3 {
                world.reboot(1)
                world.run(for: .seconds(20))
            }
            stage.mend(world)
        },
    ]
}
