public import LivesetEngine
public import PoolModel
public import Simulator

/// One thing that is done to a world: a fault, its mending, or an operator's wish; as data.
public enum Act: Equatable, Sendable {
    /// The same befalls each of these hosts.
    case each(HostFault, HostSet)
    /// Threads of the hosts' daemons stand still for so long.
    case freeze(HostSet, HostThreads, TimeSpan)
    /// The watchdog devices of these hosts take this time-out, whatever they are asked for; nil: as asked.
    case watchdogTakes(HostSet, TimeSpan?)
    /// The slots of these hosts become unreadable on the disk.
    case spoilSlots(HostSet, SlotReading.Verdict)
    /// Datagrams from the first to the second are lost; the other direction is left alone.
    case cutLinks(from: HostSet, to: HostSet)
    /// They arrive again.
    case plugLinks(from: HostSet, to: HostSet)
    /// No host of the first hears one of the second, and the other way round; carriers stay.
    case split(HostSet, HostSet)
    /// They hear each other again.
    case join(HostSet, HostSet)
    /// A fault that waits for each of the hosts to be between two of its own acts.
    case interrupt(HostSet, Interruption)
    /// An operator asks this of each of these hosts.
    case ask(HostSet, OperatorRequest)
    /// Every path, link and device is mended, and power given back.
    case mendEverything
    /// Who left cleanly is started again.
    case startLeft

    /// Carries it out.
    func carryOut(in world: World) {
        switch self {
        case .each(let fault, let hosts): world.each(hosts) { fault.strike($0, in: world) }
        case .freeze(let hosts, let threads, let length):
            world.each(hosts) { world.freeze($0, for: length, threads) }
        case .watchdogTakes(let hosts, let timeout):
            world.each(hosts) { world.setWatchdogReadBack($0, timeout) }
        case .spoilSlots(let hosts, let verdict): world.each(hosts) { world.spoilSlot(of: $0, verdict) }
        case .cutLinks(let senders, let receivers):
            world.pairs(senders, receivers) { world.cutLink(from: $0, to: $1) }
        case .plugLinks(let senders, let receivers):
            world.pairs(senders, receivers) { world.healLink(from: $0, to: $1) }
        case .split(let one, let other): world.pairs(one, other) { world.cutLinks(between: $0, and: $1) }
        case .join(let one, let other):
            world.pairs(one, other) {
                world.healLink(from: $0, to: $1)
                world.healLink(from: $1, to: $0)
            }
        case .interrupt(let hosts, let interruption):
            world.each(hosts) { world.interrupt($0, interruption) }
        case .ask(let hosts, let request):
            // A fence agent reports what it sees: it never confirms the death of a host that has power.
            if case .confirmOff(let peer) = request, world.hasPower(peer.row) { return }
            world.each(hosts) { world.request(request, of: $0) }
        case .mendEverything: world.healEverything()
        case .startLeft: world.restartLeft()
        }
    }

    /// Whether it makes nothing worse.
    var isMending: Bool {
        switch self {
        case .each(let fault, _): fault.isMending
        case .plugLinks, .join, .mendEverything, .startLeft: true
        case .watchdogTakes(_, let timeout): timeout == nil
        case .ask(_, let request): request == .stay || request == .clearHoldOut || request == .enable
        case .freeze, .spoilSlots, .cutLinks, .split, .interrupt: false
        }
    }
}

/// An act and its instant, counted from the world's start.
public struct TimedAct: Equatable, Sendable {
    /// When.
    public var time: TimeSpan
    /// What.
    public var act: Act

    /// The act `act` at `time`.
    public init(_ time: TimeSpan, _ act: Act) {
        self.time = time
        self.act = act
    }
}

extension World {
    /// Does `body` for each of `hosts` that this world has.
    fileprivate func each(_ hosts: HostSet, _ body: (Int) -> Void) {
        for host in hosts.intersection(all) { body(host.row) }
    }

    /// Does `body` for each pair of different hosts.
    fileprivate func pairs(_ left: HostSet, _ right: HostSet, _ body: (Int, Int) -> Void) {
        for one in left.intersection(all) {
            for other in right.intersection(all) where one != other { body(one.row, other.row) }
        }
    }
}
