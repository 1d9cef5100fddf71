import LivesetEngine
import PoolModel
import Simulator

extension Act {
    /// Carries it out.
    func carryOut(in world: World) {
        switch self {
        case .each(let fault, let hosts): world.each(hosts) { fault.strike($0, in: world) }
        case .link(let fault, let one, let other):
            world.pairs(one, other) { fault.strike($0, $1, in: world) }
        case .network(let fault, let number, let hosts):
            world.each(hosts) { fault.strike(number, of: $0, in: world) }
        case .linkOnNetwork(let number, let isCut, let senders, let receivers):
            guard (1...world.settings.network.count).contains(number) else { return }
            world.pairs(senders, receivers) {
                if isCut {
                    world.cutLink(number - 1, from: $0, to: $1)
                } else {
                    world.healLink(number - 1, from: $0, to: $1)
                }
            }
        case .corrupt(let count, let senders, let receivers):
            world.pairs(senders, receivers) { world.corruptDatagrams(from: $0, to: $1, count: count) }
        case .forge(let forgery, let receivers, let sender):
            world.pairs(HostSet(sender), receivers) { world.forgeDatagram(forgery, as: $0, to: $1) }
        case .replay(let count, let receivers, let sender):
            world.pairs(HostSet(sender), receivers) { world.replayDatagrams(of: $0, to: $1, count: count) }
        case .change(let setting): setting.change(world)
        case .freeze(let hosts, let threads, let length):
            world.each(hosts) { world.freeze($0, for: length, threads) }
        case .watchdogTakes(let hosts, let timeout):
            world.each(hosts) { world.setWatchdogReadBack($0, timeout) }
        case .watchdogResets(let hosts, let lateness):
            world.each(hosts) { world.setWatchdogLateness($0, lateness) }
        case .clockRuns(let hosts, let millionths):
            world.each(hosts) { world.setClockRate(of: $0, partsPerMillion: millionths) }
        case .keys(let hosts, let current, let previous):
            world.each(hosts) { host in
                world.setKeys(host, current: Act.key(current), previous: previous.map(Act.key))
            }
        case .spoilSlots(let hosts, let verdict): world.each(hosts) { world.spoilSlot(of: $0, verdict) }
        case .interrupt(let hosts, let interruption):
            world.each(hosts) { world.interrupt($0, interruption) }
        case .ask(let hosts, let request):
            world.each(hosts) { if world.isTrue(request, of: $0) { world.request(request, of: $0) } }
        case .mendEverything: world.healEverything()
        case .startLeft: world.restartLeft()
        case .rebootUnguarded:
            world.each(world.all) { if world.phase(of: $0) == .unguarded { world.reboot($0) } }
        case .enableDisabled: world.enableDisabled()
        }
    }

    /// The key of this number; number 1 is the key that all hosts have at the start.
    private static func key(_ number: Int) -> UInt64 { World.keyAtStart &+ UInt64(number) &- 1 }
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

    /// Whether this can truthfully be asked of a host now.
    ///
    /// A fence agent reports what it sees: it never confirms the death of a host that has power. And who
    /// forces a host to form answers for it that nobody else lives.
    fileprivate func isTrue(_ request: OperatorRequest, of host: Int) -> Bool {
        switch request {
        case .confirmOff(let peer): !hasPower(peer.row)
        case .forceForm: all.without(HostIndex(host)).allSatisfy { !hasPower($0.row) }
        default: true
        }
    }

    /// Where a host waits for the pool to be enabled, its guests are stopped and every host is asked.
    fileprivate func enableDisabled() {
        let isDisabled = all.contains { host in
            phase(of: host.row) == .disabled || obstacle(of: host.row) == .poolDisabled
        }
        guard isDisabled else { return }
        each(all) { host in
            if phase(of: host) == .disabled { setGuests(host, running: false) }
            request(.enable, of: host)
        }
    }
}
