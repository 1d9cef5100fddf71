import ControlPlane
import PoolModel

extension PoolWorld {
    // MARK: The managers

    mutating func startManager(_ host: Int) {
        guard hosts[host].isUp, hosts[host].core == nil, hosts[host].hasStorage else { return }
        // [VIEW-3]: the own area is used again only once no write of a former life can land any more.
        while let index = late.firstIndex(where: { $0.host == host }) { settleLate(index) }
        let content = readArea(host)
        switch content {
        case .payload(let sequence, let payload):
            hosts[host].sequence = sequence
            hosts[host].newestCopy =
                areas[host].firstIndex { $0?.sequence == sequence && $0?.payload == payload } ?? 0
        case .damaged: hosts[host].sequence = UInt64(seconds * 1000)
        case .blank: break
        }
        let boot = "\(hosts[host].boot)"
        hosts[host].core = ManagerCore(host: host, boot: boot, content: content, budgetBytes: 1 << 20)
        (hosts[host].snapshot, hosts[host].reading, hosts[host].write) = (nil, nil, nil)
    }

    /// The manager's process ends; its guests go on, its write lands or does not before the next one starts.
    mutating func stopManager(_ host: Int) {
        guard hosts[host].core != nil else { return }
        if let write = hosts[host].write {
            switch Int.random(in: 0..<3, using: &chance) {
            case 0: land(write)
            case 1: land(write, torn: true)
            default: break
            }
        }
        (hosts[host].core, hosts[host].write, hosts[host].reading) = (nil, nil, nil)
    }

    /// The storage thread: begins a reading, or finishes the one begun, whose first rows are as old as its
    /// beginning.
    mutating func read(_ host: Int) {
        guard hosts[host].hasStorage, hosts[host].core != nil else { return }
        if var reading = hosts[host].reading {
            guard chance.happens(hosts[host].isSlow ? 5 : 60) else { return }
            for row in reading.areas.indices where row >= 1 && chance.happens(50) {
                reading.areas[row] = readArea(row)
            }
            hosts[host].reading = nil
            let instant = now
            hosts[host].core?.learn(reading, now: instant)
        } else if let number = hosts[host].core?.beginReading() {
            hosts[host].reading = AreaReading(number: number, areas: hosts.indices.map { readArea($0) })
        }
    }

    /// The write under way ends: well, or with an error although it landed or not.
    mutating func endWrite(_ host: Int) {
        guard let write = hosts[host].write else { return }
        hosts[host].write = nil
        let kind = hosts[host].hasStorage ? Int.random(in: 0..<10, using: &chance) : 9
        switch kind {
        case 0..<7:
            land(write)
            hosts[host].newestCopy = write.copy
            hosts[host].core?.writeEnded(succeeded: true)
        case 7:
            land(write)
            hosts[host].core?.writeEnded(succeeded: false)
        case 8:
            land(write, torn: true)
            hosts[host].core?.writeEnded(succeeded: false)
        default: hosts[host].core?.writeEnded(succeeded: false)
        }
    }

    /// The daemon's answer is taken now and used by a later turn.
    mutating func poll(_ host: Int) { if hosts[host].isUp { hosts[host].snapshot = snapshot(of: host) } }

    /// One turn of the manager's loop, as `ManagerLoop` does it.
    mutating func turn(_ host: Int) {
        guard var core = hosts[host].core, hosts[host].isUp else { return }
        if chance.happens(70) { poll(host) }
        if let snapshot = hosts[host].snapshot { core.learn(snapshot) }
        for (name, intent, wasStopped) in hosts[host].ends {
            core.ended(name, intent, wasStopped: wasStopped, ranSeconds: 100, "ended")
        }
        hosts[host].ends = []
        for action in core.actions(listed(host)) { carryOut(action, host, &core) }
        core.turn(listed(host), totalMiB: 1000, now: now, wallSeconds: Int64(seconds))
        for request in core.requests where core.answer(to: request.id) != nil { core.forget(request.id) }
        restarts += core.takeJournal().filter { if case .order = $0 { true } else { false } }.count
        if hosts[host].write == nil, let write = core.nextWrite() {
            hosts[host].sequence += 1
            // Any copy but the newest acknowledged one.
            let copy = (hosts[host].newestCopy + 1 + Int(hosts[host].sequence % 3)) % 4
            hosts[host].write = WorldWrite(
                host: host,
                copy: copy,
                sequence: hosts[host].sequence,
                payload: write.payload
            )
        }
        hosts[host].core = core
    }

    private func listed(_ host: Int) -> [ListedGuest] {
        hosts[host].guests.values.sorted { $0.guest.name < $1.guest.name }
    }

    private mutating func carryOut(_ action: AgentAction, _ host: Int, _ core: inout ManagerCore) {
        switch action {
        case .start(let task):
            // Views may go on while the start is prepared.
            if chance.happens(20) { adopt(host) }
            guard hosts[host].isUp else { return }
            guard permits(host, task), hosts[host].guests[task.machine] == nil else {
                core.refused(task.machine, "refused")
                return
            }
            if chance.happens(15) {
                core.failed(task.machine, task.intent, "did not start")
            } else {
                let guest = RunningGuest(
                    name: task.machine,
                    intent: task.intent,
                    state: .running,
                    memoryMiB: task.memoryMiB,
                    detail: "pid"
                )
                hosts[host].guests[task.machine] = ListedGuest(guest: guest, number: task.number)
            }
        case .stop(let machine, _, _), .kill(let machine, _):
            end(machine, host, wasStopped: true)
        }
    }

    mutating func end(_ machine: String, _ host: Int, wasStopped: Bool) {
        guard let listed = hosts[host].guests.removeValue(forKey: machine) else { return }
        hosts[host].ends.append((machine, listed.guest.intent, wasStopped))
    }

    mutating func ask(_ host: Int, _ kind: ManagerRequest.Kind) {
        requests += 1
        _ = hosts[host].core?.ask(ManagerRequest(id: "q\(requests)", by: "op", kind: kind))
    }

    // MARK: Time

    /// Hosts that are up and run the machine: more than one is the catastrophe.
    func runners(_ machine: String) -> [Int] {
        hosts.indices.filter { hosts[$0].isUp && hosts[$0].guests[machine] != nil }
    }

    /// One random thing happens.
    mutating func step(faults: Bool) {
        seconds += 0.3
        let host = Int.random(in: hosts.indices, using: &chance)
        switch temper.next(faults: faults, &chance) {
        case .turn:
            turn(host)
            if chance.happens(40) { endWrite(host) }
        case .read:
            read(host)
            if !hosts[host].isSlow, chance.happens(60) { read(host) }
        case .endWrite: endWrite(host)
        case .adopt: adopt(host)
        case .startManager: startManager(host)
        case .certify: certify()
        case .changeView: if faults { changeView() } else { changeViewIfDead() }
        case .die: die(host)
        case .boot: boot(host)
        case .stopManager: stopManager(host)
        case .storage: hosts[host].hasStorage = !faults || chance.happens(85)
        case .guestEnds:
            if let guest = chance.pick(hosts[host].guests.keys.sorted()) {
                end(guest, host, wasStopped: false)
            }
        case .lateWrite: if let index = late.indices.randomElement(using: &chance) { settleLate(index) }
        case .poll: poll(host)
        case .operate: operate(host)
        case .deafen: hosts[host].isDeaf = faults && chance.happens(15)
        case .slow: hosts[host].isSlow = faults && chance.happens(30)
        case .rot: if hosts[host].core == nil || chance.happens(30) { rot(host) }
        }
    }

    /// Without faults the daemons only remove who is dead and let in who waits.
    private mutating func changeViewIfDead() {
        let view = newest
        let lost = view.members.contains { isDead($0.key, $0.value) }
        let waits = hosts.indices.contains { hosts[$0].isUp && view.members[$0] != hosts[$0].number }
        if lost || waits { changeView() }
    }

    private mutating func operate(_ host: Int) {
        let name = "m\(Int.random(in: 0..<5, using: &chance))"
        ask(
            host,
            chance.happens(30)
                ? .stop(name: name, isForced: chance.happens(50)) : .start(name: name, host: nil)
        )
    }

    /// All faults end: everybody is up, certified, in one view with one master, with a manager.
    mutating func heal() {
        for host in hosts.indices {
            boot(host)
            (hosts[host].hasStorage, hosts[host].isDeaf, hosts[host].isSlow) = (true, false, false)
            if !isMember(host) || newest.members[host] != hosts[host].number,
                newest.epoch != hosts[host].epoch
            {
                adopt(host)
            }
            boot(host)
        }
        let members = Dictionary(uniqueKeysWithValues: hosts.indices.map { ($0, hosts[$0].number) })
        for host in hosts.indices { certified[host] = hosts[host].number - 1 }
        let master = newest.members[newest.master] == members[newest.master] ? newest.master : 0
        views.append(WorldView(epoch: newest.epoch + 1, members: members, removed: [:], master: master))
        for host in hosts.indices { adopt(host) }
    }
}
