import CLinux
public import NodeRuntime

/// Whether every physical port below the heartbeat networks has carrier ([FAULT-3]), told by netlink.
///
/// The kernel reports a lost carrier at once; nothing is polled and nothing costs while nothing changes.
/// Netlink belongs to the network namespace, where /sys/class/net may show another one's. Owned by the engine
/// thread, which watches `descriptor`; after `init` nothing allocates and nothing blocks.
public struct CarrierWatch: LinkPort, ~Copyable {
    private struct Port {
        var name: InlineArray<16, UInt8>
        var hasCarrier: Bool
    }

    private static let packetBytes = 32 << 10
    private static let changeLimit = 64

    private let socket: Descriptor
    private var ports: [Port]
    private var packet: [UInt8]
    private var changes: [hf_link_change]
    private var reported: Bool?
    private var awaitsFirstAnswer = true

    /// Watches the ports with these names; one that is not there has no carrier.
    ///
    /// Names are cut at 15 bytes.
    public init(ports names: [String]) throws(SystemError) {
        let number = hf_link_watch_open()
        guard number >= 0 else { throw SystemError("socket", "netlink route", result: number) }
        let socket = Descriptor(owning: number)
        let result = hf_link_watch_request(number)
        guard result == 0 else { throw SystemError("send", "netlink route", result: result) }
        self.socket = socket
        ports = names.map { name in
            var bytes = InlineArray<16, UInt8>(repeating: 0)
            for (index, byte) in name.utf8.prefix(15).enumerated() { bytes[index] = byte }
            return Port(name: bytes, hasCarrier: false)
        }
        packet = Array(repeating: 0, count: CarrierWatch.packetBytes)
        changes = Array(repeating: hf_link_change(), count: CarrierWatch.changeLimit)
    }

    /// Readable when links changed.
    public var descriptor: Int32 { socket.number }

    /// Whether all ports have carrier now.
    public var allUp: Bool { ports.allSatisfy(\.hasCarrier) }

    /// Whether one port, by its place in the list given at the start, has carrier.
    public func hasCarrier(at place: Int) -> Bool { ports[place].hasCarrier }

    /// Takes what the kernel told; the new state of all ports when it changed since the last call, else nil.
    public mutating func observe() -> Bool? {
        for _ in 0..<64 {
            let count = unsafe packet.withUnsafeMutableBytes { room in
                unsafe changes.withUnsafeMutableBufferPointer { list in
                    // Both buffers are written within the counts given.
                    unsafe hf_link_watch_next(
                        socket.number,
                        room.baseAddress,
                        room.count,
                        list.baseAddress,
                        Int32(list.count)
                    )
                }
            }
            if hf_is_again(Int(count)) { break }
            if count < 0 {
                // The kernel dropped some: ask for everything anew.
                _ = hf_link_watch_request(socket.number)
                continue
            }
            if count > 0 { awaitsFirstAnswer = false }
            for index in 0..<Int(count) { note(changes[index]) }
        }
        guard !awaitsFirstAnswer else { return nil }
        let now = allUp
        guard now != reported else { return nil }
        reported = now
        return now
    }

    private mutating func note(_ change: hf_link_change) {
        for place in ports.indices where CarrierWatch.isSame(ports[place].name, change) {
            ports[place].hasCarrier = !change.removed && change.is_up && change.has_carrier
        }
    }

    private static func isSame(_ name: InlineArray<16, UInt8>, _ change: hf_link_change) -> Bool {
        // The 16 characters of the tuple are initialised.
        unsafe withUnsafeBytes(of: change.name) { raw in
            for index in 0..<16 where unsafe raw[index] != name[index] { return false }
            return true
        }
    }
}
