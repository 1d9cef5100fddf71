import LivesetEngine
import PoolModel

/// The storage worker of each host over the shared disk: rounds, deadlines, stalls and late writes.
extension World {
    // MARK: Rounds

    /// The engine hands a round over; the worker must be idle.
    func startRound(_ host: SimulatedHost) {
        if host.worker.isBusy {
            return broken("ORDERS", "startRound while a round is under way on \(host.index)")
        }
        host.request = host.orders.round
        if settings.tracesChatter {
            note(.roundStarted(id: host.request.id, ballot: host.request.ballot != nil), on: host)
        }
        checkRound(host)
        host.worker = StorageWorker()
        host.worker.isBusy = true
        host.worker.step = .ballotWrite
        let now = host.clock.reading(at: time)
        host.worker.deadline = time + host.clock.worldLength(of: host.settings.timing.ioDeadline)
        let result = host.result
        result.id = host.request.id
        (result.issuedAt, result.readIssuedAt, result.completedAt) = (now, now, now)
        (result.slotWrite, result.ballotWrite) = (.notAsked, .notAsked)
        (result.slotsRead, result.ballotsRead) = (false, false)
        if settings.storage.givesUp {
            queue.schedule(
                .roundDeadline,
                at: host.worker.deadline,
                host: host.index.row,
                run: host.run,
                item: Int(host.request.id & 0x7FFF_FFFF)
            )
        }
        if host.isFrozen(.storage, at: time) { host.worker.hasWaitingAnswer = true } else { nextStep(host) }
    }

    /// Issues the next I/O of the round, or ends it.
    private func nextStep(_ host: SimulatedHost) {
        while host.worker.isBusy {
            if host.worker.step == .done || time >= host.worker.deadline { return endRound(host) }
            switch host.worker.step {
            case .ballotWrite:
                if host.request.ballot != nil { return issue(.ballotWrite, host) }
                host.worker.step = .slotWrite
            case .slotWrite:
                if host.request.slot != nil { return issue(.slotWrite, host) }
                host.worker.step = .slotRead
            case .slotRead:
                host.result.readIssuedAt = host.clock.reading(at: time)
                return issue(.slotRead, host)
            case .ballotRead:
                if host.request.readsBallots { return issue(.ballotRead, host) }
                host.worker.step = .done
            case .done:
                return
            }
        }
    }

    private func issue(_ kind: StorageOperation.Kind, _ host: SimulatedHost) {
        var operation = StorageOperation(host: host.index.rawValue, run: host.run, kind: kind)
        if let ballot = host.request.ballot, kind == .ballotWrite { operation.subBlock = ballot.subBlock }
        if operation.isWrite {
            oracle.fingerprints += 1
            operation.fingerprint = 1000 + oracle.fingerprints
        }
        let index = operations.add(operation)
        if kind == .slotWrite, let slot = host.request.slot { operations.slots[index] = slot }
        if kind == .ballotWrite, let ballot = host.request.ballot {
            operations.ballots[index] = ballot.record
        }
        host.worker.current = index
        travel(index, host)
    }

    /// Sends an I/O on its way to the disk.
    private func travel(_ index: Int, _ host: SimulatedHost) {
        let latency = random.span(settings.storage.latency.lowerBound, settings.storage.latency.upperBound)
        switch host.path {
        case .healthy:
            queue.schedule(.ioReachesDisk, at: time + latency.nanoseconds, host: host.index.row, item: index)
        case .stalled: hold(index, host)
        case .erroring:
            queue.schedule(.ioCompletes, at: time + latency.nanoseconds, host: host.index.row, item: index)
        }
    }

    private func hold(_ index: Int, _ host: SimulatedHost) {
        operations.operations[index].isHeld = true
        host.held.append(index)
    }

    private func endRound(_ host: SimulatedHost) {
        host.worker.step = .done
        let result = host.result
        result.completedAt = host.clock.reading(at: time)
        result.formerLivesSettled = true
        result.unsettledSubBlocks = 0
        for operation in operations.operations
        where operation.host == host.index.rawValue && operation.mayLand {
            if operation.run != host.run { result.formerLivesSettled = false }
            if operation.kind == .ballotWrite { result.unsettledSubBlocks |= 1 << operation.subBlock }
        }
        feed(.round, to: host)
    }

    // MARK: At the disk

    /// An I/O reaches the disk, if its path still leads there.
    func reachDisk(_ index: Int) {
        let host = hosts[Int(operations.operations[index].host)]
        let isLate = operations.operations[index].isAbandoned
        if isLate, !operations.operations[index].isDelayed, operations.operations[index].mayLand,
            random.oneIn(2)
        {
            return delay(index)
        }
        if !isLate, host.path == .stalled, random.oneIn(2) { return hold(index, host) }
        if operations.operations[index].isWrite {
            guard land(index) else { return }
        } else {
            sample(index, host)
        }
        if host.path == .stalled, !isLate { return hold(index, host) }
        if isLate || random.below(4) != 0 { return completeOperation(index) }
        let latency = random.span(settings.storage.latency.lowerBound, settings.storage.latency.upperBound)
        queue.schedule(.ioCompletes, at: time + latency.nanoseconds, host: host.index.row, item: index)
    }

    /// A write that nobody waits for takes its time.
    private func delay(_ index: Int) {
        operations.operations[index].isDelayed = true
        let delay = random.span(.zero, settings.storage.latestLanding)
        queue.schedule(
            .ioReachesDisk,
            at: time + delay.nanoseconds,
            host: Int(operations.operations[index].host),
            item: index
        )
    }

    /// A write reaches the medium; false when only half of it does.
    private func land(_ index: Int) -> Bool {
        let operation = operations.operations[index]
        let owner = HostIndex(Int(operation.host))
        if operation.tears {
            if operation.kind == .slotWrite {
                disk.spoilSlot(of: owner, .torn, fingerprint: operation.fingerprint ^ 0xFFFF_0000_0000)
            } else {
                disk.writeBallot(nil, of: owner, subBlock: Int(operation.subBlock))
                checkBallotOnDisk(of: owner)
            }
            if random.oneIn(2) {
                let delay = random.span(.zero, settings.storage.latestLanding)
                queue.schedule(.tearMends, at: time + delay.nanoseconds, host: owner.row, item: index)
            } else {
                operations.remove(index)
            }
            return false
        }
        write(index)
        operations.operations[index].hasLanded = true
        if operation.kind == .slotWrite, random.oneIn(settings.storage.repeatsOneIn) { repeatWrite(index) }
        return true
    }

    private func write(_ index: Int) {
        let operation = operations.operations[index]
        let host = hosts[Int(operation.host)]
        if operation.kind == .slotWrite {
            disk.writeSlot(operations.slots[index], fingerprint: operation.fingerprint)
            noteSlotLanding(host, index, isLate: operation.isAbandoned)
        } else {
            disk.writeBallot(operations.ballots[index], of: host.index, subBlock: Int(operation.subBlock))
            noteBallotLanding(host, index)
        }
    }

    /// The rest of a torn write arrives.
    func mendTear(_ index: Int) {
        write(index)
        operations.remove(index)
    }

    /// The path executes a slot write a second time, later ([DEAD-1]: `pathMayRepeatWrites`).
    private func repeatWrite(_ index: Int) {
        var copy = operations.operations[index]
        (copy.hasLanded, copy.isAbandoned, copy.isHeld, copy.isDelayed) = (false, true, false, true)
        let place = operations.add(copy)
        operations.slots[place] = operations.slots[index]
        let delay = random.span(.zero, settings.storage.latestRepeat)
        queue.schedule(.ioReachesDisk, at: time + delay.nanoseconds, host: Int(copy.host), item: place)
    }

    /// A read takes what stands on the medium now, if anyone still waits for it.
    private func sample(_ index: Int, _ host: SimulatedHost) {
        operations.operations[index].hasLanded = true
        guard host.worker.current == index, !operations.operations[index].isAbandoned else { return }
        let result = host.result
        if operations.operations[index].kind == .slotRead {
            for row in 0..<settings.hostCount {
                if result.slots[row].fingerprint == disk.slots[row].fingerprint,
                    result.slots[row].verdict == disk.slots[row].verdict
                {
                    continue
                }
                result.slots[row] = disk.slots[row]
            }
        } else {
            for row in 0..<settings.hostCount where host.ballotVersionsRead[row] != disk.ballotVersions[row] {
                result.ballots[row] = disk.newest[row]
                host.ballotVersionsRead[row] = disk.ballotVersions[row]
            }
        }
    }

    // MARK: Answers

    /// The answer of an I/O reaches its host.
    func completeOperation(_ index: Int) {
        let operation = operations.operations[index]
        let host = hosts[Int(operation.host)]
        if operation.isAbandoned || host.worker.current != index {
            // An error was under way, or the answer to something done: it can land no more.
            return operations.remove(index)
        }
        if host.path == .stalled { return hold(index, host) }
        let succeeded = operation.hasLanded && host.path == .healthy
        if host.isFrozen(.storage, at: time) {
            host.worker.hasWaitingAnswer = true
            host.worker.waitingAnswerSucceeded = succeeded
            return
        }
        takeAnswer(host, succeeded: succeeded)
    }

    private func takeAnswer(_ host: SimulatedHost, succeeded: Bool) {
        guard let index = host.worker.current else { return nextStep(host) }
        let operation = operations.operations[index]
        host.worker.current = nil
        operations.remove(index)
        let outcome: WriteOutcome = succeeded ? .succeeded : (operation.hasLanded ? .unknown : .failed)
        switch operation.kind {
        case .ballotWrite:
            host.result.ballotWrite = outcome
            host.worker.step = .slotWrite
        case .slotWrite:
            host.result.slotWrite = outcome
            host.worker.step = .slotRead
            if host.stallsAfterSlot {
                host.stallsAfterSlot = false
                setPath(host, .stalled)
            }
        case .slotRead:
            host.result.slotsRead = succeeded
            host.worker.step = .ballotRead
        case .ballotRead:
            host.result.ballotsRead =
                succeeded
                && host.result.ballots.indices.allSatisfy {
                    host.result.ballots[$0].validCount > 0
                }
            host.worker.step = .done
        }
        nextStep(host)
    }

    /// The deadline of a round: a worker that gives up does so now.
    func roundDeadline(_ host: SimulatedHost, round: Int32) {
        guard host.worker.isBusy, host.worker.step != .done else { return }
        guard Int32(host.request.id & 0x7FFF_FFFF) == round else { return }
        if host.isFrozen(.storage, at: time) {
            host.worker.hasWaitingDeadline = !host.worker.hasWaitingAnswer
            return
        }
        giveUp(host)
    }

    private func giveUp(_ host: SimulatedHost) {
        if let index = host.worker.current {
            let operation = operations.operations[index]
            host.worker.current = nil
            switch operation.kind {
            case .ballotWrite: host.result.ballotWrite = .unknown
            case .slotWrite: host.result.slotWrite = .unknown
            case .slotRead, .ballotRead: break
            }
            abandon(index)
        }
        endRound(host)
    }

    /// The storage thread runs again after a stop.
    func thawStorage(_ host: SimulatedHost) {
        guard host.worker.isBusy, host.worker.step != .done else { return }
        if host.worker.hasWaitingAnswer {
            host.worker.hasWaitingAnswer = false
            return takeAnswer(host, succeeded: host.worker.waitingAnswerSucceeded)
        }
        guard host.worker.hasWaitingDeadline else { return }
        host.worker.hasWaitingDeadline = false
        giveUp(host)
    }
}
