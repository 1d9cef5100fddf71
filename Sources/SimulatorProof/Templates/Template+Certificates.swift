import LivesetEngine
import PoolModel
import Simulator

/// Situations in which a certificate must wait ([DEAD-1]): the victim lives as long as it can.
extension Template {
    static let certificates: [Template] = [
        Template(
            "cut-off",
            "a host is cut from storage and network at once, and its sysrq is broken"
        ) { stage in
            guard let world = stage.pool(hosts: 2 + stage.chance.below(2)) else { return }
            world.breakSysrq(1)
            isolate(1, world)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.isCertified(1), "the host that was cut off is certified dead", in: world)
        },
        Template(
            "feed-in-hand",
            "the victim stops between its last check and the feed; then the watchdog takes all its time (H1)"
        ) { stage in
            let choice: TimingChoice = stage.chance.oneIn(3) ? .fast : .conservative
            guard let world = stage.pool(hosts: 2, choice, { $0.hosts.provesGuestStop = false }) else {
                return
            }
            let timing = world.settings.timing
            world.breakSysrq(1)
            isolate(1, world)
            stopBeforeFeed(1, world, stage)
            world.run(for: timing.certainlyDead * 2)
            stage.expect(world.isCertified(1), "the host that was cut off is certified dead", in: world)
        },
        Template(
            "stalled-feed",
            "a stop of more than q between check and feed: the host fences at once ([TIME-1])"
        ) { stage in
            guard let world = stage.pool(hosts: 2) else { return }
            let timing = world.settings.timing
            world.interrupt(1, Interruption(before: .feed, .freeze(timing.feedPeriod + .milliseconds(200))))
            world.run(for: timing.feedPeriod * 4)
            let fenced = world.saw(on: 1) { if case .selfFence(.stalledFeed) = $0 { true } else { false } }
            stage.expect(fenced, "a late feed is followed by a self-fence", in: world)
            stage.mend(world)
        },
        Template(
            "slow-read",
            "rounds take long while a host dies: the read that certifies was issued early enough ([TIME-2])"
        ) { stage in
            let pool = stage.pool(hosts: 2) {
                $0.storage.latency = .seconds(0.03)...TimeSpan.seconds(0.1)
            }
            guard let world = pool else { return }
            for _ in 0..<3 {
                world.powerOff(1)
                world.run(for: world.settings.timing.certainlyDead * 2)
                stage.expect(world.isCertified(1), "the host without power is certified dead", in: world)
                stage.mend(world)
            }
        },
        Template(
            "goes-back",
            "the certifier is blind for a while, and the victim's slot goes back to what it saw before (H4)"
        ) { stage in
            guard let world = stage.pool(hosts: 3, .fast, { $0.hosts.provesGuestStop = false }) else {
                return
            }
            world.breakSysrq(2)
            world.run(for: stage.chance.span(.zero, .seconds(0.5)))
            world.cutStorage(of: 0)
            let old = world.slotWrite(of: 2)
            world.run(for: .seconds(10))
            isolate(2, world)
            world.cutStorage(of: 1)
            world.writeAgain(old)
            world.run(for: .milliseconds(20))
            world.healStorage(of: 0)
            world.run(for: .seconds(0.5))
            world.healStorage(of: 1)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.isCertified(2), "the host that was cut off is certified dead", in: world)
        },
        Template(
            "blind-in-hold",
            "as goes-back, during a hold, where the certifier promised nothing to the victim's present run"
        ) { stage in
            let pool = stage.pool(hosts: 3, .conservative) { $0.hosts.provesGuestStop = false }
            guard let world = pool else { return }
            let timing = world.settings.timing
            world.breakSysrq(2)
            world.cutAllNetwork(carrierGone: false)
            world.run(for: timing.networkTimeout * 4)
            world.crashDaemon(2)
            world.run(for: timing.certainlyDead + stage.chance.span(.zero, .seconds(2)))
            world.cutStorage(of: 0)
            let old = world.slotWrite(of: 2)
            world.run(for: timing.networkTimeout - .seconds(2.5))
            world.cutStorage(of: 2)
            world.writeAgain(old)
            world.run(for: .milliseconds(20))
            world.healStorage(of: 0)
            stopBeforeFeed(2, world, stage)
            world.run(for: timing.certainlyDead * 2)
            stage.expect(world.isCertified(2), "the host without storage is certified dead", in: world)
        },
        Template(
            "written-again",
            "the path executes one slot write of the victim again and again (H4)"
        ) { stage in
            guard let world = stage.pool(hosts: 3, configure: { $0.pathMayRepeatWrites = true }) else {
                return
            }
            world.breakSysrq(2)
            let old = world.slotWrite(of: 2)
            for step in 1...400 {
                world.at(world.now + .milliseconds(25) * step) { $0.writeAgain(old) }
            }
            world.run(for: .seconds(9.9))
            isolate(2, world)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.isCertified(2), "the host that was cut off is certified dead", in: world)
        },
        Template(
            "spoilt-slot",
            "the victim's slot becomes unreadable after each of its rounds"
        ) { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.breakSysrq(2)
            for step in 1...400 {
                world.at(world.now + .milliseconds(25) * step) { $0.spoilSlot(of: 2) }
            }
            world.run(for: .seconds(9.9))
            isolate(2, world)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.expect(world.isCertified(2), "the host that was cut off is certified dead", in: world)
        },
    ]

    /// The host stops between the last check of its lease and the feed, for as long as its watchdog lets it.
    static func stopBeforeFeed(_ host: Int, _ world: World, _ stage: Stage) {
        let longest = world.settings.timing.watchdog - world.settings.timing.feedPeriod
        stopBeforeFeed(host, world, for: stage.chance.span(longest - .milliseconds(150), longest))
    }

    static func stopBeforeFeed(_ host: Int, _ world: World, for stop: TimeSpan) {
        let timing = world.settings.timing
        world.run(atMost: timing.grace * 2) {
            $0.leaseLeft(of: host) <= timing.feedPeriod && $0.leaseLeft(of: host) > .zero
        }
        world.interrupt(host, Interruption(before: .feed, .freeze(stop)))
    }

    /// Nothing gets in or out of a host, neither datagrams nor I/O.
    static func isolate(_ host: Int, _ world: World) {
        world.cutStorage(of: host)
        world.cutNetwork(of: host)
    }
}

extension World {
    /// Whether any host certified `host` dead.
    func isCertified(_ host: Int) -> Bool { certificates.contains { $0.host.row == host } }

    /// The set of these rows.
    func rows(_ rows: Int...) -> HostSet {
        var set = HostSet()
        for row in rows { set.insert(HostIndex(row)) }
        return set
    }
}
