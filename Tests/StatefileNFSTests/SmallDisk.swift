import LabPlatform

/// A filesystem of a few MiB in a file, mounted where a server exports it, to be filled up.
struct SmallDisk: Sendable {
    private let folder: String

    init(at folder: String, image: String, byteCount: Int) throws {
        self.folder = folder
        let file = try LabPlatform.Descriptor(path: image, flags: 0o102)
        guard file.resize(to: Int64(byteCount)) == 0 else { throw LabError("cannot size \(image)") }
        try Processes.run("/usr/sbin/mkfs.ext4", ["-q", "-F", "-m", "0", "-O", "^has_journal", image])
        try Processes.run("/usr/bin/mount", ["-o", "loop", image, folder])
    }

    /// Writes until nothing fits any more.
    func fill() throws {
        let file = try LabPlatform.Descriptor(path: folder + "/filler", flags: 0o102)
        var offset: Int64 = 0
        var size = 65536
        while size >= 512 {
            if file.write([UInt8](repeating: 1, count: size), at: offset) == 0 {
                offset += Int64(size)
            } else {
                size /= 2
            }
        }
        file.close()
        try Processes.run("/usr/bin/sync", ["-f", folder])
    }

    func remove() { _ = try? Processes.run("/usr/bin/umount", ["-l", folder]) }
}
