import LivesetEngine
import PoolModel
import Simulator

/// What operators do, and full outages ([JOIN-3], [JOIN-4], [LEAVE-1], [LEAVE-2], [DEAD-4], [FAULT-8]).
extension Template {
    static let operators: [Template] = [
        Template("leave", "a host leaves cleanly and comes back; so does the last one ([LEAVE-1])") { stage in
            let hosts = 1 + stage.chance.below(3)
            guard let world = stage.pool(hosts: hosts) else { return }
            world.request(.leave, of: hosts - 1)
            world.run(for: .seconds(20))
            stage.expect(world.phase(of: hosts - 1) == .left, "it left", in: world)
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.mend(world)
        },
        Template("disable", "the pool is disabled, with a host that must be waited for or not ([LEAVE-2])") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            if stage.chance.oneIn(2) { world.cutStorage(of: 2) }
            world.run(for: .seconds(8))
            let isSilent = stage.chance.oneIn(2)
            if isSilent { world.freeze(1, for: .seconds(3.5), .engine) }
            world.request(.disable, of: 0)
            world.run(atMost: .seconds(20)) { $0.view(of: 0).state == .disabled }
            if isSilent { world.powerOff(1) }
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.expect(!world.isArmed(0), "the host is disarmed", in: world)
            if stage.chance.oneIn(2) {
                world.healEverything()
            } else {
                // Nobody starts the daemons anew: the disabled ones take new numbers by themselves.
                for host in 0..<3 { world.powerOn(host) }
                world.healAllStorage()
            }
            world.run(for: .seconds(20))
            for host in 0..<3 { world.request(.enable, of: host) }
            stage.expect(world.runUntilWhole(atMost: .seconds(90)), "it is enabled anew", in: world)
        },
        Template("enabling-fails", "a host dies while the pool is enabled for the first time ([JOIN-3])") {
            stage in
            // Some hosts take long to record that they are held, and cannot adopt before that.
            let world = stage.world(
                hosts: 3,
                .fast,
                { $0.hosts.persistTime = .seconds(0.5)...TimeSpan.seconds(25) },
                configure: { $0.enableTimeout = .seconds(6) }
            )
            let formed = world.run(atMost: .seconds(90)) { $0.view(of: 1).epoch > .zero }
            guard stage.expect(formed, "the first view is adopted", in: world) else { return }
            if stage.chance.oneIn(2) {
                isolate(1, world)
                world.run(for: .seconds(12))
            }
            world.run(for: .seconds(60))
            let isDecided = world.view(of: 0).state == .disabled || world.view(of: 0).state == .active
            stage.expect(isDecided, "the pool is active or disabled in the end", in: world)
        },
        Template("unguarded", "a host is disarmed alone, and then lost ([LEAVE-2])") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.setGuests(1, running: true)
            if stage.chance.oneIn(2) { world.cutStorage(of: 1) }
            world.request(.emergencyDisable, of: 1)
            world.run(for: .seconds(3))
            stage.expect(!world.isArmed(1), "it is disarmed", in: world)
            isolate(1, world)
            world.run(for: world.settings.timing.certainlyDead * 3)
            stage.keeps(world)
            world.powerOff(1)
            world.request(.confirmOff(HostIndex(1)), of: 0)
            world.run(for: .seconds(2))
            world.powerOn(1)
            stage.mend(world)
        },
        Template("unguarded-alone", "a host alone without storage is disarmed ([LEAVE-2])") { stage in
            guard let world = stage.pool(hosts: 1) else { return }
            world.cutStorage(of: 0)
            world.run(for: .seconds(1))
            world.request(.emergencyDisable, of: 0)
            world.run(for: .seconds(4))
            stage.expect(!world.isArmed(0), "it is disarmed", in: world)
            world.powerOff(0)
            stage.mend(world)
        },
        Template("confirmed", "an agent or the operator confirms that a host is dead ([DEAD-4], [DEAD-5])") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(1)
            world.run(for: .seconds(1))
            world.request(
                stage.chance.oneIn(2) ? .confirmOff(HostIndex(1)) : .confirmDead(HostIndex(1)),
                of: 0
            )
            world.run(for: .seconds(5))
            stage.expect(world.isCertified(1), "it is certified at once", in: world)
            stage.mend(world)
        },
        Template("full-outage", "all hosts lose power and come back, or all but one ([JOIN-4])") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            for host in 0..<3 { world.powerOff(host) }
            world.run(for: .seconds(2))
            world.powerOn(0)
            world.powerOn(1)
            if stage.chance.oneIn(2) { world.powerOn(2) }
            world.run(for: world.settings.timing.certainlyDead * 3)
            stage.expect(world.actingMaster != nil, "somebody acts as master", in: world)
            stage.mend(world)
        },
        Template("outage-at-admission", "all lose power just after one was let in that never armed (0007)") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            world.interrupt(2, Interruption(before: .persist(.held), .powerOff))
            world.powerOn(2)
            world.run(atMost: .seconds(40)) { $0.members(of: 0).contains(HostIndex(2)) }
            world.run(for: .seconds(0.3))
            world.powerOff(0)
            world.powerOff(1)
            world.run(for: .seconds(2))
            world.powerOn(0)
            world.powerOn(1)
            world.run(for: world.settings.timing.certainlyDead * 4)
            stage.expect(world.actingMaster != nil, "somebody acts as master", in: world)
            stage.mend(world)
        },
        Template("outsider", "a host outside the last view waits, or is forced or confirmed in ([JOIN-4])") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            let reboots = stage.chance.oneIn(2)
            world.powerOff(0)
            world.powerOff(1)
            world.powerOn(2)
            if reboots {
                // The members join anew, cut off from each other: a new boot certifies, and does not serve.
                for host in 0..<2 { world.cutLinks(between: host, and: 2) }
                world.cutLinks(between: 0, and: 1)
                world.cutStorage(of: 1)
                world.powerOn(0)
                world.powerOn(1)
            }
            world.run(for: .seconds(20))
            stage.expect(world.obstacle(of: 2) != nil, "it waits", in: world)
            world.powerOff(0)
            world.powerOff(1)
            world.run(for: .seconds(1))
            // A host that is certified already is not certified again, by whatever clause.
            if reboots || stage.chance.oneIn(2) {
                world.request(.forceForm, of: 2)
            } else {
                for host in 0..<2 { world.request(.confirmOff(HostIndex(host)), of: 2) }
            }
            world.run(for: .seconds(30))
            stage.expect(world.members(of: 2).contains(HostIndex(2)), "then it forms", in: world)
            stage.mend(world)
        },
        Template("held-out", "a host that fenced itself too often stays out until it is let in ([FAULT-8])") {
            stage in
            guard let world = stage.pool(hosts: 3, .fast, { $0.hosts.selfFenceLimit = 1 }) else { return }
            world.request(.fence(HostIndex(1)), of: 1)
            world.run(for: .seconds(30))
            stage.expect(world.obstacle(of: 1) == .heldOut, "it stays out", in: world)
            world.request(.clearHoldOut, of: 1)
            world.run(for: .seconds(20))
            stage.expect(world.members(of: 0).contains(HostIndex(1)), "it comes in", in: world)
        },
        Template(
            "no-statefile",
            "a host starts without the statefile, or with writes of a former life under way"
        ) {
            stage in
            let pool = stage.pool(hosts: 3) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(15)
                $0.hosts.bootTime = .seconds(0.5)...TimeSpan.seconds(1)
            }
            guard let world = pool else { return }
            world.cutStorage(of: 1)
            world.run(for: .seconds(1))
            if stage.chance.oneIn(2) { world.reboot(1) } else { world.crashDaemon(1) }
            world.run(for: stage.chance.span(.seconds(0.5), .seconds(7)))
            world.healStorage(of: 1)
            world.run(for: .seconds(20))
            stage.mend(world)
        },
    ]
}
