import CLinux
public import NodeRuntime
public import PoolModel
import Synchronization

/// One heartbeat network of this host.
public struct NetworkEndpoint: Sendable {
    /// Its name in the configuration.
    public var name: String
    /// This host's address on it, and the port.
    public var bind: SocketAddress
    /// The peers' addresses on it; a peer without one is not reached over this network.
    public var peers: [HostIndex: SocketAddress]

    /// The network with these addresses.
    public init(name: String, bind: SocketAddress, peers: [HostIndex: SocketAddress]) {
        self.name = name
        self.bind = bind
        self.peers = peers
    }
}

/// What happened on one heartbeat network since the start.
public struct NetworkFigures: BitwiseCopyable, Sendable, Equatable {
    /// Datagrams that the kernel took.
    public var sent = 0
    /// Datagrams dropped because the socket's buffer was full.
    public var full = 0
    /// Datagrams for which there was no way: interface down, address gone, no route.
    public var unreachable = 0
    /// Datagrams that failed otherwise.
    public var failed = 0
    /// Datagrams received.
    public var received = 0
    /// Errors of receiving.
    public var receiveErrors = 0
    /// errno of the last send, 0 when it succeeded.
    public var lastSendError: Int32 = 0
    /// errno because of which the socket is not open; 0 while it is.
    public var openError: Int32 = 0
}

/// Counts what happens on one heartbeat network; written by the engine thread, read by any.
public final class NetworkCounters: Sendable {
    let sent = Atomic<Int>(0)
    let full = Atomic<Int>(0)
    let unreachable = Atomic<Int>(0)
    let failed = Atomic<Int>(0)
    let received = Atomic<Int>(0)
    let receiveErrors = Atomic<Int>(0)
    let lastSendError = Atomic<Int32>(0)
    let openError = Atomic<Int32>(0)

    init() {}

    /// The counts at this moment.
    public var figures: NetworkFigures {
        NetworkFigures(
            sent: sent.load(ordering: .relaxed),
            full: full.load(ordering: .relaxed),
            unreachable: unreachable.load(ordering: .relaxed),
            failed: failed.load(ordering: .relaxed),
            received: received.load(ordering: .relaxed),
            receiveErrors: receiveErrors.load(ordering: .relaxed),
            lastSendError: lastSendError.load(ordering: .relaxed),
            openError: openError.load(ordering: .relaxed)
        )
    }
}

/// Heartbeats over UDP, IPv4 and IPv6, over 1..4 networks (section 10).
///
/// Nothing here is fatal once it runs: a socket binds to its address before that is configured (IP_FREEBIND),
/// a network that cannot be opened is tried again every second, a failed send is counted and the next
/// heartbeat tries again. Owned by the engine thread; after `init` nothing allocates and nothing blocks.
public struct UDPTransport: HeartbeatTransport, ~Copyable {
    private struct Network {
        var number: Int32
        var bind: hf_address
        var peers: [hf_address]
        var lastTry: MonotonicInstant
    }

    private let epoll: Descriptor
    private var networks: [Network]
    private var nextToRead = 0
    /// One a network, in the order of the configuration.
    public let counters: [NetworkCounters]

    /// The room for datagrams that wait in the kernel: hundreds of hosts' worth of heartbeats.
    private static let receiveBufferBytes: Int32 = 1 << 20

    /// Opens the networks' sockets; one that cannot be opened yet is in `counters[n].openError` and tried
    /// again.
    public init(_ endpoints: [NetworkEndpoint]) throws(SystemError) {
        precondition(!endpoints.isEmpty, "there is at least one heartbeat network")
        precondition(endpoints.count <= 4, "there are at most four heartbeat networks")
        let number = hf_epoll_create()
        guard number >= 0 else { throw SystemError("epoll_create1", "heartbeat sockets", result: number) }
        epoll = Descriptor(owning: number)
        counters = endpoints.map { _ in NetworkCounters() }
        networks = endpoints.map { endpoint in
            var peers = [hf_address](repeating: hf_address(), count: HostIndex.limit)
            for (host, address) in endpoint.peers { peers[host.row] = address.native }
            return Network(number: -1, bind: endpoint.bind.native, peers: peers, lastTry: .distantPast)
        }
        for network in networks.indices { open(network, now: BootClock().now()) }
    }

    deinit {
        for network in networks where network.number >= 0 { _ = hf_close(network.number) }
    }

    /// Readable when a datagram waits on any network; for the engine thread's poller.
    public var descriptor: Int32 { epoll.number }

    /// How many networks are configured.
    public var networkCount: Int { networks.count }

    /// The port that a network's socket is bound to; nil while it is not open.
    ///
    /// For tests that bind to port 0.
    public func boundPort(of network: Int) -> UInt16? {
        let port = hf_udp_port(networks[network].number)
        return port > 0 ? UInt16(clamping: port) : nil
    }

    /// Tells a peer's address after the start.
    ///
    /// For tests, and for addresses that change while armed.
    public mutating func setAddress(of peer: HostIndex, on network: Int, to address: SocketAddress) {
        networks[network].peers[peer.row] = address.native
    }

    /// Sends one datagram.
    ///
    /// The corresponding C function is `sendto`.
    public mutating func send(_ bytes: Span<UInt8>, to peer: HostIndex, over network: Int) -> SendOutcome {
        guard networks[network].peers[peer.row].family != 0 else { return .noAddress }
        if networks[network].number < 0 {
            let now = BootClock().now()
            guard now - networks[network].lastTry >= .seconds(1) else {
                return count(.unreachable, network, code: 0)
            }
            open(network, now: now)
            guard networks[network].number >= 0 else { return count(.unreachable, network, code: 0) }
        }
        let number = networks[network].number
        // The span's bytes are read, not kept; the address is copied by the kernel.
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe hf_udp_send(number, buffer.baseAddress, buffer.count, &networks[network].peers[peer.row])
        }
        if result == bytes.count { return count(.sent, network, code: 0) }
        if hf_is_again(result) { return count(.full, network, code: Int32(-result)) }
        let code = result < 0 ? Int32(truncatingIfNeeded: -result) : 0
        return count(UDPTransport.isNoWay(code) ? .unreachable : .failed, network, code: code)
    }

    /// Takes the next datagram, the networks in turn.
    ///
    /// The corresponding C function is `recvfrom`.
    public mutating func receive(into bytes: inout MutableSpan<UInt8>) -> ReceivedDatagram? {
        for _ in 0..<networks.count {
            let network = nextToRead
            nextToRead = (nextToRead + 1) % networks.count
            let number = networks[network].number
            guard number >= 0 else { continue }
            var from = hf_address()
            // At most `count` bytes are written into the span's memory.
            let result = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
                unsafe hf_udp_receive(number, buffer.baseAddress, buffer.count, &from)
            }
            if result >= 0 {
                counters[network].received.add(1, ordering: .relaxed)
                return ReceivedDatagram(
                    byteCount: result,
                    network: network,
                    addressOwner: owner(of: from, on: network)
                )
            }
            if !hf_is_again(result) { counters[network].receiveErrors.add(1, ordering: .relaxed) }
        }
        return nil
    }

    /// The host that is configured with this address and port on the network.
    private func owner(of from: hf_address, on network: Int) -> HostIndex? {
        for row in 0..<HostIndex.limit {
            let peer = networks[network].peers[row]
            guard peer.family == from.family, peer.port == from.port else { continue }
            let isSame = unsafe withUnsafeBytes(of: peer.bytes) { left in
                unsafe withUnsafeBytes(of: from.bytes) { right in
                    // Both tuples have 16 initialised bytes.
                    for index in 0..<16 where unsafe left[index] != right[index] { return false }
                    return true
                }
            }
            if isSame { return HostIndex(row) }
        }
        return nil
    }

    private mutating func open(_ network: Int, now: MonotonicInstant) {
        networks[network].lastTry = now
        // The address is read only.
        let number = unsafe hf_udp_open(&networks[network].bind, UDPTransport.receiveBufferBytes)
        guard number >= 0 else {
            counters[network].openError.store(-number, ordering: .relaxed)
            return
        }
        counters[network].openError.store(0, ordering: .relaxed)
        networks[network].number = number
        _ = hf_epoll_add(epoll.number, number, UInt64(network), true, false)
    }

    private func count(_ outcome: SendOutcome, _ network: Int, code: Int32) -> SendOutcome {
        counters[network].lastSendError.store(code, ordering: .relaxed)
        switch outcome {
        case .sent: counters[network].sent.add(1, ordering: .relaxed)
        case .full: counters[network].full.add(1, ordering: .relaxed)
        case .unreachable: counters[network].unreachable.add(1, ordering: .relaxed)
        case .failed: counters[network].failed.add(1, ordering: .relaxed)
        case .noAddress: break
        }
        return outcome
    }

    /// ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL, ENODEV, ENONET, ECONNREFUSED, and EINVAL, which
    /// IPv4 gives for a source address that is not configured at the moment.
    private static func isNoWay(_ code: Int32) -> Bool {
        switch code {
        case 101, 113, 100, 99, 19, 64, 111, 22: true
        default: false
        }
    }
}
