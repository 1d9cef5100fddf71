import LivesetEngine
import NodeRuntime
import PoolModel

/// The storage loop of each host over the shared disk: each step of a round, and how long it takes.
extension World {
    // MARK: Rounds

    /// The engine loop hands a round over; the storage loop must be idle.
    func handOver(_ request: RoundRequest, of host: SimulatedHost, _ board: RunBoard) {
        guard board.round == .idle else {
            return broken("ORDERS", "startRound while a round is under way on \(host.index)")
        }
        board.request = request
        board.round = .waiting
        if settings.tracesChatter {
            note(.roundStarted(id: request.id, ballot: request.ballot != nil), on: host)
        }
        checkRound(host, request)
        board.woken.insert(.storage)
    }

    /// The storage thread looks for a round.
    func storageIsWoken(_ host: SimulatedHost) {
        guard let run = host.run, run.board.round == .waiting else { return }
        if run.storage.frozenUntil > time {
            run.storage.isDue = true
            return
        }
        run.board.round = .underWay
        if settings.storage.givesUp {
            queue.schedule(
                .roundDeadline,
                at: time + host.clock.worldLength(of: host.settings.timing.ioDeadline),
                host: host.index.row,
                run: host.runNumber,
                item: Int(run.board.request.id & 0x7FFF_FFFF)
            )
        }
        let step = run.round.begin(
            run.board.request,
            into: run.board.result,
            startedAt: host.now,
            unsettled: unsettled(of: host).subBlocks
        )
        take(step, host, run)
    }

    /// The round comes to its next step.
    private func take(_ step: StatefileStep, _ host: SimulatedHost, _ run: DaemonRun) {
        run.storage.step = step
        if step == .readSlots, !host.triggers.isEmpty, strike(host, before: .read) {
            guard host.run === run else { return }
            if run.storage.frozenUntil > time {
                run.storage.hasStepInHand = true
                return
            }
        }
        carryOut(step, host, run)
    }

    private func carryOut(_ step: StatefileStep, _ host: SimulatedHost, _ run: DaemonRun) {
        switch step {
        case .writeBallot(let subBlock): issueWrite(.ballotWrite, subBlock, host, run)
        case .writeSlot: issueWrite(.slotWrite, 0, host, run)
        case .readSlots: issueRead(.slotRead, host, run)
        case .readBallots: issueRead(.ballotRead, host, run)
        case .end: endRound(host, run)
        }
    }

    private func issueWrite(
        _ kind: StorageOperation.Kind,
        _ subBlock: Int,
        _ host: SimulatedHost,
        _ run: DaemonRun
    ) {
        let index = operations.add(
            StorageOperation(
                host: host.index.rawValue,
                run: host.runNumber,
                kind: kind,
                subBlock: UInt8(subBlock)
            )
        )
        run.round.withOwnRecord { record, byteCount in
            operations.setRecord(of: index, record, byteCount: byteCount)
        }
        run.storage.current = index
        travel(index, host)
    }

    private func issueRead(_ kind: StorageOperation.Kind, _ host: SimulatedHost, _ run: DaemonRun) {
        let index = operations.add(
            StorageOperation(host: host.index.rawValue, run: host.runNumber, kind: kind)
        )
        run.storage.current = index
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
        operations[index].isHeld = true
        host.held.append(index)
    }

    private func endRound(_ host: SimulatedHost, _ run: DaemonRun) {
        let unsettled = unsettled(of: host)
        run.round.conclude(
            run.board.request,
            into: run.board.result,
            unsettled: unsettled.subBlocks,
            formerLivesSettled: unsettled.formerLives == 0
        )
        run.board.round = .ended
        run.board.woken.insert(.engine)
    }

    /// The writes of a host that may still land: its sub-blocks, as bits, and how many are of former runs.
    private func unsettled(of host: SimulatedHost) -> (subBlocks: UInt8, formerLives: Int) {
        var subBlocks: UInt8 = 0
        var formerLives = 0
        for operation in operations.operations
        where operation.host == host.index.rawValue && operation.mayLand {
            if operation.run != host.runNumber { formerLives += 1 }
            if operation.kind == .ballotWrite { subBlocks |= 1 << operation.subBlock }
        }
        return (subBlocks, formerLives)
    }

    // MARK: At the disk

    /// An I/O reaches the disk, if its path still leads there.
    func reachDisk(_ index: Int) {
        let host = hosts[Int(operations[index].host)]
        let isLate = operations[index].isAbandoned
        if isLate, !operations[index].isDelayed, operations[index].mayLand, random.oneIn(2) {
            return delay(index)
        }
        if !isLate, host.path == .stalled, random.oneIn(2) { return hold(index, host) }
        if !isLate, failsAtDisk(index, host) { return completeOperation(index) }
        if operations[index].isWrite {
            guard land(index) else { return }
        } else {
            sample(index, host)
        }
        if host.path == .stalled, !isLate { return hold(index, host) }
        if isLate || random.below(4) != 0 { return completeOperation(index) }
        let latency = random.span(settings.storage.latency.lowerBound, settings.storage.latency.upperBound)
        queue.schedule(.ioCompletes, at: time + latency.nanoseconds, host: host.index.row, item: index)
    }

    /// Whether the disk answers this I/O with an error; a write that tears leaves a part of itself behind.
    private func failsAtDisk(_ index: Int, _ host: SimulatedHost) -> Bool {
        if random.oneIn(settings.storage.failsOneIn) { return true }
        guard operations[index].isWrite else {
            defer { host.nextIO.failsRead = false }
            return host.nextIO.failsRead
        }
        defer { (host.nextIO.failsWrite, host.nextIO.tearsWrite) = (false, false) }
        if host.nextIO.tearsWrite { write(index, 0..<1 + random.below(operations[index].byteCount / 2)) }
        return host.nextIO.failsWrite || host.nextIO.tearsWrite
    }

    /// A write that nobody waits for takes its time.
    private func delay(_ index: Int) {
        operations[index].isDelayed = true
        let delay = random.span(.zero, settings.storage.latestLanding)
        queue.schedule(
            .ioReachesDisk,
            at: time + delay.nanoseconds,
            host: Int(operations[index].host),
            item: index
        )
    }

    /// A write reaches the medium; false when only a part of it does.
    private func land(_ index: Int) -> Bool {
        let operation = operations[index]
        if operation.tears {
            write(index, 0..<1 + random.below(operation.byteCount - 1))
            if random.oneIn(2) {
                let delay = random.span(.zero, settings.storage.latestLanding)
                queue.schedule(
                    .tearMends,
                    at: time + delay.nanoseconds,
                    host: Int(operation.host),
                    item: index
                )
            } else {
                operations.remove(index)
            }
            return false
        }
        write(index, 0..<operation.byteCount)
        operations[index].hasLanded = true
        if operation.kind == .slotWrite, random.oneIn(settings.storage.repeatsOneIn) { repeatWrite(index) }
        return true
    }

    private func write(_ index: Int, _ part: Range<Int>) {
        let operation = operations[index]
        let host = hosts[Int(operation.host)]
        operations.land(index, part, on: disk)
        if operation.kind == .slotWrite {
            noteSlotLanding(host, isLate: operation.isAbandoned)
        } else {
            noteBallotLanding(host, subBlock: Int(operation.subBlock))
        }
    }

    /// The rest of a torn write arrives.
    func mendTear(_ index: Int) {
        write(index, 0..<operations[index].byteCount)
        operations.remove(index)
    }

    /// The path executes a slot write a second time, later ([DEAD-1]: `pathMayRepeatWrites`).
    private func repeatWrite(_ index: Int) {
        var copy = operations[index]
        (copy.hasLanded, copy.isAbandoned, copy.isHeld, copy.isDelayed) = (false, true, false, true)
        let place = operations.add(copy)
        operations.copyRecord(from: index, to: place)
        let delay = random.span(.zero, settings.storage.latestRepeat)
        queue.schedule(.ioReachesDisk, at: time + delay.nanoseconds, host: Int(copy.host), item: place)
    }

    /// A read takes what stands on the medium now, if anyone still waits for it.
    private func sample(_ index: Int, _ host: SimulatedHost) {
        operations[index].hasLanded = true
        guard let run = host.run, run.storage.current == index, !operations[index].isAbandoned else { return }
        let kind = operations[index].kind
        run.round.withReadArea { area, _ in disk.read(kind, into: &area) }
    }

    // MARK: Answers

    /// The answer of an I/O reaches its host.
    func completeOperation(_ index: Int) {
        let operation = operations[index]
        let host = hosts[Int(operation.host)]
        guard let run = host.run, run.storage.current == index, !operation.isAbandoned else {
            // An error was under way, or the answer to something done: it can land no more.
            return operations.remove(index)
        }
        if host.path == .stalled { return hold(index, host) }
        let succeeded = operation.hasLanded && host.path == .healthy
        if run.storage.frozenUntil > time {
            run.storage.waitingAnswer = succeeded
            return
        }
        takeAnswer(host, run, succeeded: succeeded)
    }

    private func takeAnswer(_ host: SimulatedHost, _ run: DaemonRun, succeeded: Bool) {
        guard let index = run.storage.current else { return }
        let operation = operations[index]
        run.storage.current = nil
        operations.remove(index)
        guard operation.isWrite else {
            return take(
                run.round.didRead(succeeded, run.board.request, into: run.board.result),
                host,
                run
            )
        }
        if operation.kind == .slotWrite, host.stallsAfterSlot {
            host.stallsAfterSlot = false
            setPath(host, .stalled)
        }
        let outcome: WriteOutcome = succeeded ? .succeeded : (operation.hasLanded ? .unknown : .failed)
        take(run.round.wrote(outcome, run.board.request, into: run.board.result), host, run)
    }

    /// The deadline of a round: a loop that gives up does so now.
    func roundDeadline(_ host: SimulatedHost, round: Int32) {
        guard let run = host.run, run.board.round == .underWay else { return }
        guard Int32(run.board.request.id & 0x7FFF_FFFF) == round else { return }
        if run.storage.frozenUntil > time {
            run.storage.hasWaitingDeadline = run.storage.waitingAnswer == nil
            return
        }
        giveUp(host, run)
    }

    func giveUp(_ host: SimulatedHost, _ run: DaemonRun) {
        guard let index = run.storage.current else { return }
        let isWrite = operations[index].isWrite
        run.storage.current = nil
        abandon(index)
        let step =
            isWrite
            ? run.round.wrote(.unknown, run.board.request, into: run.board.result)
            : run.round.didRead(false, run.board.request, into: run.board.result)
        take(step, host, run)
    }

    /// The storage thread runs again after a stop.
    func thawStorage(_ host: SimulatedHost) {
        guard let run = host.run else { return }
        if run.storage.isDue {
            run.storage.isDue = false
            return storageIsWoken(host)
        }
        if run.storage.hasStepInHand {
            run.storage.hasStepInHand = false
            return carryOut(run.storage.step, host, run)
        }
        if let succeeded = run.storage.waitingAnswer {
            run.storage.waitingAnswer = nil
            run.storage.hasWaitingDeadline = false
            return takeAnswer(host, run, succeeded: succeeded)
        }
        guard run.storage.hasWaitingDeadline else { return }
        run.storage.hasWaitingDeadline = false
        giveUp(host, run)
    }
}
