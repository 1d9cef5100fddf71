import LinuxPlatform

/// The number of this host's last daemon run that made a file on the server, on the host's own disk.
///
/// It is synced before the number is used, so that no two runs have the same one, also where the server's
/// folder does not show the last run's file yet.
struct RunNumberFile: Sendable {
    private let file: OwnFile

    /// The record of one kind of run files, in the host's state directory.
    init(directory: String, part: RunPart) {
        file = OwnFile(directory: directory, name: "nfs-run-\(part.folderName)", kind: "holdfast-nfs-run 1")
    }

    /// What was written last; 0 when nothing ever was, or what was is unreadable: then the server's folder
    /// alone tells, and temporary files of former runs are removed before it is asked (`RunFileStart`).
    func read() -> UInt64 {
        guard let pairs = try? file.read() else { return 0 }
        return pairs["run"].flatMap { UInt64($0) } ?? 0
    }

    /// Writes and syncs; nil, or why not.
    func keep(_ run: UInt64) -> OwnFileError? {
        do throws(OwnFileError) {
            try file.write([("run", "\(run)")])
            return nil
        } catch {
            return error
        }
    }
}
