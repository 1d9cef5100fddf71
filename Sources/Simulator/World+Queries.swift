public import HeartbeatWire
public import LivesetEngine
public import NodeRuntime
public import PoolModel

/// What a test may ask of a world.
extension World {
    /// Whether the host's kernel runs.
    public func isUp(_ host: Int) -> Bool { hosts[host].isUp }

    /// Whether the host's daemon runs, frozen or not.
    public func daemonRuns(_ host: Int) -> Bool { hosts[host].daemonRuns }

    /// The view that this run of the host's daemon adopted; view 0 before that.
    public func view(of host: Int) -> View { hosts[host].view }

    /// The members of the view that the host adopted.
    public func members(of host: Int) -> HostSet { hosts[host].view.members }

    /// Who may be alive, as the host believes ([SAFE-1]).
    public func liveset(of host: Int) -> HostSet {
        hosts[host].view.members.union(hosts[host].view.removed.subtracting(hosts[host].certified))
    }

    /// The phase that the host's engine announced last.
    public func phase(of host: Int) -> HostPhase { hosts[host].phase }

    /// What the host waits for before it joins.
    public func obstacle(of host: Int) -> JoinObstacle? { hosts[host].waitsFor?.0 }

    /// The hosts that act as master now; a frozen one counts.
    public var actingMasters: [Int] { hosts.filter { isActingMaster($0) }.map(\.index.row) }

    /// The host that acts as master, when there is exactly one.
    public var actingMaster: Int? { actingMasters.count == 1 ? actingMasters.first : nil }

    /// How often hosts were stopped by fencing: watchdog or sysrq.
    public var fenceCount: Int { fencedPerHost.reduce(0, +) }

    /// How often this host was stopped by fencing.
    public func fenceCount(of host: Int) -> Int { fencedPerHost[host] }

    /// The hosts that were ever stopped by fencing.
    public var fenced: HostSet {
        var set = HostSet()
        for host in hosts where fencedPerHost[host.index.row] > 0 { set.insert(host.index) }
        return set
    }

    /// How often hosts were reset by this cause.
    public func resetCount(_ cause: ResetCause) -> Int { resets[cause] ?? 0 }

    /// Whether the host counts itself storage-lost.
    public func isStorageLost(_ host: Int) -> Bool { hosts[host].isStorageLost }

    /// Whether the host's watchdog counts.
    public func isArmed(_ host: Int) -> Bool { hosts[host].watchdog.isArmed }

    /// How long the host's lease lasts from now on; zero when it has none.
    public func leaseLeft(of host: Int) -> TimeSpan {
        guard let end = hosts[host].run?.leaseEnd else { return .zero }
        return max(.zero, end - hosts[host].now)
    }

    /// Whether the host held a lease in this boot and nothing has ended that: it may run guests ([SAFE-1]).
    public func mayRunGuests(_ host: Int) -> Bool { hosts[host].dangerous != nil }

    /// The number that the host works under.
    public func number(of host: Int) -> IncarnationNumber { hosts[host].number }

    /// What the host's own file says.
    public func file(of host: Int) -> PersistedIncarnation? { hosts[host].file }

    /// The slot of the host as it stands on the disk.
    public func slotOnDisk(of host: Int) -> Slot { disk.slot(of: HostIndex(host)).slot }

    /// The newest ballot record of the host as it stands on the disk.
    public func ballotOnDisk(of host: Int) -> BallotRecord { disk.newest[host].newest }

    /// Everything that the host's engine thinks; nil when no daemon runs.
    public func status(of host: Int) -> EngineStatus? { hosts[host].run?.engineLoop.status() }

    /// What became of the datagrams that this run of the host's daemon received; nil when none runs.
    public func heartbeatCounters(of host: Int) -> HeartbeatCounters? {
        hosts[host].run?.engineLoop.currentStatistics().heartbeats
    }

    /// What this run of the host's storage loop counted; nil when none runs.
    public func statefileStatistics(of host: Int) -> StatefileStatistics? {
        hosts[host].run?.round.statistics
    }

    /// Whether every protected guest runs on exactly one host.
    public var areGuestsPlaced: Bool {
        (0..<guests.placements.count).allSatisfy { guest in
            hosts.count { $0.guests & (1 << UInt64(guest)) != 0 } == 1
        }
    }

    /// Whether the powered hosts agree on one view with just `expected` as members, nobody else in doubt, and
    /// one of them acts as master.
    public func agrees(on expected: HostSet) -> Bool {
        var epoch: Epoch?
        for index in expected {
            let host = hosts[index.row]
            guard host.daemonRuns, host.phase == .member, host.view.members == expected else { return false }
            guard liveset(of: index.row) == expected, host.view.state == .active else { return false }
            if let epoch, epoch != host.view.epoch { return false }
            epoch = host.view.epoch
        }
        guard let master = actingMaster else { return false }
        return expected.contains(HostIndex(master)) && hosts[master].view.master == HostIndex(master)
    }

    /// Whether every host of the pool is in and one of them leads ([LIVE-1]).
    public var isWhole: Bool { agrees(on: all) && !hosts.contains { $0.isStorageLost } }

    /// Lets time pass until the pool is whole; false when it is not by then.
    @discardableResult
    public func runUntilWhole(atMost limit: TimeSpan) -> Bool {
        // Asked ten times a simulated second, not after every event: it walks all hosts.
        let end = time + limit.nanoseconds
        while violation == nil, time < end {
            if isWhole { return true }
            run(for: .milliseconds(100))
        }
        return violation == nil && isWhole
    }

    /// How long a healed pool may take to become whole again: last deaths, certificates, boots, ballots.
    public var convergenceBound: TimeSpan {
        let timing = settings.timing
        return settings.hosts.bootTime.upperBound * 2 + timing.networkTimeout * 10 + timing.certainlyDead * 3
            + settings.storage.latestLanding + settings.network.latestArrival
    }

    /// The entries of the trace on a host, or on all, for which `matches` holds.
    public func entries(on host: Int? = nil, where matches: (Happening) -> Bool) -> [TraceEntry] {
        trace.entries.filter { (host == nil || $0.host.row == host) && matches($0.what) }
    }

    /// Whether such an entry exists.
    public func saw(on host: Int? = nil, _ matches: (Happening) -> Bool) -> Bool {
        !entries(on: host, where: matches).isEmpty
    }

    /// One line a host: where it stands.
    var standings: String {
        hosts.map { host in
            let power =
                host.isUp ? (host.daemonRuns ? "up" : "no daemon") : (host.hasPower ? "booting" : "off")
            let wait = host.waitsFor.map { " waits: \($0.0) \($0.1)" } ?? ""
            return "\(host.index) \(power) \(host.phase) number \(host.number) view \(host.view.epoch) "
                + "\(host.view.state) members \(host.view.members) removed \(host.view.removed) certified "
                + "\(host.certified)\(isActingMaster(host) ? " MASTER" : "")"
                + (host.isStorageLost ? " storage-lost" : "")
                + " path \(host.path) cut \(fabric.unreachable(from: host.index).intersection(all))\(wait)"
        }.joined(separator: "\n") + pendingWrites
    }

    /// The writes that may still land.
    private var pendingWrites: String {
        operations.operations.filter(\.mayLand).map { "\nmay land: \($0)" }.joined()
    }
}
