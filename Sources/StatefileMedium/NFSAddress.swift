import LinuxPlatform

/// A folder on an NFS server, with what a client may be told about reaching it.
public struct NFSAddress: Hashable, Sendable, CustomStringConvertible {
    /// The server's IPv4 or IPv6 address, without brackets.
    public var server: String
    /// The folder on the server, absolute.
    public var path: String
    /// The port of the NFS service; nil: the portmapper tells.
    public var nfsPort: UInt16?
    /// The port of the mount service; nil: the portmapper tells.
    public var mountPort: UInt16?
    /// The user id that requests carry; nil: this process's own.
    public var uid: UInt32?
    /// The group id that requests carry; nil: this process's own.
    public var gid: UInt32?

    /// A folder with everything else left to the defaults.
    public init(server: String, path: String) {
        self.server = server
        self.path = path
    }

    /// Reads what follows `nfs://`.
    init(afterScheme text: Substring) throws(StatefileAddressError) {
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let place = halves[0]
        guard let slash = place.firstIndex(of: "/") else { throw .noFolder(String(place)) }
        let authority = String(place[..<slash])
        let server =
            authority.hasPrefix("[") && authority.hasSuffix("]")
            ? String(authority.dropFirst().dropLast()) : authority
        // A port is an option, so that there is one place for it.
        guard let address = SocketAddress("[\(server)]", defaultPort: 0), address.port == 0 else {
            throw .notAnAddress(authority)
        }
        var path = String(place[slash...])
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard path.count > 1 else { throw .noFolder(path) }
        self.init(server: server, path: path)
        guard halves.count > 1 else { return }
        for option in halves[1].split(separator: "&") { try take(option) }
    }

    private mutating func take(_ option: Substring) throws(StatefileAddressError) {
        let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let value = parts.count > 1 ? String(parts[1]) : ""
        switch name {
        case "version":
            guard value != "3" else { return }
            guard value.hasPrefix("4") else { throw .badOption(name: name, value: value, allowed: "3") }
            throw .versionFour(value)
        case "nfsport": nfsPort = try NFSAddress.number(name, value, 1)
        case "mountport": mountPort = try NFSAddress.number(name, value, 1)
        case "uid": uid = try NFSAddress.number(name, value, 0)
        case "gid": gid = try NFSAddress.number(name, value, 0)
        default: throw .unknownOption(name)
        }
    }

    private static func number<Number: FixedWidthInteger>(
        _ name: String,
        _ value: String,
        _ least: Number
    ) throws(StatefileAddressError) -> Number {
        guard let number = Number(value), number >= least else {
            throw .badOption(name: name, value: value, allowed: "a number from \(least) to \(Number.max)")
        }
        return number
    }

    /// The address as it is written.
    public var description: String {
        var options: [String] = []
        if let nfsPort { options.append("nfsport=\(nfsPort)") }
        if let mountPort { options.append("mountport=\(mountPort)") }
        if let uid { options.append("uid=\(uid)") }
        if let gid { options.append("gid=\(gid)") }
        let host = server.contains(":") ? "[\(server)]" : server
        return "nfs://\(host)\(path)" + (options.isEmpty ? "" : "?" + options.joined(separator: "&"))
    }
}
