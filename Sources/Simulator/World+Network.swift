import LivesetEngine
import PoolModel

extension World {
    /// Sends the heartbeat in the host's orders to every peer.
    func broadcast(_ host: SimulatedHost) {
        noteSend(host)
        let reachable = all.without(host.index).subtracting(fabric.cut[host.index.row])
        guard !reachable.isEmpty else { return }
        let manners = settings.network
        let payload = fabric.hold(host.orders.heartbeat)
        for peer in reachable where !random.oneIn(manners.losesOneIn) {
            send(payload, to: peer)
            if random.oneIn(manners.repeatsOneIn) { send(payload, to: peer) }
        }
        fabric.release(payload)
    }

    private func send(_ payload: Int, to peer: HostIndex) {
        fabric.retain(payload)
        queue.schedule(.deliver, at: arrivalTime(), host: peer.row, item: payload)
    }

    private func arrivalTime() -> Int64 {
        let manners = settings.network
        var delay = random.span(manners.delay.lowerBound, manners.delay.upperBound)
        if random.oneIn(manners.delaysOneIn) { delay = random.span(delay, manners.latestArrival) }
        return time + delay.nanoseconds
    }

    /// A datagram arrives at a host, whatever that host is by now.
    func deliver(_ payload: Int, to host: SimulatedHost) {
        guard host.daemonRuns, host.waitingInputs.count < 256 else { return fabric.release(payload) }
        feed(.heartbeat(payload: payload), to: host)
    }

    /// The replay protection of the wire: a datagram reaches a run once.
    func isReplay(_ heartbeat: borrowing Heartbeat, at host: SimulatedHost) -> Bool {
        oracle.replays[host.index.row].refuses(
            from: heartbeat.sender,
            nonce: heartbeat.incarnation.nonce,
            sequence: heartbeat.sequence
        )
    }

    private func noteSend(_ host: SimulatedHost) {
        if settings.tracesChatter {
            note(.sent(sequence: host.orders.heartbeat.sequence, host.orders.heartbeat.epoch), on: host)
        }
        checkSend(host)
        host.lastSend = host.clock.reading(at: time)
    }
}

/// Which datagrams a daemon run has had already: per sender, the newest run's sequences.
struct ReplayWindow: Sendable {
    private struct Row: Sendable {
        var nonce = RunNonce.none
        var highest: UInt64 = 0
        /// Bit n: highest - n was seen.
        var seen: UInt64 = 0
    }
    /// The two newest runs of each sender.
    private var rows: [Row]

    init(hostCount: Int) { rows = Array(repeating: Row(), count: hostCount * 2) }

    /// Whether this datagram was had already or is too old to tell; remembers it when not.
    mutating func refuses(from sender: HostIndex, nonce: RunNonce, sequence: UInt64) -> Bool {
        let first = sender.row * 2
        if rows[first].nonce != nonce {
            guard rows[first + 1].nonce == nonce else {
                rows[first + 1] = rows[first]
                rows[first] = Row(nonce: nonce, highest: sequence, seen: 1)
                return false
            }
            rows.swapAt(first, first + 1)
        }
        if sequence > rows[first].highest {
            let step = sequence - rows[first].highest
            rows[first].seen = step >= 64 ? 1 : (rows[first].seen << step) | 1
            rows[first].highest = sequence
            return false
        }
        let age = rows[first].highest - sequence
        guard age < 64, rows[first].seen & (1 << age) == 0 else { return true }
        rows[first].seen |= 1 << age
        return false
    }
}
