import CLinux

/// A file that is there whole or not at all, whatever happens while it is written.
public enum WholeFile {
    /// Writes `pieces`, one after another, as the file `name` of `directory`; a former one is replaced.
    ///
    /// Written under another name, synced, renamed, and the directory synced. After an error the former file
    /// stands, and what was written is removed. Blocks as long as the file system does.
    public static func write(
        _ pieces: [[UInt8]],
        as name: String,
        in directory: String,
        permissions: UInt32 = 0o600
    ) throws(SystemError) {
        let path = directory + "/" + name
        let temporary = directory + "/." + name + ".new"
        do throws(SystemError) {
            try writeSynced(pieces, to: temporary, permissions)
            let renamed = unsafe hf_rename(temporary, path)
            guard renamed == 0 else { throw SystemError("rename", path, result: renamed) }
        } catch {
            // The former file stands either way.
            _ = unsafe hf_unlink(temporary)
            throw error
        }
        let folder = try Descriptor.open(directory, [.read, .directory])
        let synced = hf_fsync(folder.number)
        guard synced == 0 else { throw SystemError("fsync", directory, result: synced) }
    }

    private static func writeSynced(_ pieces: [[UInt8]], to path: String, _ permissions: UInt32)
        throws(SystemError)
    {
        let file = try Descriptor.open(path, [.write, .create, .truncate], permissions: permissions)
        for piece in pieces { try SmallFile.writeAll(piece, to: file.number, path: path) }
        let synced = hf_fsync(file.number)
        guard synced == 0 else { throw SystemError("fsync", path, result: synced) }
    }
}
