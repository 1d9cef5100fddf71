import LivesetEngine
import PoolModel

// Rounds: all hosts write, then all read and complete.
extension Situation {
    /// The writes of a round, which succeed at once, fail, or are given up.
    func write(_ host: PoolHost, _ faults: StepFaults, _ bench: PoolBench) {
        guard let order = host.order, !host.hasWritten else { return }
        let result = bench.results[host.row.row]
        result.slotWrite = .notAsked
        result.ballotWrite = .notAsked
        guard order.request.slot != nil || order.request.ballot != nil else { return }
        checkRound(host, order.request)
        var outcome = WriteOutcome.succeeded
        if host.pathIsLost || faults.writeFails.contains(host.row) {
            outcome = .failed
        } else if faults.writeLate.contains(host.row) {
            outcome = .unknown
            lateWrites.append(LateWrite(order: order, host: host.row, run: host.run, due: step + 2))
        } else {
            land(order.request, of: host.row)
        }
        if order.request.slot != nil { result.slotWrite = outcome }
        if order.request.ballot != nil { result.ballotWrite = outcome }
    }

    /// The reads of a round and its completion, unless that is held up.
    func read(_ host: PoolHost, _ faults: StepFaults, _ bench: PoolBench) {
        guard let order = host.order else { return }
        let result = bench.results[host.row.row]
        if host.hasWritten {
            // Begun before a stop, or held up: what was written then is on the disk.
            result.slotWrite = order.request.slot == nil ? .notAsked : .succeeded
            result.ballotWrite = order.request.ballot == nil ? .notAsked : .succeeded
        }
        let gaveUp = result.slotWrite == .unknown || result.ballotWrite == .unknown
        let fails = host.pathIsLost || gaveUp || faults.readFails.contains(host.row)
        if !fails, faults.held.contains(host.row) {
            host.hasWritten = true
            host.held = HeldRound(readIssuedAt: now, slots: slots, ballots: newest)
            return
        }
        complete(host, HeldRound(readIssuedAt: now, slots: slots, ballots: newest), succeeded: !fails, faults, bench)
    }

    /// A round that was held up completes.
    func completeHeld(_ host: PoolHost, _ faults: StepFaults, _ bench: PoolBench) {
        guard let held = host.held, let order = host.order else { return }
        let result = bench.results[host.row.row]
        result.slotWrite = order.request.slot == nil ? .notAsked : .succeeded
        result.ballotWrite = order.request.ballot == nil ? .notAsked : .succeeded
        complete(host, held, succeeded: true, faults, bench)
    }

    private func complete(
        _ host: PoolHost,
        _ sight: HeldRound,
        succeeded: Bool,
        _ faults: StepFaults,
        _ bench: PoolBench
    ) {
        guard let order = host.order else { return }
        let result = bench.results[host.row.row]
        result.id = order.request.id
        result.issuedAt = order.issuedAt
        result.readIssuedAt = sight.readIssuedAt
        result.completedAt = now
        result.slotsRead = succeeded
        result.ballotsRead = succeeded && order.request.readsBallots
        result.slots = sight.slots
        result.ballots = sight.ballots
        result.unsettledSubBlocks = 0
        result.formerLivesSettled = true
        for write in lateWrites where write.host == host.row {
            if write.run != host.run { result.formerLivesSettled = false }
            if let ballot = write.order.request.ballot { result.unsettledSubBlocks |= 1 << ballot.subBlock }
        }
        (host.order, host.hasWritten, host.held) = (nil, false, nil)
        if result.slotWrite == .succeeded, succeeded { host.lastGoodRound = max(host.lastGoodRound, order.issuedAt) }
        act(host, faults, bench) { engine, now, orders in
            engine.roundCompleted(result, now: now, into: &orders)
        }
    }

    /// Writes that were given up land.
    func landLateWrites(_ bench: PoolBench) {
        for write in lateWrites where write.due <= step {
            bench.trace?.append("step \(step): a late write of \(write.host) lands")
            land(write.order.request, of: write.host)
        }
        lateWrites.removeAll { $0.due <= step }
    }

    func land(_ request: RoundRequest, of host: HostIndex) {
        if let ballot = request.ballot { land(ballot, of: host) }
        if let slot = request.slot {
            slots[host.row].slot = slot
            slots[host.row].fingerprint = slot.sequence
        }
    }

    private func land(_ write: BallotWrite, of host: HostIndex) {
        let base = host.row * StatefileShape.ballotSubBlocks
        subBlocks[base + Int(write.subBlock)] = write.record
        var best = base
        for index in base..<base + StatefileShape.ballotSubBlocks where subBlocks[index].isNewer(than: subBlocks[best]) {
            best = index
        }
        newest[host.row].newest = subBlocks[best]
        newest[host.row].newestSubBlock = UInt8(best - base)
        checkBallot(write.record, of: host)
    }
}
