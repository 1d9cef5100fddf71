public import LinuxPlatform

/// A logical unit of an iSCSI target, with the portals that lead to it.
public struct ISCSIAddress: Hashable, Sendable, CustomStringConvertible {
    /// The CHAP user; nil where the target asks for none, or the secrets' file names it.
    public let user: String?
    /// The portals, the preferred one first; each an address with its port.
    public let portals: [SocketAddress]
    /// The target's name.
    public let target: String
    /// The logical unit.
    public let lun: Int

    /// The port of a portal that gives none.
    public static let defaultPort: UInt16 = 3260
    /// The most portals; more than four paths make no statefile safer.
    public static let portalLimit = 4
    /// The largest LUN: those above need an addressing that arrays use for nothing small.
    public static let largestLUN = 255

    /// Reads what follows `iscsi://`.
    init(afterScheme text: Substring) throws(StatefileAddressError) {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        var authority = parts[0]
        if let at = authority.lastIndex(of: "@") {
            let name = authority[..<at]
            guard !name.contains("%") else { throw .holdsSecret }
            guard !name.isEmpty, name.allSatisfy(ISCSIAddress.isUserCharacter) else { throw .badUser }
            user = String(name)
            authority = authority[authority.index(after: at)...]
        } else {
            user = nil
        }
        portals = try ISCSIAddress.portals(in: authority)
        let target = parts.count > 1 ? String(parts[1]) : ""
        guard ISCSIAddress.isName(target) else { throw .badTarget(target) }
        self.target = target
        let number = parts.count > 2 ? String(parts[2]) : ""
        guard let lun = Int(number), (0...ISCSIAddress.largestLUN).contains(lun), !number.hasPrefix("+")
        else {
            throw .badLUN(number)
        }
        self.lun = lun
    }

    /// The address as it is written.
    public var description: String {
        let names = portals.map { "\($0)" }.joined(separator: ",")
        return "iscsi://\(user.map { "\($0)@" } ?? "")\(names)/\(target)/\(lun)"
    }

    private static func portals(in authority: Substring) throws(StatefileAddressError) -> [SocketAddress] {
        var found: [SocketAddress] = []
        for text in authority.split(separator: ",", omittingEmptySubsequences: false) {
            guard let portal = SocketAddress(String(text), defaultPort: defaultPort) else {
                throw .notAnAddress(String(text))
            }
            guard !found.contains(portal) else { throw .doublePortal("\(portal)") }
            found.append(portal)
        }
        guard found.count <= portalLimit else { throw .tooManyPortals(found.count) }
        return found
    }

    private static func isUserCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-+:".contains(character))
    }

    /// Whether `name` can be the name of a target or of an initiator.
    public static func isName(_ name: String) -> Bool {
        guard ["iqn.", "eui.", "naa."].contains(where: name.hasPrefix), name.utf8.count <= 223 else {
            return false
        }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-:_".contains($0)) }
    }
}
