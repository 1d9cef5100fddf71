import AdminProtocol
import ControlPlane
import PoolModel

/// Random numbers from one seed, the same on every machine.
struct Chance: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
    mutating func happens(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
    mutating func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &self) }
}

/// What can happen next.
enum WorldEvent: CaseIterable {
    case turn, read, endWrite, adopt, startManager, certify, changeView, die, boot, stopManager, storage,
        guestEnds
    case lateWrite, poll, operate, deafen, slow, rot
}

/// How likely each thing is in one world: drawn from the seed, so that each seed is bad in its own way.
struct Temper {
    private let calm: [WorldEvent]
    private let bad: [WorldEvent]

    init(_ chance: inout Chance) {
        var calm: [WorldEvent] = []
        calm += Array(repeating: .turn, count: 80) + Array(repeating: .read, count: 60)
        calm += Array(repeating: .endWrite, count: 30) + Array(repeating: .adopt, count: 25)
        calm += Array(repeating: .startManager, count: 5) + Array(repeating: .certify, count: 3)
        calm += [.boot, .boot, .storage, .storage, .poll, .poll, .lateWrite, .changeView, .deafen, .slow]
        self.calm = calm
        func some(_ event: WorldEvent, upTo most: Int) -> [WorldEvent] {
            Array(repeating: event, count: Int.random(in: 0...most, using: &chance))
        }
        bad =
            calm + some(.changeView, upTo: 3) + some(.die, upTo: 2) + some(.stopManager, upTo: 6)
            + some(.startManager, upTo: 20) + some(.guestEnds, upTo: 8) + some(.operate, upTo: 3)
            + some(.deafen, upTo: 3) + some(.slow, upTo: 3) + some(.rot, upTo: 1)
            + some(.storage, upTo: 2) + some(.adopt, upTo: 30) + some(.read, upTo: 40)
            + some(.certify, upTo: 5)
    }

    func next(faults: Bool, _ chance: inout Chance) -> WorldEvent {
        (faults ? bad : calm).randomElement(using: &chance) ?? .turn
    }
}

/// One view of the chain, as the daemons agreed on it.
struct WorldView {
    var epoch: UInt64
    var members: [Int: UInt32]
    var removed: [Int: UInt32]
    var master: Int
}

/// One write of a record area that is under way.
struct WorldWrite {
    var host: Int
    var copy: Int
    var sequence: UInt64
    var payload: RecordPayload
}

/// One host: its power, its daemon's state, its guests and its manager.
struct WorldHost {
    var isUp = true
    var boot = 0
    var number: UInt32 = 1
    var epoch: UInt64 = 1
    var hasStorage = true
    /// Its daemon learns of no new view, and so does not fence itself: frozen, or cut off, until D has
    /// passed.
    var isDeaf = false
    /// Its readings take long.
    var isSlow = false
    var guests: [String: ListedGuest] = [:]
    var ends: [(String, IntentID?, Bool)] = []
    var core: ManagerCore?
    var snapshot: LivesetSnapshot?
    var reading: AreaReading?
    var write: WorldWrite?
    var sequence: UInt64 = 0
    var newestCopy = 0
}

/// Three managers over a fake pool: daemons that keep the promises of protocol.md section 1 and no more,
/// record areas whose writes are lost, late and torn, and hosts that die, boot and lose their storage at any
/// moment.
struct PoolWorld {
    var chance: Chance
    let temper: Temper
    var hosts: [WorldHost]
    /// The epochs in which a master acted.
    var acted: Set<UInt64> = []
    var views: [WorldView]
    /// Lives known dead to everybody: certificates.
    var certified: [Int: UInt32] = [:]
    /// Per host and copy: what is on the medium; nil is torn.
    var areas: [[(sequence: UInt64, payload: RecordPayload?)?]]
    var late: [WorldWrite] = []
    var seconds = 0.0
    var requests = 0
    var restarts = 0

    init(seed: UInt64, hostCount: Int) {
        chance = Chance(seed: seed)
        temper = Temper(&chance)
        hosts = Array(repeating: WorldHost(), count: hostCount)
        let members = Dictionary(uniqueKeysWithValues: (0..<hostCount).map { ($0, UInt32(1)) })
        views = [
            WorldView(epoch: 0, members: [:], removed: [:], master: 0),
            WorldView(epoch: 1, members: members, removed: [:], master: 0),
        ]
        areas = Array(repeating: Array(repeating: (0, nil), count: 4), count: hostCount)
        for row in areas.indices { areas[row] = Array(repeating: nil, count: 4) }
    }

    var newest: WorldView { views[views.count - 1] }
    var now: MonotonicInstant { MonotonicInstant(nanoseconds: Int64(seconds * 1e9)) }

    /// A member by its own daemon's knowledge.
    func isMember(_ host: Int) -> Bool {
        hosts[host].isUp && views[Int(hosts[host].epoch)].members[host] == hosts[host].number
    }

    // MARK: The daemons

    /// [VIEW-6]: who was acting goes on; a new master waits until every other member shows the epoch and
    /// every removed host is dead.
    func isActing(_ host: Int) -> Bool {
        let view = newest
        guard view.master == host, isMember(host), hosts[host].epoch == view.epoch, hosts[host].hasStorage
        else { return false }
        let former = views[views.count - 2]
        if acted.contains(view.epoch) { return true }
        if acted.contains(former.epoch), former.master == host, former.members[host] == hosts[host].number {
            return true
        }
        return view.members.allSatisfy { member, number in
            member == host || isDead(member, number) || hosts[member].epoch == view.epoch
        } && view.removed.allSatisfy { isDead($0.key, $0.value) }
    }

    func isDead(_ host: Int, _ number: UInt32) -> Bool { hosts[host].number > number || !hosts[host].isUp }

    mutating func snapshot(of host: Int) -> LivesetSnapshot {
        if isActing(host) { acted.insert(newest.epoch) }
        let view = views[Int(hosts[host].epoch)]
        var snapshot = LivesetSnapshot(
            hosts: ["lab1", "lab2", "lab3"],
            own: host,
            boot: "\(hosts[host].boot)"
        )
        snapshot.ownNumber = hosts[host].number
        snapshot.isMember = isMember(host)
        (snapshot.poolState, snapshot.epoch, snapshot.members) = (.active, view.epoch, view.members)
        let removed = view.removed.filter { (certified[$0.key] ?? 0) < $0.value }
        snapshot.liveset = Set(view.members.keys).union(removed.keys)
        snapshot.storageLive = Set(view.members.keys.filter { hosts[$0].hasStorage })
        (snapshot.master, snapshot.masterNumber) = (view.master, view.members[view.master] ?? 0)
        snapshot.isActingMaster = isActing(host)
        snapshot.certificates = certified.map {
            DeathProof(
                host: $0.key,
                hostName: "lab\($0.key + 1)",
                number: $0.value,
                clause: .leaseExpiry,
                by: "lab"
            )
        }
        return snapshot
    }

    /// [ACT-1], as the daemon answers at this very moment.
    func permits(_ host: Int, _ task: StartTask) -> Bool {
        let view = views[Int(hosts[host].epoch)]
        return isMember(host) && task.intent.epoch == view.epoch
            && view.members[view.master] == task.masterNumber
    }

    mutating func changeView() {
        let old = newest
        var members = old.members.filter { !isDead($0.key, $0.value) && !chance.happens(10) }
        var removed = old.removed.filter { (certified[$0.key] ?? 0) < $0.value }
        for (host, number) in old.members where members[host] == nil { removed[host] = number }
        for host in hosts.indices where hosts[host].isUp && !isMember(host) && members[host] == nil {
            // A higher number is let in only once the lower one is certified ([DEAD-3]).
            let former = max(old.members[host] ?? 0, old.removed[host] ?? 0)
            guard hosts[host].number > former, chance.happens(60) else { continue }
            certified[host] = max(certified[host] ?? 0, former)
            members[host] = hosts[host].number
            removed[host] = nil
        }
        guard !members.isEmpty else { return }
        removed = removed.filter { (certified[$0.key] ?? 0) < $0.value }
        let keeps = members[old.master] != nil && hosts[old.master].hasStorage && chance.happens(80)
        let master = keeps ? old.master : chance.pick(members.keys.filter { hosts[$0].hasStorage }.sorted())
        guard let master else { return }
        views.append(WorldView(epoch: old.epoch + 1, members: members, removed: removed, master: master))
    }

    /// Adopts the newest view, or learns that it is left out and fences itself ([VIEW-5]).
    mutating func adopt(_ host: Int) {
        guard hosts[host].isUp, !hosts[host].isDeaf else { return }
        let view = newest
        if view.members[host] == hosts[host].number {
            hosts[host].epoch = view.epoch
        } else if isMember(host) {
            die(host)
        }
    }

    mutating func die(_ host: Int) {
        guard hosts[host].isUp else { return }
        if let write = hosts[host].write { late.append(write) }
        let (boot, number, newestCopy) = (hosts[host].boot, hosts[host].number, hosts[host].newestCopy)
        hosts[host] = WorldHost(isUp: false, boot: boot, number: number, epoch: 0)
        hosts[host].newestCopy = newestCopy
    }

    mutating func boot(_ host: Int) {
        guard !hosts[host].isUp else { return }
        (hosts[host].isUp, hosts[host].boot) = (true, hosts[host].boot + 1)
        hosts[host].number += 1
    }

    /// Some dead life gets its certificate.
    mutating func certify() {
        for (host, number) in newest.removed where isDead(host, number) {
            certified[host] = max(certified[host] ?? 0, number)
        }
    }

    // MARK: The record areas

    func readArea(_ row: Int) -> AreaContent {
        let valid = areas[row].compactMap { $0 }.filter { $0.payload != nil }
        guard let best = valid.max(by: { $0.sequence < $1.sequence }), let payload = best.payload else {
            return areas[row].contains { $0 != nil } ? .damaged("torn") : .blank
        }
        return .payload(sequence: best.sequence, payload)
    }

    mutating func land(_ write: WorldWrite, torn: Bool = false) {
        areas[write.host][write.copy] = (write.sequence, torn ? nil : write.payload)
    }

    /// Every copy of a host's area is damaged on the medium; one area at a time.
    mutating func rot(_ row: Int) {
        for other in areas.indices { if case .damaged = readArea(other) { return } }
        for copy in areas[row].indices {
            if let held = areas[row][copy] { areas[row][copy] = (held.sequence, nil) }
        }
    }

    /// One late write of a dead life lands, is torn, or is lost.
    mutating func settleLate(_ index: Int) {
        let write = late.remove(at: index)
        switch Int.random(in: 0..<3, using: &chance) {
        case 0: land(write)
        case 1: land(write, torn: true)
        default: break
        }
    }
}
