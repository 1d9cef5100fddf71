import PoolModel
import StatefileLayout

/// What becomes of I/O whose issuer no longer waits, and of the paths it hangs in.
extension World {
    /// Nobody waits for this I/O any more; a write may land later, within `latestLanding` of when it can.
    func abandon(_ index: Int) {
        let operation = operations[index]
        operations[index].isAbandoned = true
        if !operation.mayLand {
            // An answer that is still in the queue, or held, frees its place when it arrives.
            if operation.isHeld { release(held: index) }
        }
    }

    private func release(held index: Int) {
        hosts[Int(operations[index].host)].held.removeAll { $0 == index }
        operations.remove(index)
    }

    /// A daemon is gone: all its I/O is nobody's now.
    func leaveOperationsBehind(_ host: SimulatedHost, _ run: DaemonRun) {
        if run.storage.waitingAnswer != nil, let answered = run.storage.current {
            // Its answer came and was not taken: nothing of it is under way any more.
            operations.remove(answered)
        }
        for index in operations.indices {
            let operation = operations[index]
            guard operation.isInUse, operation.host == host.index.rawValue, !operation.isAbandoned else {
                continue
            }
            abandon(index)
        }
    }

    /// A host loses power or is reset: what it had sent is dropped, torn, or lands later.
    func tearOperations(of host: SimulatedHost) {
        let manners = settings.storage
        for index in operations.indices {
            let operation = operations[index]
            guard operation.host == host.index.rawValue, operation.mayLand else { continue }
            if random.oneIn(manners.tearsOneIn) { operations[index].tears = true }
        }
    }

    /// The state of a host's path changes.
    func setPath(_ host: SimulatedHost, _ state: PathState) {
        guard host.path != state else { return }
        host.path = state
        let word: FaultWord =
            switch state {
            case .healthy: .storageBack
            case .stalled: .storageStalls
            case .erroring: .storageErrors
            }
        note(.fault(word, nil), on: host)
        guard state != .stalled else { return }
        let waiting = host.held
        host.held.removeAll(keepingCapacity: true)
        for index in waiting { resume(index, host) }
    }

    /// An I/O that hung in the path goes on, in any order with the others.
    private func resume(_ index: Int, _ host: SimulatedHost) {
        let operation = operations[index]
        operations[index].isHeld = false
        if operation.isAbandoned {
            guard operation.mayLand, random.oneIn(settings.storage.lateWriteLandsOneIn) else {
                return operations.remove(index)
            }
            operations[index].isDelayed = true
            let delay = random.span(.zero, settings.storage.latestLanding)
            return queue.schedule(
                .ioReachesDisk,
                at: time + delay.nanoseconds,
                host: host.index.row,
                item: index
            )
        }
        let latency = random.span(
            settings.storage.latency.lowerBound,
            settings.storage.latency.upperBound * 4
        )
        let kind: EventKind = operation.hasLanded || host.path == .erroring ? .ioCompletes : .ioReachesDisk
        queue.schedule(kind, at: time + latency.nanoseconds, host: host.index.row, item: index)
    }

    /// The I/O under way gets no answer any more; its thread learns that at once, or when it thaws.
    func abandonCurrent(of host: SimulatedHost) {
        guard let run = host.run, run.storage.current != nil, run.storage.waitingAnswer == nil else { return }
        if run.storage.frozenUntil > time {
            run.storage.hasWaitingDeadline = true
        } else {
            giveUp(host, run)
        }
    }

    // MARK: The medium

    /// The bytes of a slot become others.
    func spoil(_ host: SimulatedHost, _ verdict: SlotReading.Verdict) {
        let place = disk.codec.geometry.slot(of: host.index)
        let bits = UInt8(truncatingIfNeeded: random.next())
        switch verdict {
        case .valid: break
        // Last words and what follows: the checksum is wrong from then on.
        case .torn: disk.spoil(place.lowerBound + 200..<place.lowerBound + 208, with: bits)
        // The magic: no slot at all.
        case .foreign: disk.spoil(place.lowerBound..<place.lowerBound + 4, with: bits)
        }
    }

    /// The bytes of a ballot sub-block that does not hold the newest record become others.
    func spoilOldSubBlock(_ host: SimulatedHost) {
        let newest = Int(disk.newest[host.index.row].newestSubBlock)
        let subBlock =
            (newest + 1 + random.below(StatefileShape.ballotSubBlocks - 1)) % StatefileShape.ballotSubBlocks
        let place = disk.codec.geometry.ballot(of: host.index, subBlock: subBlock)
        disk.spoil(
            place.lowerBound + 40..<place.lowerBound + 48,
            with: UInt8(truncatingIfNeeded: random.next())
        )
        disk.ballotChanged(of: host.index, subBlock: subBlock)
        checkBallotOnDisk(of: host.index)
    }
}
