internal import LabPlatform

/// Follows the disk services' logs: what was written since the last look.
public final class WriteLogTail {
    private let paths: LabPaths
    private var offsets: [String: Int64] = [:]
    /// The newest write of each machine.
    public private(set) var newest: [String: LoggedWrite] = [:]

    /// Follows the logs of the lab in this folder, from their beginning.
    public init(directory: String) {
        paths = LabPaths(root: directory)
    }

    /// The writes since the last look, those of one host in order.
    public func more() -> [LoggedWrite] {
        var writes: [LoggedWrite] = []
        for name in FileTree.names(in: paths.writeLogs) {
            guard let file = try? Descriptor(path: paths.writeLogs + "/" + name, flags: OpenFlags.readOnly),
                case .success(let bytes) = file.read(at: offsets[name, default: 0], count: 1 << 20),
                let end = bytes.lastIndex(of: 10)
            else { continue }
            offsets[name, default: 0] += Int64(end + 1)
            writes += String(decoding: bytes[...end], as: UTF8.self).split(separator: "\n").compactMap {
                LoggedWrite(line: $0)
            }
        }
        for write in writes where write.landed > (newest[write.record.machine]?.landed ?? 0) {
            newest[write.record.machine] = write
        }
        return writes
    }
}
