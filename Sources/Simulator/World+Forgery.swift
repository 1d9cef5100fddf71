import HeartbeatWire
import PoolModel
import RuntimeFakes

/// What somebody without the pool's key does to its networks.
extension World {
    /// Sends a recorded datagram of `sender` once more; false when there is none.
    func replay(of sender: HostIndex, to receiver: HostIndex) -> Bool {
        let network = random.below(fabric.networkCount)
        let datagram = archive.withRecorded(of: sender, &random) { bytes in
            datagrams.add(bytes, over: network, from: sender, isGenuine: false)
        }
        guard let datagram else { return false }
        queue.schedule(.deliver, at: arrivalTime(), host: receiver.row, item: datagram)
        return true
    }

    /// Sends `receiver` a datagram that no daemon of the pool sent like this.
    func forge(_ forgery: Forgery, as sender: HostIndex, to receiver: HostIndex) {
        var address: HostIndex? = sender
        let datagram: Int
        switch forgery {
        case .wrongKey:
            datagram = compose(as: sender, codec: heartbeatCodec, key: World.keyAtStart ^ 1)
        case .otherGeneration:
            let other = PoolGeneration(heartbeatCodec.generation.rawValue ^ 1)
            let codec = HeartbeatCodec(generation: other, hostCount: settings.hostCount)
            datagram = compose(as: sender, codec: codec, key: World.keyAtStart)
        case .otherAddress:
            address = HostIndex((sender.row + 1) % settings.hostCount)
            datagram = copyRecorded(of: sender, from: address)
        case .ownSender:
            datagram = copyRecorded(of: receiver, from: nil)
        case .unknownSender:
            datagram = copyRecorded(of: sender, from: nil)
            datagrams.change(byte: 24, of: datagram, by: 0x80)
        case .newerFormat:
            datagram = copyRecorded(of: sender, from: address)
            datagrams.change(byte: 6, of: datagram, by: 2)
        case .cutShort:
            datagram = copyRecorded(of: sender, from: address)
            datagrams.setLength(of: datagram, to: 60)
        case .tooLong:
            datagram = copyRecorded(of: sender, from: address)
            datagrams.setLength(of: datagram, to: heartbeatCodec.largestBytes + 1)
        case .garbage:
            let bytes = (0..<64 + random.below(128)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            datagram = datagrams.add(bytes.span, over: 0, from: address, isGenuine: false)
        }
        queue.schedule(.deliver, at: arrivalTime(), host: receiver.row, item: datagram)
    }

    /// The worst that a forger could say: that `sender`, in a life to come, has fenced itself.
    private func compose(as sender: HostIndex, codec: HeartbeatCodec, key: UInt64) -> Int {
        var heartbeat = Heartbeat(sender: sender, incarnation: .none)
        heartbeat.incarnation = Incarnation(
            number: hosts[sender.row].number.next,
            boot: hosts[sender.row].boot,
            nonce: RunNonce(random.next())
        )
        heartbeat.sequence = 1 << 32
        heartbeat.phase = .fenced
        var authenticator = SumAuthenticator(key: key)
        var bytes = [UInt8](repeating: 0, count: codec.largestBytes)
        var span = bytes.mutableSpan
        let byteCount = codec.encode(heartbeat, into: &span, authenticator: &authenticator)
        return datagrams.add(bytes.span.extracting(0..<byteCount), over: 0, from: sender, isGenuine: false)
    }

    /// A recorded datagram of `sender`, or an empty one where there is none yet.
    private func copyRecorded(of sender: HostIndex, from address: HostIndex?) -> Int {
        let recorded = archive.withRecorded(of: sender, &random) { bytes in
            datagrams.add(bytes, over: 0, from: address, isGenuine: false)
        }
        if let recorded { return recorded }
        let nothing: [UInt8] = []
        return datagrams.add(nothing.span, over: 0, from: address, isGenuine: false)
    }
}
