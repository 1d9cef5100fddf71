public import LivesetEngine
public import PoolModel
public import Simulator

/// One thing that is done to a world: a fault, its mending, or an operator's wish; as data.
public enum Act: Equatable, Sendable {
    /// The same befalls each of these hosts.
    case each(HostFault, HostSet)
    /// The same befalls each pair of different hosts of the two sets.
    case link(LinkFault, HostSet, HostSet)
    /// The same befalls one network, counted from 1, of each of these hosts.
    case network(NetworkFault, Int, HostSet)
    /// Datagrams from the first to the second are lost on one network, or arrive there again.
    case linkOnNetwork(Int, isCut: Bool, from: HostSet, to: HostSet)
    /// The next so many datagrams from the first to the second are damaged.
    case corrupt(Int, from: HostSet, to: HostSet)
    /// Somebody without the key sends the hosts such a datagram in the name of the second.
    case forge(Forgery, to: HostSet, as: HostIndex)
    /// Somebody sends the hosts so many old datagrams of the second once more.
    case replay(Int, to: HostSet, of: HostIndex)
    /// The world treats I/O or datagrams like this from now on.
    case change(Setting)
    /// Threads of the hosts' daemons stand still for so long.
    case freeze(HostSet, HostThreads, TimeSpan)
    /// The watchdog devices of these hosts take this time-out, whatever they are asked for; nil: as asked.
    case watchdogTakes(HostSet, TimeSpan?)
    /// How late the watchdogs of these hosts reset.
    case watchdogResets(HostSet, WatchdogLateness)
    /// The clocks of these hosts run so many millionths too fast, or too slow.
    case clockRuns(HostSet, Int)
    /// From their next daemon run on these hosts sign with the first key and take the second as well.
    case keys(HostSet, current: Int, previous: Int?)
    /// The slots of these hosts become unreadable on the disk.
    case spoilSlots(HostSet, SlotReading.Verdict)
    /// A fault that waits for each of the hosts to be between two of its own acts.
    case interrupt(HostSet, Interruption)
    /// An operator asks this of each of these hosts.
    case ask(HostSet, OperatorRequest)
    /// Every path, link and device is mended, and power given back.
    case mendEverything
    /// Who left cleanly is started again.
    case startLeft
    /// Who runs unguarded after an emergency disable is rebooted.
    case rebootUnguarded
    /// A pool that is disabled is enabled again: its machines are stopped, every host is asked.
    case enableDisabled

    /// Whether it makes nothing worse.
    var isMending: Bool {
        switch self {
        case .each(let fault, _): fault.isMending
        case .link(let fault, _, _): fault.isMending
        case .network(let fault, _, _): fault.isMending
        case .linkOnNetwork(_, let isCut, _, _): !isCut
        case .mendEverything, .startLeft, .rebootUnguarded, .enableDisabled, .keys: true
        case .watchdogTakes(_, let timeout): timeout == nil
        case .watchdogResets(_, let lateness): lateness != .full
        case .ask(_, let request): request == .stay || request == .clearHoldOut || request == .enable
        case .corrupt, .forge, .replay, .change, .freeze, .clockRuns, .spoilSlots, .interrupt: false
        }
    }

    /// The number of the network that it names; nil when it names none.
    var networkNumber: Int? {
        switch self {
        case .network(_, let number, _), .linkOnNetwork(let number, _, _, _): number
        default: nil
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
