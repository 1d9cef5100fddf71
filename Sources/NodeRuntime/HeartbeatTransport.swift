public import PoolModel

/// What became of one datagram that was to be sent.
public enum SendOutcome: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// The kernel took it.
    case sent = 0
    /// The peer has no address on this network.
    case noAddress = 1
    /// The socket's buffer is full: dropped, as the network might have done.
    case full = 2
    /// No way to the peer: interface down, address gone, no route. The next heartbeat tries again.
    case unreachable = 3
    /// Another error of the network stack; the next heartbeat tries again.
    case failed = 4
}

/// A datagram that was received into the loop's buffer.
public struct ReceivedDatagram: BitwiseCopyable, Sendable {
    /// How many bytes it has; more than the buffer holds when it was cut, and then it is no heartbeat.
    public var byteCount: Int
    /// Over which network it came.
    public var network: Int
    /// The host whose configured address it came from; nil when that is nobody's.
    public var addressOwner: HostIndex?

    /// The datagram with these facts.
    public init(byteCount: Int, network: Int, addressOwner: HostIndex?) {
        self.byteCount = byteCount
        self.network = network
        self.addressOwner = addressOwner
    }
}

/// The networks over which heartbeats go (section 10).
///
/// Nothing here blocks, allocates or ends a loop by an error.
public protocol HeartbeatTransport: ~Copyable {
    /// How many networks are configured: 1..4.
    var networkCount: Int { get }
    /// Sends one datagram; an error is an outcome that the loop counts, never more.
    mutating func send(_ bytes: Span<UInt8>, to peer: HostIndex, over network: Int) -> SendOutcome
    /// Takes the next datagram of any network, the networks in turn; nil when none waits.
    mutating func receive(into bytes: inout MutableSpan<UInt8>) -> ReceivedDatagram?
}
