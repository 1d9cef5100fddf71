public import PoolModel

/// Faults of a host's devices, in words.
extension World {
    // MARK: Sysrq and watchdog

    /// Sysrq does nothing on this host: a self-fence then takes the watchdog's time.
    public func breakSysrq(_ host: Int) {
        hosts[host].sysrqBroken = true
        note(.fault(.sysrqBroken, nil), on: hosts[host])
    }

    /// Sysrq works again on this host.
    public func mendSysrq(_ host: Int) {
        hosts[host].sysrqBroken = false
        note(.fault(.sysrqMended, nil), on: hosts[host])
    }

    /// The watchdog device of this host cannot be opened, or can be again.
    public func failWatchdog(_ host: Int, _ fails: Bool = true) {
        hosts[host].watchdogFails = fails
        note(.fault(.watchdogFails, nil), on: hosts[host])
    }

    /// The watchdog device of this host takes no food, or does again; its countdown goes on.
    public func failFeeds(_ host: Int, _ fails: Bool = true) {
        hosts[host].feedsFail = fails
        note(.fault(.feedsFail, nil), on: hosts[host])
    }

    /// The watchdog device of this host takes another timeout than it is asked for.
    public func setWatchdogReadBack(_ host: Int, _ timeout: TimeSpan?) {
        hosts[host].watchdogReadBack = timeout
    }

    /// The watchdog driver of this host cannot be stopped once it runs (*nowayout*).
    public func setNoWayOut(_ host: Int, _ hasNone: Bool = true) { hosts[host].hasNoWayOut = hasNone }

    /// How late this host's watchdog resets, from its next feed on.
    public func setWatchdogLateness(_ host: Int, _ lateness: WatchdogLateness) {
        hosts[host].lateness = lateness
    }

    // MARK: Own file

    /// The next write of this host's own file fails.
    public func failNextPersist(_ host: Int) {
        hosts[host].persistFails = true
        note(.fault(.persistFails, nil), on: hosts[host])
    }

    /// Every write of this host's own file fails, or none any more: a full disk.
    public func failPersists(_ host: Int, _ fail: Bool = true) {
        hosts[host].persistsFail = fail
        note(.fault(.persistFails, nil), on: hosts[host])
    }

    /// The own file of this host cannot be read, until it is written again.
    public func spoilOwnFile(_ host: Int) {
        hosts[host].isFileSpoilt = true
        note(.fault(.ownFileSpoilt, nil), on: hosts[host])
    }

    // MARK: Clock

    /// The clock of this host runs fast by so many millionths from now on, -500 to 500, until it boots anew.
    public func setClockRate(of host: Int, partsPerMillion: Int) {
        precondition(abs(partsPerMillion) <= 500, "clock rates are within 500 ppm of the truth")
        hosts[host].clock.changeRate(to: Int64(partsPerMillion), at: time)
    }

    // MARK: Guests

    /// Puts unprotected guests onto a host, or stops them: what the daemon is told about guests.
    public func setGuests(_ host: Int, running: Bool) {
        guard hosts[host].isUp else { return }
        hosts[host].guests = running ? hosts[host].guests | (1 << 63) : 0
        tellGuests(hosts[host])
        settle(hosts[host])
    }

    /// Whether this host can prove that its guests are stopped (cgroup.kill).
    public func setGuestStopProof(_ host: Int, _ proves: Bool) { hosts[host].provesGuestStop = proves }

    /// The last self-fences of this host count no more ([FAULT-8]).
    public func forgetSelfFences(_ host: Int) { hosts[host].selfFencesInRow = 0 }
}
