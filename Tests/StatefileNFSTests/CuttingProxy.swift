import Glibc
import LabPlatform
import Synchronization

/// A TCP relay between client and server whose way can be cut after any number of bytes, and which delivers
/// what it held back when it is told to, also when whoever sent it has long hung up.
///
/// That is what switches, retransmissions and stalled servers do. `serve` runs on a thread of the client's
/// namespace until `stop`; the rest may be called from any thread.
final class CuttingProxy: Sendable {
    private struct Control {
        /// After so many more bytes towards the server the way is cut; nil: never.
        var bytesUntilCut: Int?
        var isCut = false
        var deliversHeld = false
        var isStopping = false
        var heldBytes = 0
    }

    private struct Relay {
        let client: Int32
        let server: Int32
        var held: [UInt8] = []
        var isClientGone = false
    }

    /// Where clients connect: for each listening port the server's port.
    private let ports: [(listening: UInt16, server: UInt16)]
    private let serverAddress: String
    private let control = Mutex(Control())

    init(to serverAddress: String, ports: [(listening: UInt16, server: UInt16)]) {
        self.serverAddress = serverAddress
        self.ports = ports
    }

    /// Cuts the way after `count` more bytes towards the server; answers are lost from then on as well.
    func cut(afterBytes count: Int) {
        control.withLock { $0.bytesUntilCut = count }
    }

    /// Whether the way is cut.
    var isCut: Bool { control.withLock { $0.isCut } }

    /// Opens the way for new connections; what is held back stays so.
    func mend() {
        control.withLock { control in
            control.bytesUntilCut = nil
            control.isCut = false
        }
    }

    /// Delivers to the server what was held back.
    func deliverHeld() { control.withLock { $0.deliversHeld = true } }

    /// How many bytes are held back.
    var heldByteCount: Int { control.withLock { $0.heldBytes } }

    func stop() { control.withLock { $0.isStopping = true } }

    // MARK: the thread

    func serve() throws {
        let listeners = try ports.map { try CuttingProxy.listener($0.listening) }
        defer { for listener in listeners { _ = close(listener) } }
        var relays: [Relay] = []
        defer {
            for relay in relays {
                _ = close(relay.client)
                _ = close(relay.server)
            }
        }
        while !control.withLock({ $0.isStopping }) {
            let descriptors =
                listeners + relays.filter { !$0.isClientGone }.map(\.client) + relays.map(\.server)
            let ready = Set(LabPlatform.Poller.readable(descriptors, milliseconds: 2))
            for (index, listener) in listeners.enumerated() where ready.contains(listener) {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { continue }
                guard let server = CuttingProxy.connection(to: serverAddress, port: ports[index].server)
                else {
                    _ = close(client)
                    continue
                }
                relays.append(Relay(client: client, server: server))
            }
            for index in relays.indices { turn(&relays[index], ready) }
            control.withLock { $0.heldBytes = relays.reduce(0) { $0 + $1.held.count } }
            // A client that hung up keeps its relay as long as something of it is held back.
            for relay in relays where relay.isClientGone && relay.held.isEmpty {
                _ = close(relay.client)
                _ = close(relay.server)
            }
            relays.removeAll { $0.isClientGone && $0.held.isEmpty }
        }
    }

    private func turn(_ relay: inout Relay, _ ready: Set<Int32>) {
        if !relay.isClientGone, ready.contains(relay.client) {
            if let bytes = CuttingProxy.take(from: relay.client) {
                take(bytes, &relay)
            } else {
                relay.isClientGone = true
            }
        }
        let delivers = control.withLock { control in
            defer { if relay.held.isEmpty == false { control.deliversHeld = false } }
            return control.deliversHeld
        }
        if delivers, !relay.held.isEmpty {
            CuttingProxy.send(relay.held, to: relay.server)
            relay.held = []
        }
        if ready.contains(relay.server) {
            guard let bytes = CuttingProxy.take(from: relay.server) else {
                relay.isClientGone = true
                relay.held = []
                return
            }
            // An answer on a way that was cut, or to a client that hung up, is lost.
            if !relay.isClientGone, relay.held.isEmpty, !control.withLock({ $0.isCut }) {
                CuttingProxy.send(bytes, to: relay.client)
            }
        }
    }

    /// Sends on what comes before the cut, and holds back the rest.
    private func take(_ bytes: [UInt8], _ relay: inout Relay) {
        let passing = control.withLock { control in
            if control.isCut { return 0 }
            guard let left = control.bytesUntilCut else { return bytes.count }
            if bytes.count <= left {
                control.bytesUntilCut = left - bytes.count
                return bytes.count
            }
            control.isCut = true
            control.bytesUntilCut = nil
            return left
        }
        if relay.held.isEmpty, passing > 0 { CuttingProxy.send(Array(bytes[..<passing]), to: relay.server) }
        relay.held += relay.held.isEmpty ? bytes[passing...] : bytes[...]
    }

    // MARK: sockets

    private static func address(_ text: String, _ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        _ = unsafe inet_pton(AF_INET, text, &address.sin_addr)
        return address
    }

    private static func withAddress(
        _ text: String,
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = address(text, port)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func listener(_ port: UInt16) throws -> Int32 {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var on: Int32 = 1
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        guard unsafe withAddress("127.0.0.1", port, { unsafe bind(number, $0, $1) }) == 0,
            listen(number, 64) == 0
        else { throw LabError("the proxy cannot listen on port \(port)") }
        return number
    }

    private static func connection(to text: String, port: UInt16) -> Int32? {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard unsafe withAddress(text, port, { unsafe connect(number, $0, $1) }) == 0 else {
            _ = close(number)
            return nil
        }
        var on: Int32 = 1
        _ = unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        return number
    }

    /// What came; nil at the end.
    private static func take(from number: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    private static func send(_ bytes: [UInt8], to number: Int32) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { room in
                unsafe Glibc.send(
                    number,
                    room.baseAddress.map { unsafe $0 + done },
                    room.count - done,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count <= 0 { return }
            done += count
        }
    }
}
