import LivesetEngine
import PoolModel

/// The least manager that can do harm: it restarts lost guests by the engine's liveset alone ([ACT-1..3]).
///
/// The pool record is ideal here (written at once, read by all); orders are not: they are late, and a master
/// may be frozen or replaced between deciding and ordering.
extension World {
    func managerLooks(_ host: SimulatedHost) {
        let delay = random.span(.seconds(0.5), .seconds(1.5))
        queue.schedule(.managerLooks, at: time + delay.nanoseconds, host: host.index.row, run: host.run)
        guard isActingMaster(host), !host.isFrozen(.engine, at: time), host.view.state == .active else {
            return
        }
        for guest in guests.placements.indices { place(guest, host) }
    }

    private func place(_ guest: Int, _ master: SimulatedHost) {
        let placement = guests.placements[guest]
        guard let place = placement.host else { return start(guest, master) }
        let entry = master.view.entries[place]
        let mayLive =
            entry.number == placement.number
            && (entry.standing == .member
                || (entry.standing == .removed && !master.certified.contains(place)))
        guard mayLive || entry.number < placement.number else { return start(guest, master) }
        if placement.isRunning { return }
        // An intent without a report: [ACT-3] only what the host itself reports in this epoch counts.
        let target = hosts[place.row]
        guard target.daemonRuns, target.view.epoch == master.view.epoch, target.number == placement.number
        else { return }
        if target.guests & (1 << UInt64(guest)) != 0 {
            passed.insert(.act3Reported)
            guests.placements[guest].isRunning = true
        } else if placement.epoch == master.view.epoch {
            order(guest, to: place, master)
        } else {
            start(guest, master)
        }
    }

    private func start(_ guest: Int, _ master: SimulatedHost) {
        let candidates = hosts.filter {
            master.view.includes($0.index, $0.number) && $0.daemonRuns && !$0.isStorageLost
        }
        guard !candidates.isEmpty else { return }
        let target = candidates[random.below(candidates.count)]
        guests.placements[guest] = GuestPlacement(
            host: target.index,
            number: master.view.entries[target.index].number,
            epoch: master.view.epoch
        )
        order(guest, to: target.index, master)
    }

    private func order(_ guest: Int, to target: HostIndex, _ master: SimulatedHost) {
        note(.guestOrdered(guest: guest, to: target, master.view.epoch), on: master)
        let order = guests.add(StartOrder(guest: guest, epoch: master.view.epoch, master: master.number))
        let longest: TimeSpan = random.oneIn(8) ? settings.timing.certainlyDead : .seconds(0.2)
        let delay = random.span(.zero, longest)
        queue.schedule(.startOrderArrives, at: time + delay.nanoseconds, host: target.row, item: order)
    }

    /// [ACT-1]: the epoch must be the newest known here and the lease current, both in this step.
    func startOrderArrives(_ index: Int, at host: SimulatedHost) {
        let order = guests.orders[index]
        if host.daemonRuns, host.isFrozen(.engine, at: time) {
            queue.schedule(
                .startOrderArrives,
                at: host.frozenUntil.engine + 1,
                host: host.index.row,
                item: index
            )
            return
        }
        guests.orders[index].isInUse = false
        guard host.daemonRuns, !host.fence.isFencing, host.watchdog.isArmed, host.phase == .member,
            host.view.epoch == order.epoch, host.clock.reading(at: time) < host.fence.lease
        else {
            passed.insert(.act1Refused)
            return note(.guestRefused(guest: order.guest), on: host)
        }
        let bit = UInt64(1) << UInt64(order.guest)
        guard host.guests & bit == 0 else { return }
        for other in hosts where other.index != host.index && other.guests & bit != 0 {
            broken("I12", "guest \(order.guest) starts on \(host.index) and still runs on \(other.index)")
        }
        host.guests |= bit
        passed.insert(.act1Started)
        note(.guestStarted(guest: order.guest), on: host)
        feed(.guests(running: true), to: host)
    }
}
