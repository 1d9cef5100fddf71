import PoolModel

/// What becomes of I/O whose issuer no longer waits, and of the paths it hangs in.
extension World {
    /// Nobody waits for this I/O any more; a write may land later, within `latestLanding` of when it can.
    func abandon(_ index: Int) {
        let operation = operations.operations[index]
        operations.operations[index].isAbandoned = true
        if !operation.mayLand {
            // An answer that is still in the queue, or held, frees its place when it arrives.
            if operation.isHeld { release(held: index) }
        }
    }

    private func release(held index: Int) {
        hosts[Int(operations.operations[index].host)].held.removeAll { $0 == index }
        operations.remove(index)
    }

    /// A daemon is gone: all its I/O is nobody's now.
    func leaveOperationsBehind(_ host: SimulatedHost) {
        if host.worker.hasWaitingAnswer, let answered = host.worker.current {
            // Its answer came and was not taken: nothing of it is under way any more.
            operations.remove(answered)
            host.worker.current = nil
        }
        for index in operations.operations.indices {
            let operation = operations.operations[index]
            guard operation.isInUse, operation.host == host.index.rawValue, !operation.isAbandoned else {
                continue
            }
            abandon(index)
        }
        host.worker.current = nil
    }

    /// A host loses power or is reset: what it had sent is dropped, torn, or lands later.
    func tearOperations(of host: SimulatedHost) {
        let manners = settings.storage
        for index in operations.operations.indices {
            let operation = operations.operations[index]
            guard operation.host == host.index.rawValue, operation.mayLand else { continue }
            if random.oneIn(manners.tearsOneIn) { operations.operations[index].tears = true }
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
        let operation = operations.operations[index]
        operations.operations[index].isHeld = false
        if operation.isAbandoned {
            guard operation.mayLand, random.oneIn(settings.storage.lateWriteLandsOneIn) else {
                return operations.remove(index)
            }
            operations.operations[index].isDelayed = true
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
}
