import LivesetEngine
public import PoolModel
public import Simulator

/// A host that was stopped by fencing.
public struct Fence: Equatable, Sendable {
    /// Which host.
    public let host: HostIndex
    /// When it was reset, since the world's start.
    public let time: TimeSpan
    /// Why.
    public let reason: FenceReason
}

/// A machine that its host lost, and what became of it.
public struct LostMachine: Equatable, Sendable {
    /// The machine.
    public let machine: Int
    /// Where it ran.
    public let host: HostIndex
    /// When its host went down, or had stopped it.
    public let time: TimeSpan
    /// When it started again, and where; nil until then.
    public var restart: (time: TimeSpan, host: HostIndex)?

    /// Whether the two tell of the same loss and the same restart.
    public static func == (left: LostMachine, right: LostMachine) -> Bool {
        left.machine == right.machine && left.host == right.host && left.time == right.time
            && left.restart?.time == right.restart?.time && left.restart?.host == right.restart?.host
    }
}

/// A start of a machine that had a host before.
public struct Restart: Equatable, Sendable {
    /// The machine.
    public let machine: Int
    /// Where it ran before, still or no more.
    public let from: HostIndex
    /// Where it starts.
    public let host: HostIndex
    /// When.
    public let time: TimeSpan
}

/// The decisions of a run, taken from its trace while it goes on; the trace itself forgets.
public struct Chronicle: Sendable {
    /// The entries of the trace that tell of a decision: views (each once), fences, certificates, masters,
    /// holds, storage lost and back, lifelines, machines.
    public private(set) var decisions: [TraceEntry] = []
    /// Every fence.
    public private(set) var fences: [Fence] = []
    /// Every machine that was lost.
    public private(set) var lost: [LostMachine] = []
    /// Every start of a machine that had a host before, whether that host was known to have lost it or not.
    public private(set) var restarts: [Restart] = []
    /// Where each machine runs now, as far as it was told.
    public private(set) var machines: [Int: HostIndex] = [:]
    /// The newest view that any host adopted.
    public private(set) var epoch = Epoch.zero
    /// Where each machine ran last.
    private var places: [Int: HostIndex] = [:]
    private var reasons: [HostIndex: FenceReason] = [:]
    /// How many entries of the trace were taken.
    private var taken = 0

    /// A run that has not begun.
    public init() {}

    /// Takes what is new in the world's trace; asked often enough that the trace drops nothing unseen.
    mutating func take(from world: World) {
        let entries = world.trace.entries
        // The trace drops its oldest half at once when it is full.
        if entries.count < taken { taken -= Trace.limit / 2 }
        for entry in entries[taken...] { take(entry) }
        taken = entries.count
    }

    private mutating func take(_ entry: TraceEntry) {
        switch entry.what {
        case .viewAdopted(let newer, _, _, _, _):
            guard newer > epoch else { return }
            epoch = newer
        case .selfFence(let reason):
            reasons[entry.host] = .own(reason)
            return
        case .leaseRanOut:
            if reasons[entry.host] == nil { reasons[entry.host] = .own(.leaseExpired) }
            return
        case .booted, .daemonCrashed:
            reasons[entry.host] = nil
            return
        case .reset(let cause):
            lose(entry)
            guard cause != .person else { return }
            fences.append(
                Fence(host: entry.host, time: entry.time, reason: reasons[entry.host] ?? .notFed)
            )
        case .poweredOff, .guestsStopped(proven: true):
            lose(entry)
            return
        case .guestStarted(let machine): start(machine, entry)
        case .certified, .storageLost, .storageBack, .livingOnVouches, .livingOnAllLost, .holdChanged,
            .mastership, .disarmed:
            break
        default:
            // All else is no decision: faults, chatter, what a host sees of another.
            return
        }
        decisions.append(entry)
    }

    private mutating func lose(_ entry: TraceEntry) {
        for (machine, host) in machines.sorted(by: { $0.key < $1.key }) where host == entry.host {
            lost.append(LostMachine(machine: machine, host: host, time: entry.time))
            machines[machine] = nil
        }
    }

    private mutating func start(_ machine: Int, _ entry: TraceEntry) {
        if let from = places[machine] {
            restarts.append(Restart(machine: machine, from: from, host: entry.host, time: entry.time))
        }
        places[machine] = entry.host
        machines[machine] = entry.host
        for index in lost.indices where lost[index].machine == machine && lost[index].restart == nil {
            lost[index].restart = (entry.time, entry.host)
        }
    }

    /// The hosts that were fenced within `period`.
    public func fenced(_ period: Period = .ever) -> HostSet {
        var set = HostSet()
        for fence in fences where period.contains(fence.time) { set.insert(fence.host) }
        return set
    }

    /// Every certificate, with its time and its issuer.
    public var certificates: [(time: TimeSpan, by: HostIndex, certificate: DeathCertificate)] {
        decisions.compactMap { entry in
            if case .certified(let certificate) = entry.what {
                (entry.time, entry.host, certificate)
            } else {
                nil
            }
        }
    }
}
