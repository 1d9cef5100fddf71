import LivesetEngine
import PoolModel
import Simulator

/// Situations in which hosts have former lives ([INC-1], [DEAD-2], [DEAD-3], [JOIN-1]).
extension Template {
    static let lives: [Template] = [
        Template("late-datagrams", "datagrams of an earlier boot arrive late (H6)") { stage in
            let pool = stage.pool(hosts: 3) {
                $0.network.delaysOneIn = 12
                $0.network.latestArrival = .seconds(30)
                $0.hosts.bootTime = .seconds(0.5)...TimeSpan.seconds(1)
            }
            guard let world = pool else { return }
            world.reboot(1)
            world.runUntilWhole(atMost: .seconds(60))
            world.run(for: .seconds(40))
            stage.expect(world.fenceCount == 0, "nobody fences", in: world)
            stage.mend(world)
        },
        Template("late-writes", "slot writes of an earlier boot land late (H6)") { stage in
            let pool = stage.pool(hosts: 3) {
                $0.storage.lateWriteLandsOneIn = 1
                $0.storage.latestLanding = .seconds(15)
                $0.hosts.bootTime = .seconds(0.5)...TimeSpan.seconds(1)
            }
            guard let world = pool else { return }
            for _ in 0..<3 {
                world.cutStorage(of: 1)
                world.run(for: .seconds(2))
                world.reboot(1)
                world.run(for: .seconds(0.2))
                world.healStorage(of: 1)
                world.run(for: .seconds(5))
            }
            stage.mend(world)
            world.run(for: .seconds(20))
            stage.keeps(world)
        },
        Template("old-slot", "a slot of an earlier life stands on the disk again (H6)") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            let old = world.slotWrite(of: 1)
            world.reboot(1)
            world.runUntilWhole(atMost: .seconds(60))
            for step in 1...20 {
                world.at(world.now + .milliseconds(100) * step) { $0.writeAgain(old) }
            }
            world.run(for: .seconds(20))
            stage.keeps(world)
            stage.mend(world)
        },
        Template("held-in-file", "a joiner adopts and crashes while its slot still says joining (E)") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            world.powerOn(2)
            let leased = world.run(atMost: .seconds(40)) { $0.leaseLeft(of: 2) > .zero }
            guard stage.expect(leased, "the joiner has a lease", in: world) else { return }
            world.cutStorage(of: 2)
            world.setGuests(2, running: true)
            world.cutNetwork(of: 2)
            world.crashDaemon(2)
            world.run(for: stage.chance.span(.seconds(0.2), .seconds(1.6)))
            world.healStorage(of: 2)
            world.run(for: world.settings.timing.certainlyDead * 2)
            stage.mend(world)
        },
        Template("file-fails", "the own file of a joiner cannot be written, at the first or second time") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            if stage.chance.oneIn(2) { world.failNextPersist(2) }
            world.powerOn(2)
            world.run(atMost: .seconds(30)) { $0.phase(of: 2) == .joining }
            world.failNextPersist(2)
            world.run(for: .seconds(40))
            stage.expect(world.runUntilWhole(atMost: .seconds(60)), "it comes in all the same", in: world)
        },
        Template("file-unreadable", "the own file cannot be read after a crash: it counts as held ([INC-1])")
        { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            let number = world.number(of: 1)
            world.loseFile(of: 1)
            world.crashDaemon(1)
            world.run(for: .seconds(10))
            stage.expect(world.number(of: 1) == number, "it keeps its number", in: world)
            stage.mend(world)
        },
        Template("spent-fails", "a host that fences itself cannot record its number as spent") { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.failNextPersist(1)
            world.request(.fence(HostIndex(1)), of: 1)
            world.run(for: .seconds(30))
            stage.mend(world)
        },
        Template("fenced-and-back", "a host fences itself with a tombstone, and comes back ([DEAD-2])") {
            stage in
            guard let world = stage.pool(hosts: 2 + stage.chance.below(2)) else { return }
            if stage.chance.oneIn(2) { world.cutStorage(of: 1) }
            world.request(.fence(HostIndex(1)), of: stage.chance.below(2))
            world.run(for: .seconds(4))
            world.healStorage(of: 1)
            world.run(for: .seconds(30))
            stage.mend(world)
            world.run(for: .seconds(10))
            stage.keeps(world)
        },
        Template("unproven-stop", "a host that fences itself cannot prove that its guests are stopped") {
            stage in
            guard let world = stage.pool(hosts: 3, .fast, { $0.hosts.provesGuestStop = false }) else {
                return
            }
            world.request(.fence(HostIndex(1)), of: 1)
            world.run(for: .seconds(30))
            stage.mend(world)
        },
        Template("watchdog-fails", "the watchdog of a joiner does not open, or that of a restarted member") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            world.failWatchdog(2)
            world.powerOn(2)
            world.run(for: .seconds(40))
            stage.mend(world)
            world.failWatchdog(1)
            world.crashDaemon(1)
            world.run(for: .seconds(10))
            stage.mend(world)
        },
        Template("read-back", "the watchdog takes another W than it is asked for ([LEASE-G], [JOIN-1])") {
            stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            let isLonger = stage.chance.oneIn(2)
            world.setWatchdogReadBack(2, isLonger ? .seconds(5) : .seconds(1))
            world.powerOn(2)
            world.run(for: .seconds(40))
            let isIn = world.view(of: 2).epoch > .zero
            stage.expect(isIn != isLonger, "a shorter W is taken, a longer one refused", in: world)
            world.setWatchdogReadBack(2, nil)
            stage.mend(world)
        },
        Template("taken-back", "the admission of a joiner is taken back while its watchdog opens ([JOIN-1])")
        { stage in
            guard let world = stage.pool(hosts: 3) else { return }
            world.powerOff(2)
            world.run(atMost: .seconds(40)) { $0.agrees(on: $0.rows(0, 1)) }
            let stop = stage.chance.span(.seconds(4), .seconds(9))
            world.interrupt(2, Interruption(before: .openWatchdog, .freeze(stop)))
            world.powerOn(2)
            world.run(atMost: .seconds(40)) { $0.members(of: 0).contains(HostIndex(2)) }
            world.request(.fence(HostIndex(2)), of: 0)
            world.run(for: .seconds(40))
            stage.mend(world)
        },
    ]
}
