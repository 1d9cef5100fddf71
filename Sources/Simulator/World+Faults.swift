public import LivesetEngine
import NodeRuntime
public import PoolModel

/// Faults of whole hosts and daemons, and what operators do, in words; those of networks, disk and devices
/// stand in files of their own.
///
/// Each takes effect at once and stays until it is mended, where it can be.
extension World {
    // MARK: Power and daemon

    /// The plug is pulled.
    public func powerOff(_ host: Int) { losePower(hosts[host]) }

    /// The plug is back; the host boots.
    public func powerOn(_ host: Int) { givePower(hosts[host]) }

    /// A person resets the host; it boots under a new boot id.
    public func reboot(_ host: Int) { reset(hosts[host], .person) }

    /// The daemon crashes and is started again soon; kernel, guests and watchdog go on.
    public func crashDaemon(_ host: Int) { crash(hosts[host]) }

    /// A person restarts the daemon (maintenance is over, or an upgrade).
    public func restartDaemon(_ host: Int) { restart(hosts[host]) }

    /// Threads of the daemon stand still for so long; clock, guests and watchdog go on.
    public func freeze(_ host: Int, for length: TimeSpan, _ threads: HostThreads = .all) {
        standStill(hosts[host], for: length, threads)
    }

    /// A fault that waits for the host to be between two of its own acts.
    public func interrupt(_ host: Int, _ interruption: Interruption) {
        hosts[host].triggers.append(interruption)
    }

    // MARK: Everything

    /// Mends every path, link and device, ends every freeze to come, and gives power back.
    public func healEverything() {
        for host in hosts {
            host.triggers.removeAll()
            host.mendDevices()
            setPath(host, .healthy)
        }
        for host in hosts.indices where fabric.hasCut(at: HostIndex(host)) || hosts[host].carriersLost != 0 {
            healNetwork(of: host)
        }
        releaseAll()
        fabric.corrupting.removeAll()
        for host in hosts { givePower(host) }
        for host in hosts.indices where hosts[host].phase == .leaving { request(.stay, of: host) }
        restartLeft()
        if let first = hosts.first { note(.fault(.healed, nil), on: first) }
    }

    /// Who left cleanly comes back when a person starts the daemon again.
    public func restartLeft() {
        for host in hosts where host.phase == .left { restart(host) }
    }

    // MARK: Operators

    /// An operator asks something of a host's engine; nil when no daemon runs there or it stands still.
    @discardableResult
    public func request(_ request: OperatorRequest, of host: Int) -> RequestAnswer? {
        let host = hosts[host]
        guard let run = host.run, !run.isStoppedAtOrder, !run.isFrozen(.engine, at: time) else { return nil }
        run.lastTicket += 1
        let input = EngineInput.requested(request, ticket: run.lastTicket)
        guard run.engineLink.post(input, by: .bridge) else { return nil }
        // He waits for the answer.
        runNow([.engine, .bridge], of: host)
        settle(host)
        guard let answer = run.lastAnswer, answer.ticket == run.lastTicket else { return nil }
        return answer.answer
    }

    /// The pool's key is changed on this host: from its next daemon run on it signs with one and takes both.
    public func setKeys(_ host: Int, current: UInt64, previous: UInt64?) {
        (hosts[host].key, hosts[host].previousKey) = (current, previous)
        disk.add(key: current)
    }

    // MARK: What is allowed

    /// From now on at most `count` hosts may be stopped by fencing ([LIVE-2]); nil allows any number.
    public func limitFences(to count: Int?) {
        oracle.fencesAllowed = count
        oracle.fencesCounted = 0
    }
}
