/// What an NFSv3 server answers: RFC 1813, section 2.6, `nfsstat3` (and `mountstat3` with the same numbers).
public struct NFSStatus: BitwiseCopyable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the answer.
    public let code: UInt32

    /// The status with this number.
    public init(_ code: UInt32) { self.code = code }

    /// NFS3_OK.
    public static let ok = NFSStatus(0)
    /// NFS3ERR_PERM.
    public static let notOwner = NFSStatus(1)
    /// NFS3ERR_NOENT.
    public static let noSuchName = NFSStatus(2)
    /// NFS3ERR_IO.
    public static let inputOutput = NFSStatus(5)
    /// NFS3ERR_ACCES.
    public static let noPermission = NFSStatus(13)
    /// NFS3ERR_EXIST.
    public static let exists = NFSStatus(17)
    /// NFS3ERR_NOTDIR.
    public static let notAFolder = NFSStatus(20)
    /// NFS3ERR_ISDIR.
    public static let isAFolder = NFSStatus(21)
    /// NFS3ERR_FBIG.
    public static let tooLarge = NFSStatus(27)
    /// NFS3ERR_NOSPC.
    public static let noSpace = NFSStatus(28)
    /// NFS3ERR_ROFS.
    public static let readOnly = NFSStatus(30)
    /// NFS3ERR_DQUOT.
    public static let quota = NFSStatus(69)
    /// NFS3ERR_STALE.
    public static let stale = NFSStatus(70)
    /// NFS3ERR_BADHANDLE.
    public static let badHandle = NFSStatus(10_001)
    /// NFS3ERR_SERVERFAULT.
    public static let serverFault = NFSStatus(10_006)
    /// NFS3ERR_JUKEBOX.
    public static let tryLater = NFSStatus(10_008)

    /// The name in the RFC, with the number.
    public var description: String { name.map { "\($0), \(code)" } ?? "error \(code)" }

    private var name: String? {
        switch self {
        case .ok: "NFS3_OK"
        case .notOwner: "NFS3ERR_PERM"
        case .noSuchName: "NFS3ERR_NOENT"
        case .inputOutput: "NFS3ERR_IO"
        case .noPermission: "NFS3ERR_ACCES"
        case .exists: "NFS3ERR_EXIST"
        case .notAFolder: "NFS3ERR_NOTDIR"
        case .isAFolder: "NFS3ERR_ISDIR"
        case .tooLarge: "NFS3ERR_FBIG"
        case .noSpace: "NFS3ERR_NOSPC"
        case .readOnly: "NFS3ERR_ROFS"
        case .quota: "NFS3ERR_DQUOT"
        case .stale: "NFS3ERR_STALE"
        case .badHandle: "NFS3ERR_BADHANDLE"
        case .serverFault: "NFS3ERR_SERVERFAULT"
        case .tryLater: "NFS3ERR_JUKEBOX"
        default: nil
        }
    }

    /// What the operator can do about it.
    var nextStep: String {
        switch self {
        case .notOwner, .noPermission:
            "this host has no permission: give the folder to the uid and gid of the URL, or export it with "
                + "'no_root_squash'"
        case .readOnly: "the export is read-only for this host: export it 'rw'"
        case .noSpace: "the server's disk is full: make room on it"
        case .quota: "the quota of the folder's owner is used up: raise it"
        case .stale, .badHandle:
            "the file was removed, replaced or no longer exported; it is opened anew; where that fails, check "
                + "the server's exports"
        case .noSuchName: "the statefile is not there: check the path, or format it"
        case .notAFolder, .isAFolder: "a file is where a folder should be, or the reverse: check the path"
        case .tryLater: "the server wants to be asked later: check what it is busy with"
        case .inputOutput, .serverFault: "the server's own disk fails: check its log"
        default: "check the server's log"
        }
    }

    /// Whether access or place is wrong, and not the medium.
    var isRefusal: Bool {
        switch self {
        case .notOwner, .noPermission, .readOnly, .noSuchName, .notAFolder, .isAFolder: true
        default: false
        }
    }

    /// Whether a write that was answered so may have been carried out in part.
    ///
    /// The others are found before any byte is written.
    var mayBePartial: Bool {
        switch self {
        case .notOwner, .noPermission, .readOnly, .stale, .badHandle, .noSuchName, .exists, .notAFolder,
            .isAFolder, .tryLater:
            false
        default: true
        }
    }
}
