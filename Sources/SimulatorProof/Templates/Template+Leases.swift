import LivesetEngine
import PoolModel
import Simulator

/// Situations in which a lease must end, or must not begin (section 5).
extension Template {
    static let leases: [Template] = [
        Template("crash-loop", "the daemon of a host that is cut off crashes again and again (H8)") { stage in
            let keeps = stage.chance.oneIn(2)
            let pool = stage.pool(hosts: 3) {
                $0.hosts.keepsDescriptor = keeps
                $0.hosts.daemonRestartTime = .seconds(0.05)...TimeSpan.seconds(0.1)
            }
            guard let world = pool else { return }
            let timing = world.settings.timing
            world.breakSysrq(1)
            isolate(1, world)
            for _ in 0..<60 where world.fenceCount(of: 1) == 0 {
                world.crashDaemon(1)
                world.run(for: stage.chance.span(timing.watchdog / 6, timing.watchdog / 3))
            }
            stage.expect(world.fenceCount(of: 1) == 1, "the watchdog ends a crash loop", in: world)
            stage.mend(world)
        },
        Template(
            "crash-and-stop",
            "a daemon crashes; the next run does not start before the watchdog is over"
        ) {
            stage in
            let pool = stage.pool(hosts: 3) {
                $0.hosts.daemonRestartTime = .seconds(1.7)...TimeSpan.seconds(1.95)
            }
            guard let world = pool else { return }
            world.breakSysrq(1)
            isolate(1, world)
            for _ in 0..<12 {
                world.crashDaemon(1)
                world.run(for: .seconds(2))
            }
            stage.expect(world.isCertified(1), "the host that was cut off is certified dead", in: world)
            stage.mend(world)
        },
        Template("fresh-run", "two hosts live on all-lost; the daemon of one restarts (H13)") { stage in
            guard let world = stage.pool(hosts: 2, .fast, { $0.hosts.keepsDescriptor = true }) else { return }
            world.cutAllStorage()
            world.run(for: .seconds(6))
            stage.expect(world.fenceCount == 0, "two hosts without storage live on all-lost", in: world)
            world.crashDaemon(1)
            world.run(for: .seconds(20))
            stage.expect(world.fenceCount == 2, "a run without a good round keeps nobody alive", in: world)
            stage.mend(world)
        },
        Template(
            "restart-without-storage",
            "the daemon of a vouched host restarts, perhaps with one peer only"
        ) {
            stage in
            let keeps = stage.chance.oneIn(2)
            guard let world = stage.pool(hosts: 3, .fast, { $0.hosts.keepsDescriptor = keeps }) else {
                return
            }
            if stage.chance.oneIn(2) { world.cutLinks(between: 1, and: 2) }
            world.cutStorage(of: 1)
            world.run(for: .seconds(8))
            world.crashDaemon(1)
            world.run(for: .seconds(20))
            stage.mend(world)
        },
        Template(
            "alone-unpublished",
            "a host alone decides a view with a second one and cannot know it landed"
        ) {
            stage in
            let pool = stage.pool(hosts: 2) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(1)
                $0.storage.latency = .seconds(0.01)...TimeSpan.seconds(0.03)
            }
            guard let world = pool, alone(world) else { return }
            let decided = world.run(atMost: .seconds(40)) { $0.ballotOnDisk(of: 0).decided.members == $0.all }
            guard stage.expect(decided, "the second host is let in", in: world) else { return }
            let isUnknown = world.members(of: 0) == world.rows(0)
            isolate(0, world)
            world.run(for: world.settings.timing.certainlyDead * 3)
            if isUnknown { stage.expect(world.fenceCount(of: 0) == 1, "the first host ends", in: world) }
        },
        Template(
            "alone-after-restart",
            "as alone-unpublished, and the daemon crashes with the write under way"
        ) {
            stage in
            let keeps = stage.chance.oneIn(2)
            let pool = stage.pool(hosts: 2) {
                $0.hosts.keepsDescriptor = keeps
                $0.hosts.daemonRestartTime = .seconds(0.05)...TimeSpan.seconds(0.1)
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(3)
                $0.storage.latency = .seconds(0.02)...TimeSpan.seconds(0.05)
            }
            guard let world = pool, alone(world) else { return }
            world.interrupt(0, Interruption(before: .publication, .stallStorage))
            world.run(atMost: .seconds(40)) {
                $0.saw(on: 0) { if case .fault(.storageStalls, _) = $0 { true } else { false } }
            }
            world.run(for: .seconds(0.05))
            world.crashDaemon(0)
            world.healStorage(of: 0)
            world.run(atMost: .seconds(2)) { $0.members(of: 0) == $0.rows(0) }
            isolate(0, world)
            world.run(for: world.settings.timing.certainlyDead * 4)
            stage.keeps(world)
        },
        Template(
            "decided-and-silent",
            "a host decides a view without its peer, and the record lands late (H9)"
        ) {
            stage in
            let pool = stage.pool(hosts: 3) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(2)
            }
            guard let world = pool else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            world.breakSysrq(1)
            world.powerOn(2)
            let epoch = world.view(of: 0).epoch
            world.run(atMost: .seconds(40)) { $0.slotOnDisk(of: 0).ballotInstance > epoch }
            // The ballot that lets host 2 in puts host 1 out as well.
            world.request(.fence(HostIndex(1)), of: 0)
            world.interrupt(0, Interruption(before: .publication, .stallStorage))
            world.cutStorage(of: 1)
            world.run(atMost: .seconds(5)) {
                $0.saw(on: 0) { if case .fault(.storageStalls, _) = $0 { true } else { false } }
            }
            world.cutLinks(between: 2, and: 0)
            world.cutLinks(between: 2, and: 1)
            world.run(for: stage.chance.span(.seconds(0.6), .seconds(2)))
            world.failStorage(of: 0)
            world.run(for: world.settings.timing.certainlyDead * 3)
            stage.keeps(world)
        },
        Template("fence-policy", "a host loses its storage, and the setting says fence") { stage in
            guard let world = stage.pool(hosts: 3, configure: { $0.onStorageLoss = .fence }) else { return }
            world.cutStorage(of: 1)
            world.run(for: world.settings.timing.certainlyDead + .seconds(6))
            stage.expect(world.fenced == world.rows(1), "the host without storage fences", in: world)
            stage.mend(world)
        },
        Template("storage-of-two", "one of two hosts loses its storage") { stage in
            guard let world = stage.pool(hosts: 2) else { return }
            world.cutStorage(of: 1)
            world.run(for: world.settings.timing.certainlyDead + .seconds(6))
            stage.expect(world.fenced == world.rows(1), "the host without storage fences", in: world)
            world.run(for: .seconds(15))
            stage.mend(world)
        },
        Template("shrinking-majority", "two of three live on vouches; one of them dies (H18)") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.cutStorage(of: 1)
            world.cutStorage(of: 2)
            world.run(for: .seconds(15))
            world.powerOff(2)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.fenceCount == 0, "the other one stays", in: world)
            stage.mend(world)
        },
        Template("array-gone", "the array is gone, and comes back to each host at another time (H19)") {
            stage in
            guard let world = stage.pool(hosts: 2 + stage.chance.below(2)) else { return }
            world.cutAllStorage()
            world.run(for: stage.chance.span(.seconds(8), .seconds(40)))
            for host in 0..<world.settings.hostCount {
                world.at(world.now + stage.chance.span(.zero, .seconds(25))) { $0.healStorage(of: host) }
            }
            world.run(for: .seconds(50))
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.mend(world)
        },
        Template("late-proof", "a host stops until its lease is over; then the proofs come that waited") {
            stage in
            let pool = stage.pool(hosts: 3) { $0.storage.latency = .seconds(0.05)...TimeSpan.seconds(0.1) }
            guard let world = pool else { return }
            let grace = world.settings.timing.grace
            for _ in 0..<4 {
                world.run(for: stage.chance.span(.zero, .seconds(1)))
                world.freeze(1, for: stage.chance.span(grace - .seconds(0.6), grace), .engine)
                world.run(for: grace * 3)
                stage.mend(world)
            }
        },
        Template("last-two", "of five, three die one by one while one lives on vouches (H18)") { stage in
            guard let world = stage.pool(hosts: 5) else { return }
            world.cutStorage(of: 1)
            world.run(for: .seconds(8))
            for host in [2, 3, 4] {
                world.powerOff(host)
                world.run(for: world.settings.timing.certainlyDead * 2)
            }
            stage.expect(world.fenceCount == 0, "the last two stay", in: world)
            stage.mend(world)
        },
        Template("heard-again", "a host that asks for grants is unheard for a moment, again and again") {
            stage in
            let pool = stage.pool(hosts: 3) { $0.storage.latency = .seconds(0.02)...TimeSpan.seconds(0.1) }
            guard let world = pool else { return }
            world.cutStorage(of: 1)
            world.run(for: .seconds(6))
            for _ in 0..<20 {
                world.cutLink(from: 1, to: 0)
                world.run(for: stage.chance.span(.seconds(1.6), .seconds(2.3)))
                world.healLink(from: 1, to: 0)
                world.run(for: .seconds(2))
            }
            stage.mend(world)
        },
        Template("slow-ballots", "ballots are often read too late for a round, while views change") { stage in
            let pool = stage.pool(hosts: 3) {
                $0.storage.latency = .seconds(0.02)...TimeSpan.seconds(0.15)
            }
            guard let world = pool else { return }
            for step in 0..<10 {
                let next = HostIndex((step + stage.chance.below(2)) % 3)
                world.request(.moveMaster(next), of: stage.chance.below(3))
                world.run(for: .seconds(4))
            }
            stage.mend(world)
        },
    ]

    /// Host 1 loses power, host 0 is alone; then host 1 boots, and the sysrq of 0 is broken.
    private static func alone(_ world: World) -> Bool {
        world.powerOff(1)
        let isAlone = world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0)) }
        world.run(for: .seconds(3))
        world.breakSysrq(0)
        world.powerOn(1)
        return isAlone
    }
}
