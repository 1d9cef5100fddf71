import LivesetEngine
import PoolModel
import Simulator

/// Situations in which the victim lives on what others promised ([DEAD-1] (b) and (c), [LEASE-M], [LEASE-A]).
extension Template {
    static let promises: [Template] = [
        Template("last-grant", "a certifier that never granted waits for the grants of the others (H2)") {
            stage in
            guard let world = vouched(stage) else { return }
            remove(4, by: 0, world)
            stage.expect(world.isCertified(4), "the victim is certified in the end", in: world)
        },
        Template(
            "hidden-vouch",
            "one voucher cannot write, another stands still, while the victim is put out (H2)"
        ) {
            stage in
            guard let world = vouched(stage) else { return }
            let stop = world.settings.timing.watchdog - .milliseconds(100)
            world.freeze(2, for: stop, [.storage, .engine])
            let passing = stage.chance.below(5)
            world.interrupt(1, Interruption(before: .round, .stallStorage, passing: passing))
            world.interrupt(3, Interruption(before: .send, .freeze(stop), passing: passing))
            world.at(world.now + world.settings.timing.grace) { $0.healStorage(of: 1) }
            remove(4, by: 0, world)
            stage.expect(world.isCertified(4), "the victim is certified in the end", in: world)
        },
        Template("voucher-crashes", "the vouchers' daemons crash between grant and slot in the new view (E)")
        {
            stage in
            let restart = stage.chance.span(.seconds(0.05), .seconds(0.4))
            guard let world = vouched(stage, { $0.hosts.daemonRestartTime = restart...restart }) else {
                return
            }
            let moments: [Interruption.Moment] = [.adoption, .round, .send]
            for voucher in [0, 1, 3] {
                let moment = moments[stage.chance.below(3)]
                world.interrupt(voucher, Interruption(before: moment, .crashDaemon))
            }
            remove(4, by: 2, world)
            stage.expect(world.isCertified(4), "the victim is certified in the end", in: world)
        },
        Template(
            "watcher",
            "a joiner that watched two hosts live on all-lost adopts and has to certify one (H3)"
        ) {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            let timing = world.settings.timing
            world.powerOff(0)
            world.run(atMost: timing.certainlyDead * 3) { $0.agrees(on: $0.rows(1, 2)) }
            world.run(for: .seconds(5))
            world.breakSysrq(2)
            world.cutStorage(of: 1)
            world.cutStorage(of: 2)
            world.powerOn(0)
            world.run(for: timing.certainlyDead * 2)
            stage.expect(world.fenceCount == 0, "two hosts without storage live on all-lost", in: world)
            world.healStorage(of: 1)
            world.run(for: stage.chance.span(.zero, .seconds(1.5)))
            remove(2, by: 1, world)
            world.run(for: timing.certainlyDead)
            stage.expect(world.agrees(on: world.rows(0, 1)), "the other two go on", in: world)
        },
        Template("own-word", "the certifier itself was the last to promise something to the victim") {
            stage in
            guard let world = stage.pool(hosts: 2) else { return }
            world.breakSysrq(1)
            world.cutAllStorage()
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.fenceCount == 0, "two hosts without storage live on all-lost", in: world)
            world.healStorage(of: 0)
            world.run(for: stage.chance.span(.zero, .seconds(0.6)))
            remove(1, by: 0, world)
            stage.expect(world.isCertified(1), "the victim is certified in the end", in: world)
        },
        Template("only-grant", "the certifier is the only one with storage, and two live on its grants") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.breakSysrq(2)
            world.cutStorage(of: 1)
            world.cutStorage(of: 2)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.fenceCount == 0, "two live on the grants of the third", in: world)
            remove(2, by: 0, world)
            stage.expect(world.isCertified(2), "the victim is certified in the end", in: world)
        },
        Template(
            "some-all-lost",
            "two of three lost their storage, and the third, which has it, hears neither"
        ) {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            for host in 1...2 {
                world.cutLinks(between: 0, and: host)
                world.cutStorage(of: host)
            }
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.fenced == world.rows(1, 2), "the two end", in: world)
            stage.mend(world)
        },
        Template("late-grants", "datagrams are late while hosts live on vouches ([TIME-2])") { stage in
            let pool = stage.pool(hosts: 3 + stage.chance.below(2)) {
                $0.network.delaysOneIn = 3
                $0.network.latestArrival = .seconds(3)
            }
            guard let world = pool else { return }
            world.breakSysrq(1)
            world.cutStorage(of: 1)
            for step in 0..<6 {
                world.request(.moveMaster(HostIndex(step % 2 * 2)), of: 0)
                world.run(for: .seconds(5))
            }
            world.request(.fence(HostIndex(1)), of: 0)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.keeps(world)
        },
        Template("voucher-without-storage", "a voucher loses its storage as well") { stage in
            guard let world = stage.pool(hosts: 4) else { return }
            world.cutStorage(of: 2)
            world.run(for: .seconds(10))
            world.cutStorage(of: 1)
            world.run(for: .seconds(15))
            stage.expect(world.fenceCount == 0, "both live on the vouches of the rest", in: world)
            stage.mend(world)
        },
        Template("late-check", "a voucher stops for almost W and goes on with a request in hand (H12)") {
            stage in
            guard let world = stage.pool(hosts: 3 + stage.chance.below(2)) else { return }
            let stop = world.settings.timing.watchdog - .milliseconds(60)
            world.cutStorage(of: 1)
            world.run(for: .seconds(6))
            for _ in 0..<8 {
                let voucher = stage.chance.oneIn(2) ? 0 : 2
                world.run(for: stage.chance.span(.zero, .seconds(0.6)))
                let threads: HostThreads = stage.chance.oneIn(2) ? .all : [.engine, .storage]
                world.freeze(voucher, for: stage.chance.span(stop * 3 / 4, stop), threads)
                world.run(for: .seconds(6))
            }
            stage.mend(world)
        },
        Template("grant-in-hand", "a grant was composed before a stop, and goes out after the removal (H12)")
        {
            stage in
            guard let world = stage.pool(hosts: 4) else { return }
            let stop = world.settings.timing.watchdog - .milliseconds(50)
            world.breakSysrq(3)
            world.cutStorage(of: 3)
            world.run(for: world.settings.timing.grace)
            let passing = stage.chance.below(4)
            world.interrupt(0, Interruption(before: .send, .freeze(stop), passing: passing))
            world.cutLinks(between: 3, and: 1)
            world.cutLinks(between: 3, and: 2)
            remove(3, by: 1, world)
            stage.expect(world.isCertified(3), "the victim is certified in the end", in: world)
        },
    ]

    /// Five hosts; 4 lost its storage and lives on vouches, its sysrq is broken, and 2 does not hear it.
    private static func vouched(_ stage: Stage, _ change: (inout WorldSettings) -> Void = { _ in }) -> World?
    {
        guard let world = stage.pool(hosts: 5, .fast, change) else { return nil }
        world.breakSysrq(4)
        world.cutStorage(of: 4)
        world.cutLinks(between: 4, and: 2)
        world.run(for: world.settings.timing.certainlyDead * 2)
        let lives = world.fenceCount(of: 4) == 0
        return stage.expect(lives, "the host without storage lives on vouches", in: world) ? world : nil
    }

    /// An operator has `victim` put out; then nobody can reach it any more.
    private static func remove(_ victim: Int, by host: Int, _ world: World) {
        world.request(.fence(HostIndex(victim)), of: host)
        world.run(atMost: .seconds(20)) { !$0.members(of: host).contains(HostIndex(victim)) }
        world.cutNetwork(of: victim)
        world.run(for: world.settings.timing.certainlyDead * 2)
    }
}
