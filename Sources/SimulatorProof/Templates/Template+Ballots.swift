import LivesetEngine
import PoolModel
import Simulator

/// Situations in which ballots meet, hang, tear and land late ([VIEW-1] to [VIEW-3]).
extension Template {
    static let ballots: [Template] = [
        Template("duel", "several hosts propose different views at once ([SAFE-3])") { stage in
            let pool = stage.pool(hosts: 3 + stage.chance.below(2)) {
                $0.storage.latency = .seconds(0.002)...TimeSpan.seconds(0.04)
            }
            guard let world = pool else { return }
            for _ in 0..<6 {
                fight(world, stage)
                world.run(for: .seconds(6))
            }
            stage.mend(world)
        },
        Template("late-ballots", "ballot writes of a former run land late (H10)") { stage in
            let pool = stage.pool(hosts: 3) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(5)
            }
            guard let world = pool else { return }
            let passing = stage.chance.below(4)
            for host in 0..<2 {
                world.interrupt(host, Interruption(before: .ballotWrite, .stallStorage, passing: passing))
            }
            world.powerOff(2)
            world.run(for: .seconds(6))
            for host in 0..<2 { world.crashDaemon(host) }
            world.run(for: stage.chance.span(.seconds(0.2), .seconds(1)))
            for host in 0..<2 { world.healStorage(of: host) }
            world.run(for: .seconds(30))
            stage.mend(world)
        },
        Template("late-own-ballots", "ballot writes hang, are given up, and land while the run goes on") {
            stage in
            let pool = stage.pool(hosts: 3) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(12)
            }
            guard let world = pool else { return }
            for step in 0..<8 {
                world.request(.moveMaster(HostIndex(step % 3)), of: 0)
                world.interrupt(0, Interruption(before: .ballotWrite, .stallStorage))
                world.run(atMost: .seconds(4)) {
                    $0.saw(on: 0) { if case .fault(.storageStalls, _) = $0 { true } else { false } }
                }
                world.run(for: .seconds(0.7))
                world.healStorage(of: 0)
                world.run(for: stage.chance.span(.seconds(0.4), .seconds(2)))
            }
            world.run(for: .seconds(20))
            stage.mend(world)
        },
        Template("torn-ballots", "proposers lose power in the middle of their ballot writes ([VIEW-3])") {
            stage in
            guard let world = stage.pool(hosts: 3, .fast, { $0.storage.tearsOneIn = 1 }) else { return }
            for step in 0..<4 {
                let host = stage.chance.below(3)
                world.request(.moveMaster(HostIndex((host + step) % 3)), of: host)
                let passing = stage.chance.below(3)
                world.interrupt(host, Interruption(before: .ballotWrite, .stallStorage, passing: passing))
                world.run(for: .seconds(3))
                world.powerOff(host)
                world.run(for: .seconds(3))
                world.powerOn(host)
                world.run(for: .seconds(8))
            }
            stage.mend(world)
        },
        Template("decide-then-stall", "a decider's storage hangs before its view is published (H9)") {
            stage in
            let hosts = 2 + stage.chance.below(3)
            let lands = 1 + stage.chance.below(2)
            guard let world = stage.pool(hosts: hosts, .fast, { $0.storage.lateWriteLandsOneIn = lands })
            else { return }
            for host in 0..<hosts {
                world.interrupt(host, Interruption(before: .publication, .stallStorage))
            }
            world.powerOff(hosts - 1)
            world.run(for: world.settings.timing.certainlyDead)
            if stage.chance.oneIn(2) { world.powerOn(hosts - 1) }
            if stage.chance.oneIn(2) { world.healAllStorage() }
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.mend(world)
        },
        Template(
            "publish-unknown",
            "the write that publishes a view lands, and its answer is lost ([VIEW-2a])"
        ) {
            stage in
            let pool = stage.pool(hosts: 2) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .milliseconds(5)
            }
            guard let world = pool else { return }
            for step in 0..<4 {
                world.interrupt(0, Interruption(before: .publication, .stallStorage))
                world.request(.moveMaster(HostIndex((step + 1) % 2)), of: 0)
                // The other host does not step in, and tells nothing.
                world.freeze(1, for: .seconds(1.8), .engine)
                world.run(for: .seconds(0.8))
                world.healStorage(of: 0)
                world.run(for: .seconds(6))
            }
            stage.mend(world)
        },
        Template(
            "former-ballots",
            "a new run enters an instance in which its former one went further ([VIEW-1])"
        ) {
            stage in
            guard let world = stage.pool(hosts: 2) else { return }
            world.interrupt(0, Interruption(before: .ballotWrite, .stallAfterSlot))
            world.powerOff(1)
            world.run(atMost: .seconds(20)) {
                $0.saw(on: 0) { if case .fault(.storageStalls, _) = $0 { true } else { false } }
            }
            world.run(for: .seconds(0.7))
            world.healStorage(of: 0)
            let second = BallotNumber.none.next(for: HostIndex(0)).next(for: HostIndex(0))
            world.run(atMost: .seconds(10)) { $0.ballotOnDisk(of: 0).mbal >= second }
            world.crashDaemon(0)
            world.interrupt(0, Interruption(before: .flag, .stallAfterSlot))
            world.run(for: .seconds(4))
            world.healStorage(of: 0)
            world.run(for: .seconds(20))
            stage.mend(world)
        },
        Template(
            "outsider-forms",
            "a host outside the last view forms while its members come back ([JOIN-4])"
        ) {
            stage in
            let pool = stage.pool(hosts: 3) {
                $0.storage.latency = .seconds(0.002)...TimeSpan.seconds(0.03)
                $0.hosts.bootTime = .seconds(0.5)...TimeSpan.seconds(1.5)
            }
            guard let world = pool else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            world.powerOff(0)
            world.powerOff(1)
            world.powerOn(2)
            world.run(for: .seconds(20))
            stage.expect(world.obstacle(of: 2) == .notCertified, "it may not form by itself", in: world)
            for host in 0..<3 {
                let passing = stage.chance.below(2)
                world.interrupt(
                    host,
                    Interruption(before: .ballotWrite, .awaitRival(.seconds(4)), passing: passing)
                )
            }
            // They do not hear each other, so what they propose differs; both come to it at about one time.
            for host in 0..<2 {
                world.cutLinks(between: host, and: 2)
                world.request(.confirmOff(HostIndex(host)), of: 2)
            }
            world.run(for: stage.chance.span(.seconds(3.5), .seconds(5.5)))
            for host in 0..<2 { world.powerOn(host) }
            world.run(for: .seconds(60))
            stage.mend(world)
        },
    ]

    /// Hosts propose and stop at their ballots; what they want changes meanwhile.
    private static func fight(_ world: World, _ stage: Stage) {
        let hosts = world.settings.hostCount
        for host in 0..<hosts {
            if stage.chance.oneIn(2) {
                let passing = stage.chance.oneIn(4) ? 0 : 1
                world.interrupt(
                    host,
                    Interruption(before: .ballotWrite, .awaitRival(.seconds(3)), passing: passing)
                )
            }
            if stage.chance.oneIn(3) {
                world.interrupt(host, Interruption(before: .publication, .freeze(.seconds(2.5))))
            }
        }
        let first = stage.chance.below(hosts)
        let second = (first + 1) % hosts
        world.request(.moveMaster(HostIndex(second)), of: first)
        world.run(for: stage.chance.span(.zero, .seconds(0.8)))
        world.request(.moveMaster(HostIndex(stage.chance.below(hosts))), of: second)
    }
}
