import LivesetEngine
import PoolModel

/// The kinds of faults that a swarm chooses from.
public enum SwarmFault: UInt8, CaseIterable, Sendable {
    /// Power off, and on again later.
    case power
    /// A reset.
    case reboot
    /// A daemon crash, or several in a row.
    case daemonCrash
    /// All threads stand still.
    case freeze
    /// One thread stands still.
    case threadFreeze
    /// A host's storage hangs or fails for a while.
    case storage
    /// Everybody's storage hangs for a while.
    case array
    /// A host's network is gone for a while.
    case network
    /// One direction of one link is gone for a while.
    case link
    /// The whole network is gone for a while.
    case wholeNetwork
    /// Sysrq breaks on one host.
    case sysrq
    /// A fault strikes between two acts of a host.
    case interruption
    /// An operator asks for something that is safe to ask.
    case operatorRequest
    /// Several hosts propose and stand still at their ballots, so that they meet in one instance.
    case duel
    /// A slot is spoilt on the disk.
    case spoiltSlot
    /// An own file or a watchdog fails once.
    case device
}

/// Chooses and carries out one fault after the other; those that end do so by scripts in the world.
struct FaultSource {
    let plan: Swarm.Plan
    var chance: SeededRandom
    private let kinds: [SwarmFault]

    init(plan: Swarm.Plan, chance: SeededRandom) {
        self.plan = plan
        self.chance = chance
        kinds = SwarmFault.allCases.filter { !plan.without.contains($0) }
    }

    mutating func nextPause() -> TimeSpan { chance.span(plan.pause.lowerBound, plan.pause.upperBound) }

    /// How long a fault lasts: around the times at which the protocol changes its mind.
    private mutating func length() -> TimeSpan {
        let timing = plan.timing
        let edges = [
            timing.heartbeatInterval, timing.watchdog, timing.storageTimeout, timing.networkTimeout,
            timing.grace,
            timing.grace + timing.watchdog, timing.certainlyDead, timing.certainlyDead * 2,
        ]
        let edge = edges[chance.below(edges.count)]
        return chance.span(edge / 2, edge + edge / 2)
    }

    private func after(_ length: TimeSpan, _ world: World, _ act: @escaping @Sendable (World) -> Void) {
        world.at(world.now + length, do: act)
    }

    mutating func strike(_ world: World) {
        let host = chance.below(plan.hosts)
        switch kinds[chance.below(kinds.count)] {
        case .power:
            world.powerOff(host)
            after(length(), world) { $0.powerOn(host) }
        case .reboot: world.reboot(host)
        case .daemonCrash: crash(host, world)
        case .freeze: world.freeze(host, for: length())
        case .threadFreeze:
            let threads: [HostThreads] = [
                .engine, .storage, .fence, [.engine, .storage], [.engine, .fence],
            ]
            world.freeze(host, for: length(), threads[chance.below(threads.count)])
        case .storage:
            if chance.oneIn(3) { world.failStorage(of: host) } else { world.cutStorage(of: host) }
            after(length(), world) { $0.healStorage(of: host) }
        case .array: array(world)
        case .network:
            if chance.oneIn(2) { world.cutNetwork(of: host) } else { world.silenceNetwork(of: host) }
            after(length(), world) { $0.healNetwork(of: host) }
        case .link: link(host, world)
        case .wholeNetwork:
            world.cutAllNetwork(carrierGone: chance.oneIn(2))
            after(length(), world) { $0.healAllNetwork() }
        case .sysrq: world.breakSysrq(host)
        case .interruption: interrupt(host, world)
        case .operatorRequest: ask(host, world)
        case .duel: duel(world)
        case .spoiltSlot: world.spoilSlot(of: host, chance.oneIn(2) ? .torn : .foreign)
        case .device:
            if chance.oneIn(2) {
                world.failNextPersist(host)
            } else {
                world.failWatchdog(host)
                after(length(), world) { $0.failWatchdog(host, false) }
            }
        }
    }

    private mutating func crash(_ host: Int, _ world: World) {
        world.crashDaemon(host)
        guard chance.oneIn(3) else { return }
        for step in 1...3 + chance.below(10) {
            let pause = chance.span(plan.timing.watchdog / 4, plan.timing.watchdog)
            after(pause * step, world) { $0.crashDaemon(host) }
        }
    }

    private mutating func array(_ world: World) {
        world.cutAllStorage()
        let back = length()
        for host in 0..<plan.hosts {
            let skew = chance.oneIn(2) ? TimeSpan.zero : chance.span(.zero, plan.timing.grace * 2)
            after(back + skew, world) { $0.healStorage(of: host) }
        }
    }

    private mutating func link(_ host: Int, _ world: World) {
        guard plan.hosts > 1 else { return }
        let peer = (host + 1 + chance.below(plan.hosts - 1)) % plan.hosts
        let bothWays = chance.oneIn(2)
        world.cutLink(from: host, to: peer)
        if bothWays { world.cutLink(from: peer, to: host) }
        after(length(), world) {
            $0.healLink(from: host, to: peer)
            if bothWays { $0.healLink(from: peer, to: host) }
        }
    }

    private mutating func interrupt(_ host: Int, _ world: World) {
        let moments: [Interruption.Moment] = [
            .send, .round, .ballotWrite, .publication, .persist(.taken), .persist(.held), .persist(.spent),
            .openWatchdog,
            .feed, .adoption, .flag,
        ]
        let acts: [Interruption.Act] = [
            .freeze(length()), .freeze(length()), .crashDaemon, .powerOff, .stallStorage, .stallAfterSlot,
        ]
        let act = acts[chance.below(acts.count)]
        world.interrupt(
            host,
            Interruption(before: moments[chance.below(moments.count)], act, passing: chance.below(3))
        )
        let end = length()
        if act == .powerOff { after(end * 2, world) { $0.powerOn(host) } }
        if act == .stallStorage || act == .stallAfterSlot {
            after(end * 2, world) { $0.healStorage(of: host) }
        }
    }

    private mutating func duel(_ world: World) {
        for host in 0..<plan.hosts {
            world.request(.moveMaster(HostIndex(chance.below(plan.hosts))), of: host)
            guard chance.oneIn(2) else { continue }
            world.interrupt(host, duelStop())
            if chance.oneIn(2) { world.interrupt(host, duelStop()) }
        }
        if chance.oneIn(3) {
            // A proposer whose reads fail after its flag, and a former life of it that went further.
            let host = chance.below(plan.hosts)
            world.interrupt(host, Interruption(before: .ballotWrite, .crashDaemon, passing: 1))
            world.interrupt(host, Interruption(before: .flag, .stallAfterSlot, passing: 1 + chance.below(3)))
            after(plan.timing.storageTimeout * 2, world) { $0.healStorage(of: host) }
        }
        // The wishes change while they are at it, so that the proposals differ.
        for _ in 0..<4 {
            let host = chance.below(plan.hosts)
            let wanted = HostIndex(chance.below(plan.hosts))
            let wish: OperatorRequest = chance.oneIn(6) ? .fence(wanted) : .moveMaster(wanted)
            after(chance.span(.zero, plan.timing.roundInterval * 6), world) { $0.request(wish, of: host) }
        }
        guard chance.oneIn(2) else { return }
        let silent = chance.below(plan.hosts)
        world.powerOff(silent)
        after(length(), world) { $0.powerOn(silent) }
    }

    /// Where a proposer stands still: before a phase until a rival is there, or with a decided view in hand.
    private mutating func duelStop() -> Interruption {
        let stop = chance.span(plan.timing.roundInterval * 2, plan.timing.roundInterval * 7)
        if chance.oneIn(3) { return Interruption(before: .publication, .freeze(stop)) }
        return Interruption(before: .ballotWrite, .awaitRival(stop * 2), passing: chance.oneIn(4) ? 0 : 1)
    }

    private mutating func ask(_ host: Int, _ world: World) {
        let peer = HostIndex(chance.below(plan.hosts))
        switch chance.below(4) {
        case 0: world.request(.fence(peer), of: host)
        case 1: world.request(.moveMaster(peer), of: host)
        case 2:
            // Only what is true is confirmed: the host has no power when the agent says so.
            world.powerOff(peer.row)
            world.request(.confirmOff(peer), of: host)
            after(length(), world) { $0.powerOn(peer.row) }
        default:
            world.request(.leave, of: host)
            after(length() * 2, world) { $0.request(.stay, of: host) }
        }
    }
}
