import CLinux

/// An IPv4 or IPv6 address with a UDP port; always numbers, never a name: a fencing daemon waits for no DNS.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 6.
    public let family: Int
    /// The address in network order; IPv4 in the first four bytes.
    public let bytes: [UInt8]
    /// The port.
    public let port: UInt16
    /// The interface index of a link-local IPv6 address, else 0.
    public let scope: UInt32

    /// The address in network order, 4 or 16 bytes.
    public init?(bytes: [UInt8], port: UInt16, scope: UInt32 = 0) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        family = bytes.count == 4 ? 4 : 6
        self.bytes = bytes
        self.port = port
        self.scope = scope
    }

    /// Reads `10.77.0.2`, `10.77.0.2:7694`, `fd00::2`, `[fd00::2]:7694` or `fe80::1%eth0`; nil when it is
    /// none.
    public init?(_ text: String, defaultPort: UInt16) {
        var host = text
        var port = defaultPort
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":"), let number = UInt16(rest.dropFirst()) else { return nil }
                port = number
            }
        } else if let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon {
            guard let number = UInt16(text[text.index(after: colon)...]) else { return nil }
            host = String(text[..<colon])
            port = number
        }
        var found = hf_address()
        // Reads the text up to its 0 and fills in `found`.
        guard unsafe hf_address_parse(host, &found) == 0 else { return nil }
        family = Int(found.family)
        self.port = port
        scope = found.scope
        var list: [UInt8] = []
        // The 16 bytes of the tuple are initialised.
        unsafe withUnsafeBytes(of: found.bytes) { raw in
            list = unsafe Array(raw.prefix(found.family == 4 ? 4 : 16))
        }
        bytes = list
    }

    /// The address as the C side takes it.
    var native: hf_address {
        var address = hf_address()
        address.family = Int32(family)
        address.port = port
        address.scope = scope
        // At most 16 bytes are copied into the 16 bytes of the tuple.
        unsafe withUnsafeMutableBytes(of: &address.bytes) { raw in
            for (index, byte) in bytes.enumerated() where index < 16 { unsafe raw[index] = byte }
        }
        return address
    }

    /// `10.77.0.2:7694` or `[fd00::2]:7694`.
    public var description: String {
        var address = native
        let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { room in
            // Writes at most 64 characters, ended with 0; 64 hold every address.
            unsafe hf_address_text(&address, room.baseAddress, room.count) == 0
                ? String(decoding: UnsafeRawBufferPointer(room).prefix { $0 != 0 }, as: UTF8.self) : "?"
        }
        return family == 4 ? "\(text):\(port)" : "[\(text)]:\(port)"
    }
}
