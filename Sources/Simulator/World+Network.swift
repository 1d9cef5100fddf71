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
        let manners = settings.network
        if random.oneIn(manners.forgesOneIn) { forgeByChance(to: peer) }
        if random.oneIn(manners.replaysOneIn) { _ = replay(of: anyHost(but: peer), to: peer) }
        guard !fabric.isCut(network, from: host.index, to: peer) else { return .sent }
        guard !random.oneIn(manners.losesOneIn) else { return .sent }
        carry(bytes, from: host.index, to: peer, over: network)
        if random.oneIn(manners.repeatsOneIn) { carry(bytes, from: host.index, to: peer, over: network) }
        return .sent
    }

    private func carry(_ bytes: Span<UInt8>, from sender: HostIndex, to peer: HostIndex, over network: Int) {
        let datagram = datagrams.add(bytes, over: network, from: sender, isGenuine: true)
        if random.oneIn(settings.network.corruptsOneIn) || isToBeCorrupted(from: sender, to: peer) {
            corrupt(datagram)
        }
        if fabric.clogged[sender.row].contains(peer) {
            fabric.waiting.append(WaitingDatagram(datagram: datagram, sender: sender, receiver: peer))
        } else {
            queue.schedule(.deliver, at: arrivalTime(), host: peer.row, item: datagram)
        }
    }

    func arrivalTime() -> Int64 {
        let manners = settings.network
        var delay = random.span(manners.delay.lowerBound, manners.delay.upperBound)
        if random.oneIn(manners.delaysOneIn) { delay = random.span(delay, manners.latestArrival) }
        return time + delay.nanoseconds
    }

    // MARK: What befalls datagrams

    /// One to three bytes change.
    private func corrupt(_ datagram: Int) {
        for _ in 0...random.below(3) {
            datagrams.change(byte: random.below(4096), of: datagram, by: UInt8(1 + random.below(255)))
        }
    }

    private func isToBeCorrupted(from sender: HostIndex, to peer: HostIndex) -> Bool {
        for index in fabric.corrupting.indices
        where fabric.corrupting[index].sender == sender.row && fabric.corrupting[index].receiver == peer.row {
            fabric.corrupting[index].count -= 1
            if fabric.corrupting[index].count <= 0 { fabric.corrupting.remove(at: index) }
            return true
        }
        return false
    }

    private func forgeByChance(to peer: HostIndex) {
        let kinds = Forgery.allCases
        forge(kinds[random.below(kinds.count)], as: anyHost(but: peer), to: peer)
    }

    private func anyHost(but host: HostIndex) -> HostIndex {
        HostIndex((host.row + 1 + random.below(settings.hostCount - 1)) % settings.hostCount)
    }

    /// A clogged link lets everything through at once.
    func release(from sender: HostIndex, to receiver: HostIndex) {
        fabric.clogged[sender.row].remove(receiver)
        fabric.waiting.removeAll { waiting in
            guard waiting.sender == sender, waiting.receiver == receiver else { return false }
            queue.schedule(.deliver, at: time, host: receiver.row, item: waiting.datagram)
            return true
        }
    }

    /// Every clogged link lets everything through at once.
    func releaseAll() {
        for sender in hosts {
            for receiver in fabric.clogged[sender.index.row] { release(from: sender.index, to: receiver) }
        }
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
        if oracle.heartbeat.sequence % 4 == 0 { archive.record(bytes, of: host.index, &random) }
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
        if datagrams.isGenuine(datagram) {
            host.lastReceive = host.now
            if settings.tracesChatter { noteReceipt(of: datagram, host) }
        }
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
