public import NodeRuntime
public import PoolModel

/// A network between simulated hosts: bounded queues, made once, so that carrying a datagram allocates
/// nothing.
public final class MemoryNetwork {
    /// How many networks there are.
    public let networkCount: Int
    private static let queueCapacity = 256
    private static let datagramBytes = 2048

    struct Queue {
        var bytes: [UInt8]
        var counts: [Int]
        var networks: [Int]
        var first = 0
        var count = 0
    }

    private var queues: [Queue]
    /// Whether datagrams from the first to the second host are lost.
    public var isCut: (HostIndex, HostIndex) -> Bool = { _, _ in false }
    /// Datagrams that found a full queue.
    public private(set) var dropped = 0

    /// Networks for so many hosts.
    public init(hostCount: Int, networkCount: Int) {
        self.networkCount = networkCount
        let capacity = MemoryNetwork.queueCapacity
        queues = (0..<hostCount).map { _ in
            Queue(
                bytes: [UInt8](repeating: 0, count: capacity * MemoryNetwork.datagramBytes),
                counts: [Int](repeating: 0, count: capacity),
                networks: [Int](repeating: 0, count: capacity)
            )
        }
    }

    /// How many datagrams wait for `host`.
    public func waiting(for host: HostIndex) -> Int { queues[host.row].count }

    /// Carries one datagram; also from nobody, for garbage.
    public func carry(_ bytes: Span<UInt8>, from sender: HostIndex?, to host: HostIndex, over network: Int) {
        if let sender, isCut(sender, host) { return }
        guard queues[host.row].count < MemoryNetwork.queueCapacity, bytes.count <= MemoryNetwork.datagramBytes
        else {
            dropped += 1
            return
        }
        let place = (queues[host.row].first + queues[host.row].count) % MemoryNetwork.queueCapacity
        let start = place * MemoryNetwork.datagramBytes
        for index in bytes.indices { queues[host.row].bytes[start + index] = bytes[index] }
        queues[host.row].counts[place] = bytes.count
        queues[host.row].networks[place] = network
        queues[host.row].count += 1
    }

    func take(for host: HostIndex, into bytes: inout MutableSpan<UInt8>) -> ReceivedDatagram? {
        guard queues[host.row].count > 0 else { return nil }
        let place = queues[host.row].first
        let start = place * MemoryNetwork.datagramBytes
        let count = queues[host.row].counts[place]
        for index in 0..<min(count, bytes.count) { bytes[index] = queues[host.row].bytes[start + index] }
        queues[host.row].first = (place + 1) % MemoryNetwork.queueCapacity
        queues[host.row].count -= 1
        return ReceivedDatagram(
            byteCount: count,
            network: queues[host.row].networks[place],
            addressOwner: nil
        )
    }

    /// Throws away what waits for a host that has stopped.
    public func clear(_ host: HostIndex) { queues[host.row].count = 0 }
}

/// One host's end of a `MemoryNetwork`.
public struct MemoryTransport: HeartbeatTransport {
    private let network: MemoryNetwork
    private let own: HostIndex
    /// The end of host `own`.
    public init(_ network: MemoryNetwork, own: HostIndex) {
        self.network = network
        self.own = own
    }

    /// How many networks there are.
    public var networkCount: Int { network.networkCount }
    /// Carries one datagram.
    public mutating func send(_ bytes: Span<UInt8>, to peer: HostIndex, over network: Int) -> SendOutcome {
        self.network.carry(bytes, from: own, to: peer, over: network)
        return .sent
    }
    /// Takes the next datagram.
    public mutating func receive(into bytes: inout MutableSpan<UInt8>) -> ReceivedDatagram? {
        network.take(for: own, into: &bytes)
    }
}
