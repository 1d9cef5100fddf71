public import LivesetEngine
public import PoolModel

/// A pool of hosts that runs real engines over a simulated disk, network, watchdog and clock.
///
/// One seed decides everything, and time passes only in `run`. Faults are methods with names in words
/// (World+Faults.swift). What the engines claim is checked after every step (World+Oracles.swift), and the
/// first claim that does not hold stops the world: see `violation` and `report`.
public final class World {
    /// What the world was made of.
    public let settings: WorldSettings
    /// What happened so far.
    public internal(set) var trace = Trace()
    /// The first promise that was broken, as a sentence; nil while all hold.
    public internal(set) var violation: String?
    /// Nanoseconds since the start of the world.
    var time: Int64 = 0
    var random: SeededRandom
    var queue = EventQueue()
    let hosts: [SimulatedHost]
    var disk: SharedDisk
    var fabric: NetworkFabric
    var operations = OperationPool()
    var oracle: OracleMemory
    var guests: GuestBook
    var scripts: [@Sendable (World) -> Void] = []
    /// The clauses that ended runs and the world's own parts passed; see `reached`.
    var passed = ClauseSet()
    /// Every death certificate that any host issued.
    public internal(set) var certificates: [DeathCertificate] = []
    /// How often hosts were reset, by cause.
    var resets: [ResetCause: Int] = [:]
    var fencedPerHost: [Int]
    /// How often a ballot record landed whose proposal differs from another host's in the same instance.
    public internal(set) var rivalProposals = 0
    /// How many events were carried out.
    public private(set) var eventCount = 0

    /// A calm world of `hosts` hosts, which all get power at its start.
    public convenience init(seed: UInt64, hosts: Int, timing: Timing = Timing(.fast)) {
        self.init(WorldSettings(seed: seed, hosts: hosts, timing: timing))
    }

    /// The world that `settings` describe.
    public init(_ settings: WorldSettings) {
        self.settings = settings
        random = SeededRandom(seed: settings.seed)
        disk = SharedDisk(hostCount: settings.hostCount)
        fabric = NetworkFabric(hostCount: settings.hostCount)
        oracle = OracleMemory(hostCount: settings.hostCount)
        guests = GuestBook(count: settings.hosts.guests)
        fencedPerHost = Array(repeating: 0, count: settings.hostCount)
        hosts = (0..<settings.hostCount).map {
            SimulatedHost(
                index: HostIndex($0),
                settings: EngineSettings(
                    own: HostIndex($0),
                    hostCount: settings.hostCount,
                    timing: settings.timing,
                    largestD: settings.timing.certainlyDead
                )
            )
        }
        for host in hosts { givePower(host) }
    }

    /// How much time has passed.
    public var now: TimeSpan { TimeSpan(nanoseconds: time) }

    /// The pool's hosts.
    public var all: HostSet { HostSet(first: settings.hostCount) }

    /// Changes what a host's engine is told at its next start: policy, weight, limits.
    public func configure(_ host: Int, _ change: (inout EngineSettings) -> Void) {
        change(&hosts[host].settings)
    }

    /// Lets time pass, until `length` is over or a promise is broken.
    public func run(for length: TimeSpan) {
        let end = time + length.nanoseconds
        while violation == nil, let event = queue.next(upTo: end) { carryOut(event) }
        if violation == nil { time = end }
    }

    /// Lets time pass until `condition` holds, asked after every event; false when `limit` was over first.
    @discardableResult
    public func run(atMost limit: TimeSpan, until condition: (World) -> Bool) -> Bool {
        if condition(self) { return true }
        let end = time + limit.nanoseconds
        while violation == nil, let event = queue.next(upTo: end) {
            carryOut(event)
            if condition(self) { return true }
        }
        if violation == nil { time = end }
        return false
    }

    /// Has `act` done so long after the world's start, or at once when that is past.
    public func at(_ instant: TimeSpan, do act: @escaping @Sendable (World) -> Void) {
        scripts.append(act)
        queue.schedule(.script, at: max(time, instant.nanoseconds), item: scripts.count - 1)
    }

    private func carryOut(_ event: WorldEvent) {
        time = event.time
        eventCount += 1
        let host = hosts[Int(event.host)]
        switch event.kind {
        case .script: scripts[Int(event.item)](self)
        case .ioReachesDisk: reachDisk(Int(event.item))
        case .ioCompletes: completeOperation(Int(event.item))
        case .tearMends: mendTear(Int(event.item))
        case .deliver: deliver(Int(event.item), to: host)
        case .startOrderArrives: startOrderArrives(Int(event.item), at: host)
        case .watchdogExpires: watchdogExpires(host, epoch: event.run)
        case .boots, .daemonStarts, .tick, .roundDeadline, .fenceLoop, .thaws, .persistDone, .watchdogOpens,
            .guestsStopped, .fireBound, .linksSeen, .managerLooks:
            if event.run == host.run { carryOut(event, on: host) }
        }
    }

    /// Events that belong to one run of a host's daemon or to one life of its power.
    private func carryOut(_ event: WorldEvent, on host: SimulatedHost) {
        switch event.kind {
        case .boots: kernelIsUp(host)
        case .daemonStarts: daemonStarts(host)
        case .tick: tickIsDue(host)
        case .roundDeadline: roundDeadline(host, round: event.item)
        case .fenceLoop: fenceTurn(host)
        case .thaws: thaw(host)
        case .persistDone: persistIsDone(host)
        case .watchdogOpens: watchdogOpens(host)
        case .guestsStopped: guestsAreStopped(host)
        case .fireBound: fire(host)
        case .linksSeen: feed(.links(allUp: host.linksUp), to: host)
        case .managerLooks: managerLooks(host)
        case .script, .ioReachesDisk, .ioCompletes, .tearMends, .deliver, .startOrderArrives,
            .watchdogExpires:
            preconditionFailure("events of the world are carried out by the world")
        }
    }

    func note(_ what: Happening, on host: SimulatedHost) { trace.note(what, on: host.index, at: time) }

    /// Records the first broken promise; the world stops there.
    func broken(_ promise: String, _ figures: @autoclosure () -> String) {
        guard violation == nil else { return }
        violation = "[\(promise)] \(figures()) at \(now), seed \(settings.seed)"
    }

    /// What went wrong and the last events before it; for failure messages of tests.
    public var report: String { reportTail(80) }

    /// As `report`, with `count` events.
    public func reportTail(_ count: Int) -> String {
        "seed \(settings.seed), \(settings.hostCount) hosts, \(now): \(violation ?? "no promise broken")\n"
            + trace.tail(count) + "\n" + standings
    }
}
