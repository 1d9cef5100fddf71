/// Where a statefile lies, as the configuration and the command line write it.
///
/// - a path: `/srv/statefile`, `/dev/disk/by-id/scsi-36001405…`
/// - `iscsi://[user@]portal[:port][,portal2[:port]]/target/lun`
/// - `nfs://server/folder[?option=value&…]`
///
/// No address holds a secret: command lines and logs are read by many. A CHAP secret lies in a file of its
/// own.
public enum StatefileAddress: Hashable, Sendable, CustomStringConvertible {
    /// A regular file, or a block device that the kernel attached.
    case path(String)
    /// A logical unit, reached without the kernel.
    case iscsi(ISCSIAddress)
    /// A folder on a server, reached without the kernel.
    case nfs(NFSAddress)

    /// The forms, for messages and help.
    public static let forms = """
        a path, iscsi://[user@]portal[:port][,portal2[:port]]/target/lun, or \
        nfs://server/folder[?nfsport=&mountport=&uid=&gid=]
        """

    /// Reads an address.
    public init(_ text: String) throws(StatefileAddressError) {
        guard let end = text.firstRange(ofCharacters: "://") else {
            guard !text.isEmpty else { throw .empty }
            self = .path(text)
            return
        }
        let rest = text[end.upperBound...]
        switch text[..<end.lowerBound] {
        case "iscsi": self = .iscsi(try ISCSIAddress(afterScheme: rest))
        case "nfs": self = .nfs(try NFSAddress(afterScheme: rest))
        default: throw .unknownScheme(String(text[..<end.lowerBound]))
        }
    }

    /// The address as it is written; it holds no secret.
    public var description: String {
        switch self {
        case .path(let path): path
        case .iscsi(let address): "\(address)"
        case .nfs(let address): "\(address)"
        }
    }

    /// The path, where it is one.
    public var path: String? {
        if case .path(let path) = self { path } else { nil }
    }
}

/// Why a text is no address of a statefile.
public enum StatefileAddressError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is nothing.
    case empty
    /// What stands before `://` is no transport.
    case unknownScheme(String)
    /// A secret stands in it; the secret itself is not kept here.
    case holdsSecret
    /// A portal or server is a name and no IP address.
    case notAnAddress(String)
    /// More portals than are of use.
    case tooManyPortals(Int)
    /// The same portal stands there twice.
    case doublePortal(String)
    /// The target has no name of iSCSI.
    case badTarget(String)
    /// The LUN is no number that is supported.
    case badLUN(String)
    /// The user's name cannot be one.
    case badUser
    /// The folder is missing, or not absolute.
    case noFolder(String)
    /// An option of the URL that is not known.
    case unknownOption(String)
    /// An option has a value that it cannot have.
    case badOption(name: String, value: String, allowed: String)
    /// NFS version 4.
    case versionFour(String)

    /// What is wrong, without a subject, and what to write instead.
    public var description: String {
        switch self {
        case .empty: "is empty; it is \(StatefileAddress.forms)"
        case .unknownScheme(let scheme): "begins with '\(scheme)://'; it is \(StatefileAddress.forms)"
        case .holdsSecret:
            "holds a secret (user%secret@): everybody on this host can read command lines; write the user alone, "
                + "and the secret in a file of mode 600 (statefile.chap-file, --chap-file)"
        case .notAnAddress(let name):
            "names '\(name)', which is no IP address: looking a name up may take longer than any deadline; "
                + "give the address, IPv6 in brackets"
        case .tooManyPortals(let count): "has \(count) portals; at most \(ISCSIAddress.portalLimit) are used"
        case .doublePortal(let portal): "names the portal \(portal) twice"
        case .badTarget(let target):
            "has '\(target)' as its target; a target's name begins with 'iqn.', 'eui.' or 'naa.' and has at most 223 "
                + "characters; it is iscsi://portal/target/lun"
        case .badLUN(let text):
            "has '\(text)' as its LUN; it is a number from 0 to \(ISCSIAddress.largestLUN)"
        case .badUser:
            "has an empty user name, or one with characters other than letters, digits and . _ - + :"
        case .noFolder(let text): "has no folder ('\(text)'); it is nfs://server/folder"
        case .unknownOption(let name):
            "has the option '\(name)'; the options are version, nfsport, mountport, uid and gid"
        case .badOption(let name, let value, let allowed): "has \(name)=\(value); \(name) is \(allowed)"
        case .versionFour(let version):
            "asks for NFS version \(version): with the libnfs of Debian 12 (4.0.0) version 4 carries no write of 4096 "
                + "bytes, and a lease that was lost once is never taken again; leave it out, or say version=3"
        }
    }
}

extension StringProtocol {
    /// The first place where `wanted` stands.
    func firstRange(ofCharacters wanted: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(wanted) { return start..<index(start, offsetBy: wanted.count) }
            start = index(after: start)
        }
        return nil
    }
}
