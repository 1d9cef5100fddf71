public import PoolModel

/// Where a statefile lies and with what it may be reached: what the configuration or the command line says.
public struct StatefileSource: Sendable, Equatable, CustomStringConvertible {
    /// Where.
    public var address: StatefileAddress
    /// How long a write of a former life may still land, where the operator stated it.
    public var lateWriteWait: TimeSpan?
    /// iSCSI: the name by which this host logs in, unique in the storage network; nil: the one of this host's
    /// kernel initiator (/etc/iscsi/initiatorname.iscsi), else one derived from `hostName`.
    public var initiatorName: String?
    /// This host's name in the host table, where it is known.
    public var hostName: String?
    /// NFS: where this host keeps the number of its last run, which names the files that a run writes.
    public var stateDirectory: String?
    /// iSCSI: the file that holds the CHAP secrets, readable for its owner only.
    public var chapFile: String?

    /// The statefile at `address`.
    public init(_ address: StatefileAddress) { self.address = address }

    /// The file or device at `path`.
    public init(path: String) { self.init(.path(path)) }

    /// The address; it holds no secret.
    public var description: String { "\(address)" }

    /// What bounds the writes of this host's former lives on a device of `kind`.
    public func formerWritesBound(_ kind: TransportKind) -> FormerWritesBound {
        switch kind {
        case .file: .sinceBoot(lateWriteWait ?? .zero)
        case .block: .sinceBoot(lateWriteWait ?? .seconds(60))
        case .iscsi: .untilTakenOver(orAfter: lateWriteWait)
        // No time bounds a server that stands still; a run that has a file of its own need not wait for it.
        case .nfs: .untilTakenOver(orAfter: nil)
        }
    }
}

/// What a device is opened for, and by whom.
public struct StatefileUse: Sendable {
    /// Who it is that opens it: each keeps sessions of its own, so that none ends another's.
    public enum Purpose: UInt16, Sendable {
        /// The rounds of the daemon.
        case rounds = 1
        /// The pool records of the manager.
        case records = 2
        /// A tool, or a first look.
        case tool = 3
    }

    /// What may be done.
    public var access: DeviceAccess
    /// By whom.
    public var purpose: Purpose
    /// How long one request usually may take; what is longer counts as a failed way.
    public var patience: TimeSpan
    /// With how many bytes a file is made that is not there yet; nil: it must be there.
    public var createByteCount: Int?

    /// The use with this access and purpose.
    public init(
        _ access: DeviceAccess,
        _ purpose: Purpose,
        patience: TimeSpan = ToolPatience.span,
        createByteCount: Int? = nil
    ) {
        self.access = access
        self.purpose = purpose
        self.patience = patience
        self.createByteCount = createByteCount
    }
}
