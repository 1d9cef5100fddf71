import Glibc
import LinuxPlatform
import PoolModel
import Synchronization

/// A cable between a client and a server that a test can pull: it carries TCP connections, and what was on
/// its way when it was pulled can be delivered later, after its sender is long gone, or be lost.
///
/// Where a real network reorders packets of one connection TCP puts them right again; what it cannot put
/// right is the order *between* connections, and that is what this does: bytes of an old connection arrive
/// after everything of a newer one.
final class Cable: Sendable {
    /// What becomes of bytes that are on their way.
    enum Plug {
        /// They arrive now.
        case delivering
        /// They stay on their way, and the old connections with them, until it is plugged in again.
        case holding
        /// They are lost, and the old connections with them.
        case losing
    }

    private struct Orders {
        var isPulled = false
        /// How many bytes towards the server still pass before the cable is pulled.
        var countdown: Int?
        var plug: Plug?
        var isEnded = false
    }

    private let orders = Mutex(Orders())
    /// The port to connect to, on 127.0.0.1.
    let port: UInt16

    /// A cable that leads to port 3260 of `host`.
    init(to host: String) throws {
        let server = Cable.address(host, 3260)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var own = Cable.address("127.0.0.1", 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &own) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard bound else { throw TargetServer.Failure(description: "no cable: a port cannot be bound") }
        port = UInt16(bigEndian: own.sin_port)
        let wires = CableWires(listener: listener, server: server)
        let handover = Mutex<CableWires?>(wires)
        _ = try PlatformThread.start(name: "hf-cable") { [self] in
            guard let wires = handover.withLock({ $0.take() }) else { return }
            while step(wires) {}
        }
    }

    /// Where a device connects to.
    var portal: String { "127.0.0.1:\(port)" }

    /// Pulls it; with `after` once so many more bytes towards the server have passed.
    func pull(after count: Int? = nil) {
        orders.withLock { orders in
            if let count { orders.countdown = count } else { orders.isPulled = true }
        }
    }

    /// Plugs it in again.
    func plug(_ how: Plug) {
        orders.withLock { orders in
            orders.isPulled = false
            orders.countdown = nil
            orders.plug = how
        }
        while orders.withLock({ $0.plug != nil }) { pause(.milliseconds(1)) }
    }

    /// Ends its thread.
    func end() {
        orders.withLock { $0.isEnded = true }
    }

    /// One turn of its thread; false at the end.
    private func step(_ wires: CableWires) -> Bool {
        let now = orders.withLock { orders in
            let copy = orders
            return copy
        }
        if now.isEnded {
            wires.closeAll()
            return false
        }
        if let plug = now.plug {
            wires.plug(plug)
            orders.withLock { $0.plug = nil }
        }
        let passed = wires.turn(isPulled: now.isPulled, countdown: now.countdown)
        if passed > 0, now.countdown != nil {
            orders.withLock { orders in
                guard let left = orders.countdown else { return }
                orders.countdown = left > passed ? left - passed : nil
                if orders.countdown == nil { orders.isPulled = true }
            }
        }
        return true
    }

    private static func address(_ host: String, _ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        _ = unsafe inet_pton(AF_INET, host, &address.sin_addr)
        return address
    }
}

/// The connections in a cable, for its thread.
final class CableWires {
    private struct Wire {
        var client: Int32
        var server: Int32
        var toServer: [UInt8] = []
        var toClient: [UInt8] = []
        var isClientGone = false
        var isServerGone = false
        /// Its bytes are on their way until somebody says otherwise.
        var isHeld = false
    }

    private let listener: Int32
    private let server: sockaddr_in
    private var wires: [Wire] = []

    init(listener: Int32, server: sockaddr_in) {
        self.listener = listener
        self.server = server
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    }

    func closeAll() {
        for wire in wires { shut(wire) }
        wires = []
        close(listener)
    }

    func plug(_ how: Cable.Plug) {
        switch how {
        case .delivering: for index in wires.indices { wires[index].isHeld = false }
        case .holding: for index in wires.indices { wires[index].isHeld = true }
        case .losing:
            for wire in wires { shut(wire) }
            wires = []
        }
    }

    /// Moves what there is; gives how many bytes went towards the server.
    func turn(isPulled: Bool, countdown: Int?) -> Int {
        wait(isPulled: isPulled)
        accept()
        var passed = 0
        for index in wires.indices {
            let isHeld = isPulled || wires[index].isHeld
            receive(index, isPulled: isHeld)
            guard !isHeld else { continue }
            passed += send(index, limit: countdown.map { max($0 - passed, 0) } ?? .max)
        }
        wires.removeAll { wire in
            let isDone =
                wire.isServerGone || wire.isClientGone && wire.toServer.isEmpty && !isPulled && !wire.isHeld
            if isDone { shut(wire) }
            return isDone
        }
        return passed
    }

    private func shut(_ wire: Wire) {
        if wire.client >= 0 { close(wire.client) }
        if wire.server >= 0 { close(wire.server) }
    }

    private func wait(isPulled: Bool) {
        var entries = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        for wire in wires {
            entries.append(
                pollfd(fd: wire.isClientGone ? -1 : wire.client, events: Int16(POLLIN), revents: 0)
            )
            entries.append(
                pollfd(
                    fd: wire.isServerGone || isPulled || wire.isHeld ? -1 : wire.server,
                    events: Int16(POLLIN),
                    revents: 0
                )
            )
        }
        _ = unsafe poll(&entries, nfds_t(entries.count), 2)
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var copy = server
            let connected = unsafe withUnsafePointer(to: &copy) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard connected else {
                close(client)
                close(number)
                continue
            }
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            _ = fcntl(number, F_SETFL, O_NONBLOCK)
            wires.append(Wire(client: client, server: number))
        }
    }

    private func receive(_ index: Int, isPulled: Bool) {
        var wire = wires[index]
        if !wire.isClientGone { wire.isClientGone = take(wire.client, &wire.toServer) }
        if !isPulled, !wire.isServerGone { wire.isServerGone = take(wire.server, &wire.toClient) }
        wires[index] = wire
    }

    /// Takes what has arrived; true where the sender is gone.
    private func take(_ number: Int32, _ bytes: inout [UInt8]) -> Bool {
        var room = [UInt8](repeating: 0, count: 65_536)
        while true {
            let got = unsafe recv(number, &room, room.count, 0)
            guard got > 0 else { return got == 0 || errno != EAGAIN }
            bytes.append(contentsOf: room[..<got])
        }
    }

    private func send(_ index: Int, limit: Int) -> Int {
        let passed = give(wires[index].server, &wires[index].toServer, limit)
        if !wires[index].isClientGone { _ = give(wires[index].client, &wires[index].toClient, .max) }
        return passed
    }

    private func give(_ number: Int32, _ bytes: inout [UInt8], _ limit: Int) -> Int {
        let count = min(bytes.count, limit)
        guard count > 0 else { return 0 }
        let sent = unsafe Glibc.send(number, &bytes, count, Int32(MSG_NOSIGNAL))
        guard sent > 0 else { return 0 }
        bytes.removeFirst(sent)
        return sent
    }
}
