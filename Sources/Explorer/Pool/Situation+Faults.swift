import LivesetEngine
import PoolModel

// How a deviation strikes.
extension Situation {
    func strike(_ deviation: Deviation, _ faults: inout StepFaults, _ bench: PoolBench) {
        switch deviation {
        case .heartbeatsLost(let from, let to): faults.lostLinks |= bit(from, to)
        case .heartbeatsLate(let from, let to): faults.lateLinks |= bit(from, to)
        case .linkCut(let from, let to): cutLinks |= bit(from, to)
        case .networkLost: for from in hosts { for to in hosts where to !== from { cutLinks |= bit(from.row, to.row) } }
        case .networkMended: cutLinks = 0
        case .writeFails(let host): faults.writeFails.insert(host)
        case .writeLate(let host): faults.writeLate.insert(host)
        case .readFails(let host): faults.readFails.insert(host)
        case .roundHeld(let host): faults.held.insert(host)
        case .pathLost(let host): hosts[host.row].pathIsLost = true
        case .arrayLost: for host in hosts { host.pathIsLost = true }
        case .pathsMended: for host in hosts { host.pathIsLost = false }
        case .stop, .powerOff, .boot, .daemonRestart, .resetFails, .askedOut: strikeHost(deviation, bench)
        }
    }

    private func strikeHost(_ deviation: Deviation, _ bench: PoolBench) {
        switch deviation {
        case .stop(let row, let steps): stop(hosts[row.row], steps: steps)
        case .powerOff(let row): if hosts[row.row].hasPower { switchOff(hosts[row.row]) }
        case .boot(let row): boot(hosts[row.row], bench)
        case .daemonRestart(let row):
            guard hosts[row.row].runs else { return }
            leaveWritesBehind(hosts[row.row])
            endRun(hosts[row.row])
            startRun(hosts[row.row], bench)
        case .resetFails(let row): hosts[row.row].resetFails = true
        case .askedOut(let victim, let by):
            wasAskedOut = true
            ask(.fence(victim), of: hosts[by.row], bench)
        case .heartbeatsLost, .heartbeatsLate, .linkCut, .networkLost, .networkMended, .writeFails, .writeLate,
            .readFails, .roundHeld, .pathLost, .arrayLost, .pathsMended:
            break
        }
    }

    /// The host stands still after its fence loop has looked at the clock and before it feeds.
    private func stop(_ host: PoolHost, steps: Int) {
        guard host.runs else { return }
        host.stoppedUntil = step + steps
        if host.isOpen, host.lease > now, !host.isLatched { host.checkedAt = now }
        // What its storage thread was writing lands; it reads when it goes on.
        guard let order = host.order, !host.hasWritten, !host.pathIsLost else { return }
        land(order.request, of: host.row)
        host.hasWritten = true
    }

    func boot(_ host: PoolHost, _ bench: PoolBench) {
        guard !host.hasPower else { return }
        host.hasPower = true
        host.boot += 1
        host.resetFails = false
        startRun(host, bench)
    }

    /// The operator asks this host's engine for something.
    func ask(_ request: OperatorRequest, of host: PoolHost, _ bench: PoolBench) {
        guard host.runs else { return }
        act(host, StepFaults(), bench) { engine, now, orders in
            _ = engine.requested(request, now: now, into: &orders)
        }
    }

    /// What a crashing daemon was writing may still land.
    private func leaveWritesBehind(_ host: PoolHost) {
        guard let order = host.order, !host.hasWritten, !host.pathIsLost else { return }
        lateWrites.append(LateWrite(order: order, host: host.row, run: host.run, due: step + 2))
    }
}
