import LivesetEngine
import PoolModel
import Simulator

/// Draws faults and their mending as timed acts; it never sees the world that they will strike.
///
/// All instants and lengths are whole milliseconds, so that the scenario that holds them reads well.
struct FaultSource {
    /// The world as it is made; it is not seen again.
    let settings: WorldSettings
    var chance: SeededRandom
    private let kinds: [SwarmFault]
    /// What was drawn, in the order of drawing.
    private var acts: [TimedAct] = []
    private var now = TimeSpan.zero
    private var end = TimeSpan.zero

    init(settings: WorldSettings, without: Set<SwarmFault>, chance: SeededRandom) {
        self.settings = settings
        self.chance = chance
        kinds = SwarmFault.allCases.filter { !without.contains($0) }
    }

    var hosts: Int { settings.hostCount }
    var timing: Timing { settings.timing }

    /// Faults between the two instants, with pauses from `pause`; what would come later is left out.
    mutating func schedule(
        from start: TimeSpan,
        to end: TimeSpan,
        pause: ClosedRange<TimeSpan>
    ) -> [TimedAct] {
        acts.removeAll(keepingCapacity: true)
        now = start
        self.end = end
        while !kinds.isEmpty, now < end {
            strike()
            now = now + span(pause.lowerBound, pause.upperBound)
        }
        let kept = acts.filter { $0.time < end }
        let order = kept.indices.sorted { (kept[$0].time, $0) < (kept[$1].time, $1) }
        return order.map { kept[$0] }
    }

    // MARK: Drawing

    mutating func span(_ shortest: TimeSpan, _ longest: TimeSpan) -> TimeSpan {
        .milliseconds(chance.span(shortest, longest).inMilliseconds)
    }

    /// How long a fault lasts: around the times at which the protocol changes its mind.
    mutating func length() -> TimeSpan {
        let edges = [
            timing.heartbeatInterval, timing.watchdog, timing.storageTimeout, timing.networkTimeout,
            timing.grace,
            timing.grace + timing.watchdog, timing.certainlyDead, timing.certainlyDead * 2,
        ]
        let edge = edges[chance.below(edges.count)]
        return span(edge / 2, edge + edge / 2)
    }

    mutating func anyHost() -> HostSet { HostSet(HostIndex(chance.below(hosts))) }

    mutating func act(_ act: Act, after delay: TimeSpan = .zero) {
        acts.append(TimedAct(now + delay, act))
    }

    /// An act that no mending of everything stands for: it comes before the end of the phase.
    mutating func surely(_ act: Act, after delay: TimeSpan) {
        acts.append(TimedAct(max(now, min(now + delay, end - .milliseconds(1))), act))
    }

    mutating func fault(_ fault: HostFault, _ host: HostSet, after delay: TimeSpan = .zero) {
        act(.each(fault, host), after: delay)
    }

    private mutating func strike() {
        let host = anyHost()
        let kind = kinds[chance.below(kinds.count)]
        switch kind {
        case .power: strike(host, .powerOff, thenMend: .powerOn)
        case .reboot: fault(.reboot, host)
        case .daemonCrash: crash(host)
        case .freeze: act(.freeze(host, .all, length()))
        case .threadFreeze: act(.freeze(host, threads(), length()))
        case .storage: strike(host, chance.oneIn(3) ? .failStorage : .cutStorage, thenMend: .plugStorage)
        case .array: array()
        case .network: strike(host, chance.oneIn(2) ? .cutNetwork : .silenceNetwork, thenMend: .plugNetwork)
        case .link: link(host)
        case .wholeNetwork:
            strike(HostNames.all, chance.oneIn(2) ? .cutNetwork : .silenceNetwork, thenMend: .plugNetwork)
        case .sysrq: fault(.breakSysrq, host)
        case .interruption: interrupt(host)
        case .operatorRequest: ask(host)
        case .duel: duel()
        case .storageMishap: storageMishap(host)
        case .poorArray: poorArray()
        case .oneNetwork: oneNetwork(host)
        case .clog: clog(host)
        case .datagrams: datagrams(to: host)
        case .poorNetwork: poorNetwork()
        case .spoiltBlock:
            if chance.oneIn(3) {
                fault(.spoilOldBallot, host)
            } else {
                act(.spoilSlots(host, chance.oneIn(2) ? .torn : .foreign))
            }
        case .watchdog: watchdog(host)
        case .ownFile: ownFile(host)
        case .clock: act(.clockRuns(host, chance.below(1001) - 500))
        case .guestStops:
            fault(.doubtGuestStops, host)
            if settings.hosts.provesGuestStop { surely(.each(.proveGuestStops, host), after: length()) }
        case .keys: keys(host)
        case .unguarded:
            act(.ask(host, .emergencyDisable))
            fault(.reboot, host, after: length() * 2)
        case .disable:
            act(.ask(host, .disable))
            act(.enableDisabled, after: length() * 2)
        case .forcedForming: forceForming(host)
        }
    }

    mutating func strike(_ hosts: HostSet, _ strike: HostFault, thenMend mend: HostFault) {
        fault(strike, hosts)
        fault(mend, hosts, after: length())
    }

    private mutating func threads() -> HostThreads {
        let choices: [HostThreads] = [.engine, .storage, .fence, [.engine, .storage], [.engine, .fence]]
        return choices[chance.below(choices.count)]
    }

    // MARK: Faults of more than one act

    private mutating func crash(_ host: HostSet) {
        fault(.crashDaemon, host)
        guard chance.oneIn(3) else { return }
        for step in 1...3 + chance.below(10) {
            let pause = span(timing.watchdog / 4, timing.watchdog)
            fault(.crashDaemon, host, after: pause * step)
        }
    }

    private mutating func array() {
        fault(.cutStorage, HostNames.all)
        let back = length()
        for host in 0..<hosts {
            let skew = chance.oneIn(2) ? TimeSpan.zero : span(.zero, timing.grace * 2)
            fault(.plugStorage, HostSet(HostIndex(host)), after: back + skew)
        }
    }

    /// Another host than this one; nil where it is the only one.
    mutating func peer(of host: HostSet) -> HostSet? {
        guard hosts > 1, let row = host.first?.row else { return nil }
        return HostSet(HostIndex((row + 1 + chance.below(hosts - 1)) % hosts))
    }

    private mutating func link(_ host: HostSet) {
        guard let peer = peer(of: host) else { return }
        let length = length()
        if chance.oneIn(2) {
            act(.link(.split, host, peer))
            act(.link(.join, host, peer), after: length)
        } else {
            act(.link(.cut, host, peer))
            act(.link(.plug, host, peer), after: length)
        }
    }

    private mutating func interrupt(_ host: HostSet) {
        let moments = Words.moment.pairs.map(\.value)
        let acts: [Interruption.Act] = [
            .freeze(length()), .freeze(length()), .crashDaemon, .powerOff, .stallStorage, .stallAfterSlot,
        ]
        let strike = acts[chance.below(acts.count)]
        let moment = moments[chance.below(moments.count)]
        act(.interrupt(host, Interruption(before: moment, strike, passing: chance.below(3))))
        let end = length()
        if strike == .powerOff { fault(.powerOn, host, after: end * 2) }
        if strike == .stallStorage || strike == .stallAfterSlot {
            fault(.plugStorage, host, after: end * 2)
        }
    }

    private mutating func duel() {
        for row in 0..<hosts {
            let host = HostSet(HostIndex(row))
            act(.ask(host, .moveMaster(HostIndex(chance.below(hosts)))))
            guard chance.oneIn(2) else { continue }
            act(.interrupt(host, duelStop()))
            if chance.oneIn(2) { act(.interrupt(host, duelStop())) }
        }
        if chance.oneIn(3) {
            // A proposer whose reads fail after its flag, and a former life of it that went further.
            let host = anyHost()
            act(.interrupt(host, Interruption(before: .ballotWrite, .crashDaemon, passing: 1)))
            let passing = 1 + chance.below(3)
            act(.interrupt(host, Interruption(before: .flag, .stallAfterSlot, passing: passing)))
            fault(.plugStorage, host, after: timing.storageTimeout * 2)
        }
        // The wishes change while they are at it, so that the proposals differ.
        for _ in 0..<4 {
            let host = anyHost()
            let wanted = HostIndex(chance.below(hosts))
            let wish: OperatorRequest = chance.oneIn(6) ? .fence(wanted) : .moveMaster(wanted)
            act(.ask(host, wish), after: span(.zero, timing.roundInterval * 6))
        }
        guard chance.oneIn(2) else { return }
        strike(anyHost(), .powerOff, thenMend: .powerOn)
    }

    /// Where a proposer stands still: before a phase until a rival is there, or with a decided view in hand.
    private mutating func duelStop() -> Interruption {
        let stop = span(timing.roundInterval * 2, timing.roundInterval * 7)
        if chance.oneIn(3) { return Interruption(before: .publication, .freeze(stop)) }
        return Interruption(before: .ballotWrite, .awaitRival(stop * 2), passing: chance.oneIn(4) ? 0 : 1)
    }

    private mutating func ask(_ host: HostSet) {
        let peer = HostIndex(chance.below(hosts))
        switch chance.below(5) {
        case 0: act(.ask(host, .fence(peer)))
        case 1: act(.ask(host, .moveMaster(peer)))
        case 3: act(.ask(host, .giveUp))
        case 2:
            fault(.powerOff, HostSet(peer))
            act(.ask(host, .confirmOff(peer)))
            fault(.powerOn, HostSet(peer), after: length())
        default:
            act(.ask(host, .leave))
            act(.ask(host, .stay), after: length() * 2)
        }
    }
}
