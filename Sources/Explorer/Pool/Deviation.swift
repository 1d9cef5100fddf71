import PoolModel

/// One thing that goes otherwise than well in a step; each costs one of the search's budget.
enum Deviation: Hashable, Sendable {
    /// What the first host sends to the second in this step is lost.
    case heartbeatsLost(HostIndex, HostIndex)
    /// What the first host sends to the second in this step comes two steps late, after newer ones.
    case heartbeatsLate(HostIndex, HostIndex)
    /// The first host's datagrams reach the second one no more.
    case linkCut(HostIndex, HostIndex)
    /// Nobody reaches anybody any more.
    case networkLost
    /// All links are whole again.
    case networkMended
    /// The writes of the host's next round fail.
    case writeFails(HostIndex)
    /// The writes of its next round are given up and land two steps later.
    case writeLate(HostIndex)
    /// The reads of its next round fail.
    case readFails(HostIndex)
    /// Its next round has read, and completes a step later.
    case roundHeld(HostIndex)
    /// Its path to the disk is lost.
    case pathLost(HostIndex)
    /// Every path is lost.
    case arrayLost
    /// Every path is whole again.
    case pathsMended
    /// The host stands still for so many steps, with a checked lease and a feed in hand.
    case stop(HostIndex, steps: Int)
    /// Its power is gone.
    case powerOff(HostIndex)
    /// It boots again.
    case boot(HostIndex)
    /// Its daemon crashes and starts anew.
    case daemonRestart(HostIndex)
    /// It can neither stop its guests nor reset itself any more: only its watchdog stops it.
    case resetFails(HostIndex)
    /// The operator asks the first host to have the second one fenced.
    case askedOut(HostIndex, by: HostIndex)

    /// What happens, in words.
    var words: String {
        switch self {
        case .heartbeatsLost(let from, let to): "heartbeats from \(from) to \(to) are lost"
        case .heartbeatsLate(let from, let to): "heartbeats from \(from) to \(to) come two steps late"
        case .linkCut(let from, let to): "the link from \(from) to \(to) is cut"
        case .networkLost: "the whole network is lost"
        case .networkMended: "the network is whole again"
        case .writeFails(let host): "the writes of \(host) fail"
        case .writeLate(let host): "the writes of \(host) are given up, and land two steps later"
        case .readFails(let host): "the reads of \(host) fail"
        case .roundHeld(let host): "the round of \(host) completes a step late"
        case .pathLost(let host): "\(host) loses its path to the disk"
        case .arrayLost: "every host loses its path to the disk"
        case .pathsMended: "all paths to the disk are whole again"
        case .stop(let host, let steps): "\(host) stands still for \(steps) steps, a feed in hand"
        case .powerOff(let host): "\(host) loses its power"
        case .boot(let host): "\(host) boots"
        case .daemonRestart(let host): "the daemon of \(host) crashes and restarts"
        case .resetFails(let host): "\(host) can neither stop its guests nor reset itself any more"
        case .askedOut(let host, let by): "the operator asks \(by) to have \(host) fenced"
        }
    }
}

/// Which deviations a search tries.
public struct DeviationKinds: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// The kinds with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Heartbeats lost and late, links cut, the network lost and mended.
    public static let network = DeviationKinds(rawValue: 1)
    /// Writes that fail or land late, reads that fail, rounds held up, paths lost and mended.
    public static let storage = DeviationKinds(rawValue: 2)
    /// Hosts that stand still, shorter and longer than W.
    public static let stops = DeviationKinds(rawValue: 4)
    /// Power lost, boots, resets that fail.
    public static let power = DeviationKinds(rawValue: 8)
    /// Daemons that restart.
    public static let daemons = DeviationKinds(rawValue: 16)
    /// Hosts that the operator wants fenced.
    public static let operators = DeviationKinds(rawValue: 32)

    /// Everything.
    public static let all: DeviationKinds = [.network, .storage, .stops, .power, .daemons, .operators]
}

extension Situation {
    /// A blink, a stop that ends in the moment before the watchdog resets the host, and one that does not
    /// end in time.
    private static let stops = [1, 2, 20]

    /// Everything that can go otherwise than well in the next step, in a fixed order.
    func deviations(_ kinds: DeviationKinds) -> [Deviation] {
        var menu: [Deviation] = []
        for host in hosts {
            if host.hasPower, host.stoppedUntil == nil {
                listHost(host, kinds, &menu)
            } else if !host.hasPower, kinds.contains(.power) {
                menu.append(.boot(host.row))
            }
        }
        if kinds.contains(.network) { listNetwork(&menu) }
        if kinds.contains(.storage) {
            if hosts.contains(where: { !$0.pathIsLost }) { menu.append(.arrayLost) }
            if hosts.contains(where: \.pathIsLost) { menu.append(.pathsMended) }
        }
        return menu
    }

    private func listHost(_ host: PoolHost, _ kinds: DeviationKinds, _ menu: inout [Deviation]) {
        if kinds.contains(.storage), !host.pathIsLost {
            menu += [.writeFails(host.row), .writeLate(host.row), .readFails(host.row), .roundHeld(host.row)]
            menu.append(.pathLost(host.row))
        }
        if kinds.contains(.stops) { menu += Situation.stops.map { .stop(host.row, steps: $0) } }
        if kinds.contains(.power) {
            menu.append(.powerOff(host.row))
            if !host.resetFails { menu.append(.resetFails(host.row)) }
        }
        if kinds.contains(.daemons) { menu.append(.daemonRestart(host.row)) }
        if kinds.contains(.operators) {
            for other in hosts where other !== host { menu.append(.askedOut(other.row, by: host.row)) }
        }
    }

    private func listNetwork(_ menu: inout [Deviation]) {
        for from in hosts {
            for to in hosts where to !== from && !isCut(from.row, to.row) {
                menu.append(.heartbeatsLost(from.row, to.row))
                menu.append(.heartbeatsLate(from.row, to.row))
                menu.append(.linkCut(from.row, to.row))
            }
        }
        if cutLinks == 0 { menu.append(.networkLost) } else { menu.append(.networkMended) }
    }
}
