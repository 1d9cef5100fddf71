import LivesetEngine
import PoolModel
import Simulator

/// Situations in which masters change, and hosts leave and come back ([VIEW-4] to [VIEW-6], [JOIN-1]).
extension Template {
    static let views: [Template] = [
        Template("three-masters", "an old master stands still, one never acted, a third takes over (H7)") {
            stage in
            guard let world = stage.pool(hosts: 4) else { return }
            guard let first = world.actingMaster else { return }
            let second = (first + 1) % 4
            let threads: [HostThreads] = [.engine, .storage, .all]
            let stop = world.settings.timing.grace - .milliseconds(300)
            world.freeze(first, for: stop, threads[stage.chance.below(3)])
            world.request(.moveMaster(HostIndex(second)), of: (first + 2) % 4)
            world.run(atMost: .seconds(8)) { $0.view(of: (first + 2) % 4).master == HostIndex(second) }
            world.cutStorage(of: second)
            world.run(for: world.settings.timing.certainlyDead * 3)
            stage.expect(world.actingMaster != nil, "somebody acts as master", in: world)
            stage.mend(world)
        },
        Template("act-in-hand", "a master that cannot see the next view stops with an act in hand (H7)") {
            stage in
            guard let world = stage.pool(hosts: 3), world.actingMaster == 0 else { return }
            let timing = world.settings.timing
            let epoch = world.view(of: 0).epoch
            world.breakSysrq(0)
            world.silenceNetwork(of: 0)
            world.request(.fence(HostIndex(0)), of: 1)
            // The slots of the others go back, so that no flag and no epoch shows; then its last good round.
            let old = [world.slotWrite(of: 1), world.slotWrite(of: 2)]
            for _ in 0..<200 {
                for write in old { world.writeAgain(write) }
                world.run(for: .milliseconds(20))
                let isDecided = (1...2).contains { world.ballotOnDisk(of: $0).decided.epoch > epoch }
                if isDecided, world.leaseLeft(of: 0) > timing.grace - .milliseconds(40) { break }
            }
            guard stage.keeps(world), world.view(of: 0).epoch == epoch else { return }
            world.cutStorage(of: 0)
            world.freeze(0, for: timing.grace * 2, [.engine, .storage])
            // Its watchdog may be late, within its promise: then the stop is as long as W.
            stopBeforeFeed(0, world, for: timing.watchdog - .milliseconds(10))
            world.run(for: timing.certainlyDead * 2)
            stage.expect(world.actingMaster == 1, "the new master acts in the end", in: world)
        },
        Template(
            "vouched-old-master",
            "the master loses its storage and is vouched for; another one acts (H7)"
        ) {
            stage in
            guard let world = stage.pool(hosts: 3 + stage.chance.below(2)) else { return }
            guard let old = world.actingMaster else { return }
            world.cutStorage(of: old)
            let isTaken = world.run(atMost: world.settings.timing.certainlyDead * 2) {
                ($0.actingMaster ?? old) != old
            }
            stage.expect(isTaken, "another host acts as master", in: world)
            world.run(for: .seconds(10))
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.mend(world)
        },
        Template("blind-master", "the master loses its storage and nobody may take over for a while") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            guard let old = world.actingMaster else { return }
            for host in 0..<3 where host != old { world.freeze(host, for: .seconds(1.8), .engine) }
            world.cutStorage(of: old)
            world.run(for: .seconds(2))
            for host in 0..<3 where host != old { world.cutStorage(of: host) }
            world.run(for: .seconds(15))
            stage.mend(world)
        },
        Template("master-restarts", "the master's daemon restarts while it is moved (H7)") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            for _ in 0..<5 {
                guard let master = world.actingMaster else { break }
                world.crashDaemon(master)
                world.request(.moveMaster(HostIndex((master + 1) % 3)), of: (master + 2) % 3)
                world.run(for: .seconds(9))
            }
            stage.mend(world)
        },
        Template(
            "new-master-gap",
            "the new master's rounds have a gap while it waits to act ([VIEW-6] (iii))"
        ) {
            stage in
            guard let world = stage.pool(hosts: 4) else { return }
            guard let old = world.actingMaster else { return }
            let next = (old + 1) % 4
            world.breakSysrq(old)
            world.cutStorage(of: old)
            for host in 0..<4 where host != old { world.cutLinks(between: old, and: host) }
            world.request(.moveMaster(HostIndex(next)), of: next)
            world.run(atMost: .seconds(12)) { $0.view(of: next).master == HostIndex(next) }
            world.run(for: .seconds(1))
            if stage.chance.oneIn(2) {
                let older = world.slotWrite(of: next)
                world.run(for: .seconds(0.6))
                world.writeAgain(older)
            }
            world.cutStorage(of: next)
            world.run(for: .seconds(2.4))
            world.healStorage(of: next)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.actingMaster != nil, "somebody acts as master", in: world)
            stage.mend(world)
        },
        Template("old-slot-of-master", "the new master's slot goes back to an older epoch ([VIEW-6] (iii))") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            guard let old = world.actingMaster else { return }
            let next = (old + 1) % 3
            let before = world.slotWrite(of: next)
            world.request(.moveMaster(HostIndex(next)), of: next)
            for step in 1...80 {
                world.at(world.now + .milliseconds(50) * step) { $0.writeAgain(before) }
            }
            world.run(for: .seconds(20))
            stage.keeps(world)
            stage.mend(world)
        },
        Template("removed-and-well", "a host that is well learns of a view without it ([VIEW-5])") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            let victim = 1 + stage.chance.below(2)
            world.request(.fence(HostIndex(victim)), of: 0)
            world.run(atMost: .seconds(20)) { !$0.members(of: 0).contains(HostIndex(victim)) }
            world.run(for: .seconds(1.5))
            let fenced = world.saw(on: victim) {
                if case .selfFence(.removedFromView) = $0 { true } else { false }
            }
            stage.expect(fenced, "it fences itself at once", in: world)
            stage.mend(world)
        },
        Template("forgotten-dead", "a host joins just after another one was removed that still lives (H5)") {
            stage in
            guard let world = stage.pool(hosts: 3, .fast, { $0.hosts.provesGuestStop = false }) else {
                return
            }
            world.powerOff(0)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(1, 2)) }
            world.breakSysrq(2)
            // Host 0 waits, for nobody hears it, until host 2 is removed.
            world.cutNetwork(of: 0)
            world.powerOn(0)
            world.run(atMost: .seconds(20)) { $0.obstacle(of: 0) == .notHeard }
            isolate(2, world)
            world.request(.fence(HostIndex(2)), of: 1)
            world.run(atMost: .seconds(5)) { !$0.members(of: 1).contains(HostIndex(2)) }
            world.healNetwork(of: 0)
            world.cutNetwork(of: 2)
            let joined = world.run(atMost: .seconds(20)) { $0.members(of: 0).contains(HostIndex(0)) }
            stage.expect(joined, "the joiner is let in", in: world)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.agrees(on: world.rows(0, 1)), "the two go on without the third", in: world)
            stage.mend(world)
        },
        Template("frozen-joiner", "a joiner stands still when it is let in, is removed, and comes back (H5)")
        { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            let moments: [Interruption.Moment] = [.persist(.held), .openWatchdog, .adoption]
            let stop = world.settings.timing.certainlyDead * 2
            world.interrupt(2, Interruption(before: moments[stage.chance.below(3)], .freeze(stop)))
            world.powerOn(2)
            world.run(atMost: .seconds(40)) { $0.members(of: 0).contains(HostIndex(2)) }
            let first = world.view(of: 0).entries[HostIndex(2)].number
            world.run(for: world.settings.timing.certainlyDead * 4)
            stage.expect(world.runUntilWhole(atMost: .seconds(90)), "the pool becomes whole", in: world)
            let now = world.view(of: 0).entries[HostIndex(2)].number
            stage.expect(now > first, "it is in under a higher number", in: world)
        },
        Template("removed-while-joining", "a joiner stands still while it is let in and removed again (H5)") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            let epoch = world.view(of: 0).epoch
            world.powerOn(2)
            world.run(atMost: .seconds(40)) { $0.slotOnDisk(of: 0).ballotInstance > epoch }
            if stage.chance.oneIn(2) { world.silenceNetwork(of: 2) }
            world.freeze(2, for: stage.chance.span(.seconds(6), world.settings.timing.certainlyDead * 2))
            world.run(for: .seconds(5.5))
            world.healNetwork(of: 2)
            world.run(for: world.settings.timing.certainlyDead * 4)
            stage.mend(world)
        },
        Template("removed-while-down", "a member's daemon restarts, and finds a view without it ([VIEW-5])") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            isolate(1, world)
            world.run(for: stage.chance.span(.seconds(1.4), .seconds(2.2)))
            world.crashDaemon(1)
            world.run(atMost: .seconds(3)) { !$0.members(of: 0).contains(HostIndex(1)) }
            world.healStorage(of: 1)
            world.run(for: .seconds(20))
            stage.mend(world)
        },
        Template("unheard-joiner", "a joiner is not heard by one of the members ([JOIN-1])") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            world.cutLink(from: 2, to: 1)
            world.powerOn(2)
            world.run(for: .seconds(20))
            stage.expect(!world.members(of: 0).contains(HostIndex(2)), "it is not let in", in: world)
            stage.expect(world.obstacle(of: 2) == .notHeard, "it says why", in: world)
            stage.mend(world)
        },
    ]
}
