internal import Glibc

/// A UDP socket over IPv4, for the relay.
public final class DatagramSocket {
    private let descriptor: Descriptor

    /// Binds an address and a port; an address in use is an error that names both.
    public init(address: String, port: Int) throws(LabError) {
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(AF_INET, type, 0)
        guard number >= 0 else { throw LabError("socket", errorNumber: errno) }
        descriptor = Descriptor(owning: number)
        var target = try DatagramSocket.address(address, port: port)
        // SAFETY: a sockaddr_in may be read through its common head sockaddr; it lives during the call.
        let outcome = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else {
            throw LabError(
                "bind \(address):\(port) (another lab with an id that maps to it?)",
                errorNumber: errno
            )
        }
    }

    /// For poll.
    public var number: Int32 { descriptor.number }

    /// The next datagram; nil when there is none.
    public func receive() -> [UInt8]? {
        guard let bytes = descriptor.read(upTo: 65536), !bytes.isEmpty else { return nil }
        return bytes
    }

    /// Sends; what the system refuses is lost, as on any network.
    public func send(_ bytes: [UInt8], to address: String, port: Int) {
        guard var target = try? DatagramSocket.address(address, port: port) else { return }
        // SAFETY: as in init; the bytes live during the call.
        _ = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { head in
                unsafe bytes.withUnsafeBytes {
                    unsafe sendto(
                        descriptor.number,
                        $0.baseAddress,
                        $0.count,
                        0,
                        head,
                        socklen_t(MemoryLayout<sockaddr_in>.size)
                    )
                }
            }
        }
    }

    private static func address(_ text: String, port: Int) throws(LabError) -> sockaddr_in {
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        // SAFETY: the text is a NUL-terminated copy; inet_pton fills the in_addr for the time of the call.
        guard unsafe inet_pton(AF_INET, text, &target.sin_addr) == 1 else {
            throw LabError("'\(text)' is no IPv4 address")
        }
        return target
    }
}
