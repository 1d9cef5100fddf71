/// A numeric IPv4 or IPv6 address; names are not resolved, for a daemon that fences must not wait for DNS.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes in network order.
    public let bytes: [UInt8]

    /// Whether it is an IPv6 address.
    public var isIPv6: Bool { bytes.count == 16 }

    /// Whether it is 0.0.0.0 or ::.
    public var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    /// The address that `text` writes, nil when it is none.
    public init?(_ text: String) {
        guard let bytes = NetworkAddress.version4(text) ?? NetworkAddress.version6(text) else {
            return nil
        }
        self.bytes = bytes
    }

    private static func version4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ "0"..."9" ~= $0 }) else { return nil }
            guard part.count == 1 || part.first != "0", let byte = UInt8(part) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: String) -> [UInt8]? {
        guard let gap = firstGap(in: text) else {
            guard let bytes = groups(text), bytes.count == 16 else { return nil }
            return bytes
        }
        guard let head = groups(gap.head, mayEndInVersion4: false), let tail = groups(gap.tail) else {
            return nil
        }
        guard head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func firstGap(in text: String) -> (head: String, tail: String)? {
        var before = ""
        var rest = Substring(text)
        while let character = rest.first {
            if rest.hasPrefix("::") { return (before, String(rest.dropFirst(2))) }
            before.append(character)
            rest = rest.dropFirst()
        }
        return nil
    }

    private static func groups(_ text: String, mayEndInVersion4: Bool = true) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, let tail = version4(part) {
                bytes += tail
                continue
            }
            guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit) else { return nil }
            guard part.allSatisfy(\.isASCII), let group = UInt16(part, radix: 16) else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
        }
        return bytes.count <= 16 ? bytes : nil
    }

    /// The address in plain notation, an IPv6 one without shortening zeros away.
    public var description: String {
        guard isIPv6 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}

/// An address with a UDP port.
public struct NetworkEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// The address.
    public var address: NetworkAddress
    /// The port.
    public var port: UInt16

    /// The endpoint with these two.
    public init(address: NetworkAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `10.0.0.1`, `10.0.0.1:7694`, `fd00::2` or `[fd00::2]:7694`; nil for anything else.
    init?(_ text: String, defaultPort: UInt16) {
        if let address = NetworkAddress(text) {
            self.init(address: address, port: defaultPort)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let port = UInt16(text[text.index(after: colon)...]), port != 0 else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard let address = NetworkAddress(String(host)), address.isIPv6 else { return nil }
            self.init(address: address, port: port)
        } else {
            guard let address = NetworkAddress(String(host)), !address.isIPv6 else { return nil }
            self.init(address: address, port: port)
        }
    }

    /// `10.0.0.1:7694`, `[fd00:0:0:0:0:0:0:2]:7694`.
    public var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
