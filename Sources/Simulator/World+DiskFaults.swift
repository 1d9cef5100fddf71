public import PoolModel

/// Faults of the shared disk and of the ways to it, in words.
extension World {
    // MARK: Paths

    /// The storage cable of this host is pulled: I/O hangs.
    public func cutStorage(of host: Int) { setPath(hosts[host], .stalled) }

    /// The storage of this host answers with errors.
    public func failStorage(of host: Int) { setPath(hosts[host], .erroring) }

    /// The storage path of this host works again.
    public func healStorage(of host: Int) { setPath(hosts[host], .healthy) }

    /// The array is gone: I/O of every host hangs.
    public func cutAllStorage() { for host in hosts { setPath(host, .stalled) } }

    /// The array answers every host with errors.
    public func failAllStorage() { for host in hosts { setPath(host, .erroring) } }

    /// The array is back for every host at once.
    public func healAllStorage() { for host in hosts { setPath(host, .healthy) } }

    /// The host's session with the target is lost: the I/O under way gets no answer, its write may land
    /// later, the next one goes over a new session.
    public func loseSession(of host: Int) {
        note(.fault(.sessionLost, nil), on: hosts[host])
        abandonCurrent(of: hosts[host])
        settle(hosts[host])
    }

    /// Changes how the disk treats every I/O from now on: latency, late landing, tearing.
    public func changeStorage(_ change: (inout StorageManners) -> Void) {
        let blockBytes = settings.storage.blockBytes
        change(&settings.storage)
        settings.storage.blockBytes = blockBytes
    }

    // MARK: Single I/O

    /// The next write of this host that reaches the disk tears, and is answered with an error.
    public func tearNextWrite(of host: Int) {
        hosts[host].nextIO.tearsWrite = true
        note(.fault(.writeTears, nil), on: hosts[host])
    }

    /// The next write of this host that reaches the disk fails and leaves nothing behind.
    public func failNextWrite(of host: Int) {
        hosts[host].nextIO.failsWrite = true
        note(.fault(.writeFails, nil), on: hosts[host])
    }

    /// The next read of this host that reaches the disk fails.
    public func failNextRead(of host: Int) {
        hosts[host].nextIO.failsRead = true
        note(.fault(.readFails, nil), on: hosts[host])
    }

    // MARK: The medium

    /// The slot of this host on the disk becomes unreadable until it is written again.
    public func spoilSlot(of host: Int, _ verdict: SlotReading.Verdict = .torn) {
        spoil(hosts[host], verdict)
        note(.fault(.slotSpoilt, nil), on: hosts[host])
    }

    /// A ballot sub-block of this host that does not hold its newest record becomes unreadable.
    public func spoilOldBallot(of host: Int) {
        spoilOldSubBlock(hosts[host])
        note(.fault(.ballotSpoilt, nil), on: hosts[host])
    }
}
