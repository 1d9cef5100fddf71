/// One file or folder that a FUSE volume shows.
public struct FuseNode: Sendable {
    /// Its number; the root folder is 1.
    public var number: UInt64
    /// Its name in its folder.
    public var name: String
    /// It is a folder.
    public var isFolder: Bool
    /// Its size in bytes.
    public var size: Int64
    /// Its permission bits.
    public var permissions: UInt32

    /// A node with these facts.
    public init(
        number: UInt64,
        name: String,
        isFolder: Bool = false,
        size: Int64 = 0,
        permissions: UInt32 = 0o600
    ) {
        self.number = number
        self.name = name
        self.isFolder = isFolder
        self.size = size
        self.permissions = permissions
    }
}

/// What stands behind a FUSE volume.
///
/// All calls come from the thread that calls `FuseVolume.serve`.
///
/// Outcomes are error numbers, zero for success. A reply may be kept and answered later: the caller in the
/// kernel waits.
public protocol FuseFiles: AnyObject {
    /// The node with this number; nil when there is none.
    func node(_ number: UInt64) -> FuseNode?
    /// What is in a folder.
    func children(of folder: UInt64) -> [FuseNode]
    /// A new file; nil when none may be made here.
    func create(_ name: String, in folder: UInt64) -> FuseNode?
    /// A file is opened.
    func open(_ node: UInt64) -> Int32
    /// The last descriptor of one open is closed.
    func close(_ node: UInt64)
    /// Read so many bytes from there.
    func read(_ node: UInt64, offset: Int64, count: Int, reply: FuseReply)
    /// Write these bytes there.
    func write(_ node: UInt64, offset: Int64, bytes: [UInt8], reply: FuseReply)
    /// All that was written must be safe.
    func sync(_ node: UInt64, reply: FuseReply)
    /// The file gets this size.
    func resize(_ node: UInt64, to size: Int64) -> Int32
    /// A device command; `input` is what the command's number says that it passes in.
    func control(_ node: UInt64, command: UInt32, input: [UInt8], outputCount: Int, reply: FuseReply)
}
