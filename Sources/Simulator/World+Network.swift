import HeartbeatWire
import NodeRuntime
import PoolModel

/// The heartbeat networks between the hosts.
extension World {
    // MARK: Sending

    /// One datagram leaves a host.
    func send(
        _ bytes: Span<UInt8>,
        from host: SimulatedHost,
        to peer: HostIndex,
        over network: Int
    ) -> SendOutcome {
        // The loop sends a heartbeat to the lowest row first, over network 0 first.
        if network == 0, peer == all.without(host.index).first { noteSend(host, bytes) }
        guard !fabric.isCut(network, from: host.index, to: peer) else { return .sent }
        let manners = settings.network
        guard !random.oneIn(manners.losesOneIn) else { return .sent }
        deliverLater(bytes, from: host.index, to: peer, over: network)
        if random.oneIn(manners.repeatsOneIn) {
            deliverLater(bytes, from: host.index, to: peer, over: network)
        }
        return .sent
    }

    private func deliverLater(
        _ bytes: Span<UInt8>,
        from sender: HostIndex,
        to peer: HostIndex,
        over network: Int
    ) {
        let datagram = datagrams.add(bytes, over: network, from: sender, isGenuine: true)
        queue.schedule(.deliver, at: arrivalTime(), host: peer.row, item: datagram)
    }

    private func arrivalTime() -> Int64 {
        let manners = settings.network
        var delay = random.span(manners.delay.lowerBound, manners.delay.upperBound)
        if random.oneIn(manners.delaysOneIn) { delay = random.span(delay, manners.latestArrival) }
        return time + delay.nanoseconds
    }

    private func noteSend(_ host: SimulatedHost, _ bytes: Span<UInt8>) {
        guard heartbeatCodec.decodeAuthentic(bytes, into: &oracle.heartbeat) else {
            return broken("WIRE", "\(host.index) sends what no host can read")
        }
        if settings.tracesChatter {
            note(.sent(sequence: oracle.heartbeat.sequence, oracle.heartbeat.epoch), on: host)
        }
        checkSend(host, oracle.heartbeat)
        host.lastSend = host.now
    }

    // MARK: Receiving

    /// A datagram arrives at a host, whatever that host is by now.
    func deliver(_ datagram: Int, to host: SimulatedHost) {
        guard let board = host.run?.board, !board.inbox.isFull else { return datagrams.drop(datagram) }
        board.receive(datagram)
        board.woken.insert(.engine)
    }

    /// The engine loop takes a datagram out of its socket's buffer.
    func take(_ datagram: Int, at host: SimulatedHost, into bytes: inout MutableSpan<UInt8>)
        -> ReceivedDatagram
    {
        if datagrams.isGenuine(datagram) { host.lastReceive = host.now }
        if settings.tracesChatter { noteReceipt(of: datagram, host) }
        return datagrams.take(datagram, into: &bytes)
    }

    private func noteReceipt(of datagram: Int, _ host: SimulatedHost) {
        let isReadable = datagrams.withBytes(of: datagram) { bytes in
            heartbeatCodec.decodeAuthentic(bytes, into: &oracle.heartbeat)
        }
        guard isReadable else { return }
        note(.received(oracle.heartbeat.sender, sequence: oracle.heartbeat.sequence), on: host)
    }
}
