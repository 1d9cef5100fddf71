import ByteFormat
import LinuxPlatform
import MessageAuthentication
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileBlock
import StatefileLayout
import StatefileMedium

/// The real ports of Linux, each used as its loop uses it: sockets on loopback, a statefile in a file.
struct RealPorts: ~Copyable {
    private static let peer = HostIndex(1)

    private var left: UDPTransport
    private var right: UDPTransport
    private var links: CarrierWatch
    private var poller: Poller
    private let waker: Waker
    private var statefile: StatefileLoop<BootClock, DeviceStatefile<BlockDevice>, HMACAuthenticator>
    private let result = RoundResult(hostCount: 3)
    private var request = RoundRequest(id: 0)
    private var received = 0
    private var buffer = AlignedBuffer(minimumByteCount: 4096)

    /// Makes them; the statefile is a new file in `directory`.
    init(key: PoolKey, directory: String) throws {
        let waker = try Waker()
        let poller = try Poller(waker: waker)
        let links = try CarrierWatch(ports: ["lo"])
        var left = try RealPorts.transport("127.0.40.1")
        let right = try RealPorts.transport("127.0.40.2")
        guard let port = right.boundPort(of: 0), let address = SocketAddress("127.0.40.2", defaultPort: port)
        else {
            throw SystemError(call: "bind", subject: "127.0.40.2", code: 0)
        }
        left.setAddress(of: RealPorts.peer, on: 0, to: address)
        try poller.watch(right.descriptor)
        statefile = try RealPorts.statefile(key: key, directory: directory)
        self.waker = waker
        self.poller = poller
        self.links = links
        self.left = left
        self.right = right
        request.slot = Slot(emptyFor: HostIndex(0))
        request.ballot = BallotWrite(subBlock: 1, record: BallotRecord(formattedFor: HostIndex(0)))
    }

    private static func statefile(
        key: PoolKey,
        directory: String
    ) throws -> StatefileLoop<BootClock, DeviceStatefile<BlockDevice>, HMACAuthenticator> {
        let path = directory + "/statefile"
        let plan = StatefilePlan(hostNames: ["lab1", "lab2", "lab3"], timing: .fast)
        var authenticator = HMACAuthenticator(current: key)
        var device = BlockDevice(path: path, access: .exclusive, createByteCount: 1 << 20)
        let header = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
        let lives = FormerLives(lockPath: directory + "/lock", lateWriteWait: .zero)
        return StatefileLoop(
            codec: header.codec,
            ioDeadline: .seconds(30),
            clock: BootClock(),
            port: DeviceStatefile(
                device: BlockDevice(path: path, access: .readWrite),
                own: HostIndex(0),
                codec: header.codec,
                ioDeadline: .seconds(30),
                formerLives: lives,
                report: StatefileReport()
            ),
            authenticator: HMACAuthenticator(current: key)
        )
    }

    private static func transport(_ address: String) throws -> UDPTransport {
        guard let bind = SocketAddress(address, defaultPort: 0) else {
            throw SystemError(call: "inet_pton", subject: address, code: 22)
        }
        return try UDPTransport([NetworkEndpoint(name: address, bind: bind, peers: [:])])
    }

    /// One use of everything: a datagram there, a look at the links, a wake, a round.
    mutating func turn() -> Bool {
        buffer.withBytes(in: 0..<600) { bytes in _ = left.send(bytes, to: RealPorts.peer, over: 0) }
        waker.wake()
        poller.wait(until: BootClock().now() + .seconds(1))
        buffer.withMutableBytes { bytes in
            while right.receive(into: &bytes) != nil { received += 1 }
        }
        _ = links.observe()
        request.id += 1
        request.slot?.sequence = request.id
        statefile.perform(request, into: result)
        return result.slotWrite == .succeeded && result.ballotsRead && received > 0
    }
}
