public import LivesetEngine
public import PoolModel

/// The faults, in words. Each takes effect at once and stays until it is mended, where it can be.
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

    /// Sysrq does nothing on this host: a self-fence then takes the watchdog's time.
    public func breakSysrq(_ host: Int) {
        hosts[host].sysrqBroken = true
        note(.fault(.sysrqBroken, nil), on: hosts[host])
    }

    /// The next write of this host's own file fails.
    public func failNextPersist(_ host: Int) {
        hosts[host].persistFails = true
        note(.fault(.persistFails, nil), on: hosts[host])
    }

    /// The next run of this host's daemon cannot read its own file.
    public func loseFile(of host: Int) { hosts[host].fileUnreadable = true }

    /// The watchdog device of this host cannot be opened, or can be again.
    public func failWatchdog(_ host: Int, _ fails: Bool = true) {
        hosts[host].watchdogFails = fails
        note(.fault(.watchdogFails, nil), on: hosts[host])
    }

    /// The watchdog device of this host takes another timeout than it is asked for.
    public func setWatchdogReadBack(_ host: Int, _ timeout: TimeSpan?) {
        hosts[host].watchdogReadBack = timeout
    }

    /// Puts unprotected guests onto a host, or stops them: what the daemon is told about guests.
    public func setGuests(_ host: Int, running: Bool) {
        guard hosts[host].isUp else { return }
        hosts[host].guests = running ? hosts[host].guests | (1 << 63) : 0
        feed(.guests(running: hosts[host].guests != 0), to: hosts[host])
    }

    /// The last self-fences of this host count no more ([FAULT-8]).
    public func forgetSelfFences(_ host: Int) { hosts[host].selfFencesInRow = 0 }

    // MARK: Storage

    /// The storage cable of this host is pulled: I/O hangs.
    public func cutStorage(of host: Int) { setPath(hosts[host], .stalled) }

    /// The storage of this host answers with errors.
    public func failStorage(of host: Int) { setPath(hosts[host], .erroring) }

    /// The storage path of this host works again.
    public func healStorage(of host: Int) { setPath(hosts[host], .healthy) }

    /// The array is gone: I/O of every host hangs.
    public func cutAllStorage() { for host in hosts { setPath(host, .stalled) } }

    /// The array is back for every host at once.
    public func healAllStorage() { for host in hosts { setPath(host, .healthy) } }

    /// The slot of this host on the disk becomes unreadable until it is written again.
    public func spoilSlot(of host: Int, _ verdict: SlotReading.Verdict = .torn) {
        oracle.fingerprints += 1
        disk.spoilSlot(of: HostIndex(host), verdict, fingerprint: 1000 + oracle.fingerprints)
        note(.fault(.slotSpoilt, nil), on: hosts[host])
    }

    // MARK: Network

    /// The network cable of this host is pulled: nothing gets in or out, the carrier is gone.
    public func cutNetwork(of host: Int) {
        isolate(host)
        hosts[host].carrierLost = true
        observeLinks(hosts[host])
        note(.fault(.networkCut, nil), on: hosts[host])
    }

    /// Nothing gets in or out, but the carrier stays: a switch that forwards nothing.
    public func silenceNetwork(of host: Int) {
        isolate(host)
        note(.fault(.networkSilent, nil), on: hosts[host])
    }

    /// The network of this host works again, in every direction.
    public func healNetwork(of host: Int) {
        for peer in hosts {
            fabric.cut[peer.index.row].remove(HostIndex(host))
            fabric.cut[host].remove(peer.index)
        }
        hosts[host].carrierLost = false
        observeLinks(hosts[host])
        note(.fault(.networkBack, nil), on: hosts[host])
    }

    /// Datagrams from one host to another are lost from now on; the other direction is left alone.
    public func cutLink(from sender: Int, to receiver: Int) {
        fabric.cut[sender].insert(HostIndex(receiver))
        note(.fault(.linkCut, HostIndex(receiver)), on: hosts[sender])
    }

    /// Datagrams from one host to another arrive again.
    public func healLink(from sender: Int, to receiver: Int) {
        fabric.cut[sender].remove(HostIndex(receiver))
        note(.fault(.linkBack, HostIndex(receiver)), on: hosts[sender])
    }

    /// Neither of the two hears the other.
    public func cutLinks(between one: Int, and other: Int) {
        cutLink(from: one, to: other)
        cutLink(from: other, to: one)
    }

    /// The whole heartbeat network is gone: one dead switch, every carrier with it.
    public func cutAllNetwork(carrierGone: Bool = true) {
        for host in 0..<settings.hostCount {
            if carrierGone { cutNetwork(of: host) } else { silenceNetwork(of: host) }
        }
    }

    /// The whole heartbeat network is back.
    public func healAllNetwork() { for host in 0..<settings.hostCount { healNetwork(of: host) } }

    private func isolate(_ host: Int) {
        for peer in hosts where peer.index.row != host {
            fabric.cut[peer.index.row].insert(HostIndex(host))
            fabric.cut[host].insert(peer.index)
        }
    }

    private func observeLinks(_ host: SimulatedHost) {
        guard host.linksUp == host.carrierLost else { return }
        host.linksUp = !host.carrierLost
        let delay = random.span(.zero, .seconds(0.3))
        queue.schedule(.linksSeen, at: time + delay.nanoseconds, host: host.index.row, run: host.run)
    }

    // MARK: Everything

    /// Mends every path, link and device, ends every freeze to come, and gives power back.
    public func healEverything() {
        for host in hosts {
            host.triggers.removeAll()
            (host.sysrqBroken, host.persistFails, host.watchdogFails) = (false, false, false)
            host.stallsAfterSlot = false
            setPath(host, .healthy)
        }
        for host in hosts.indices where !fabric.cut[host].isEmpty || hosts[host].carrierLost {
            healNetwork(of: host)
        }
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
        guard host.daemonRuns, host.resumeAt == nil, !host.isFrozen(.engine, at: time) else { return nil }
        host.orders.removeAll()
        let now = host.clock.reading(at: time)
        let answer = host.engine?.requested(request, now: now, into: &host.orders)
        carryOutOrders(of: host, from: 0)
        return answer
    }
}
