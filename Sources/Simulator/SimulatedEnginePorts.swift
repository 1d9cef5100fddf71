import LivesetEngine
import NodeRuntime
import PoolModel

/// The boot clock of a simulated host.
struct SimulatedClock: HostClock {
    unowned let host: SimulatedHost

    func now() -> MonotonicInstant { host.now }
}

/// The heartbeat networks of a world, as one host's engine loop sees them.
struct SimulatedTransport: HeartbeatTransport {
    unowned let world: World
    unowned let host: SimulatedHost
    let board: RunBoard

    var networkCount: Int { world.settings.network.count }

    mutating func send(_ bytes: Span<UInt8>, to peer: HostIndex, over network: Int) -> SendOutcome {
        world.send(bytes, from: host, to: peer, over: network)
    }

    mutating func receive(into bytes: inout MutableSpan<UInt8>) -> ReceivedDatagram? {
        guard let datagram = board.takeDatagram() else { return nil }
        return world.take(datagram, at: host, into: &bytes)
    }
}

/// What a host sees of the carriers of its networks.
struct SimulatedLinks: LinkPort {
    let board: RunBoard
    private var told: Bool?

    init(board: RunBoard) { self.board = board }

    mutating func observe() -> Bool? {
        guard board.carriersUp != told else { return nil }
        told = board.carriersUp
        return told
    }
}

/// The way of rounds between the two loops of one host.
struct SimulatedRounds: RoundPort {
    unowned let world: World
    unowned let host: SimulatedHost
    let board: RunBoard

    mutating func start(_ request: RoundRequest) { world.handOver(request, of: host, board) }

    mutating func completed() -> RoundResult? { board.round == .ended ? board.result : nil }

    mutating func release() {
        board.round = .idle
        world.noteRoundTaken(host, board.result)
    }
}

/// The daemon's own sink, watched: the oracles see each order in the moment in which it is carried out.
struct SimulatedSink: OrderSink {
    unowned let world: World
    unowned let host: SimulatedHost
    var sink: ThreadedOrderSink

    mutating func renewLease(until end: MonotonicInstant) {
        world.checkRenewal(host, until: end)
        sink.renewLease(until: end)
    }

    mutating func persist(_ record: PersistedIncarnation) -> Bool { sink.persist(record) }

    mutating func openWatchdog(timeout: TimeSpan) { sink.openWatchdog(timeout: timeout) }

    mutating func disarm(_ permit: DisarmPermit) {
        world.checkDisarm(host, permit)
        sink.disarm(permit)
    }

    mutating func selfFence(_ reason: SelfFenceReason) {
        world.note(.selfFence(reason), on: host)
        sink.selfFence(reason)
    }

    mutating func fire() { sink.fire() }

    mutating func announce(_ announcement: Announcement) {
        world.hear(announcement, from: host)
        sink.announce(announcement)
    }
}
