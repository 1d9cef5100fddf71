internal import Glibc

/// Files and folders of the lab: small helpers that say what failed.
public enum FileTree {
    /// Whether something is there.
    public static func exists(_ path: String) -> Bool {
        // SAFETY: the path is a NUL-terminated copy that lives during the call.
        unsafe access(path, F_OK) == 0
    }

    /// Whether it can be run.
    public static func isExecutable(_ path: String) -> Bool {
        // SAFETY: as above.
        unsafe access(path, X_OK) == 0
    }

    /// Whether this user may write it.
    public static func isWritable(_ path: String) -> Bool {
        // SAFETY: as above.
        unsafe access(path, W_OK) == 0
    }

    /// Whether it is a block device.
    public static func isBlockDevice(_ path: String) -> Bool {
        var facts = stat()
        // SAFETY: stat(2) fills the struct that is passed for the time of the call.
        return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFBLK
    }

    /// The whole file as text; nil when it cannot be read.
    public static func text(_ path: String) -> String? {
        guard let file = try? Descriptor(path: path, flags: O_RDONLY) else { return nil }
        var bytes: [UInt8] = []
        while let more = file.read(), !more.isEmpty { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces a file's contents.
    public static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws(LabError) {
        let file = try Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        guard file.write(text: text) else { throw LabError("write \(path)", errorNumber: errno) }
    }

    /// Writes into a file of the kernel, which neither is created nor cut; zero or the error number.
    @discardableResult
    public static func poke(_ path: String, _ text: String) -> Int32 {
        // SAFETY: the path and the text are copies that live during the calls.
        let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return errno }
        let bytes = Array(text.utf8)
        let put = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, bytes.count) }
        let outcome = put == bytes.count ? 0 : errno
        _ = close(file)
        return outcome
    }

    /// Makes a folder and those above it.
    public static func makeFolder(_ path: String, mode: UInt32 = 0o755) throws(LabError) {
        var built = ""
        for part in path.split(separator: "/") {
            built += "/" + part
            // SAFETY: the path is a NUL-terminated copy that lives during the call.
            if unsafe mkdir(built, mode_t(mode)) != 0, errno != EEXIST {
                let why = errno
                if exists(built) { continue }
                throw LabError("mkdir \(built)", errorNumber: why)
            }
        }
    }

    /// The names in a folder, sorted; empty when it cannot be read.
    public static func names(in folder: String) -> [String] {
        // SAFETY: opendir gives a handle that this function alone uses and closes; readdir's entry lives
        // until the next call, and its name, a NUL-terminated array inside the entry, is copied before.
        guard let handle = unsafe opendir(folder) else { return [] }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        _ = unsafe closedir(handle)
        return names.sorted()
    }

    /// Removes a file or an empty folder; zero or the error number.
    @discardableResult
    public static func remove(_ path: String) -> Int32 {
        // SAFETY: the path is a NUL-terminated copy that lives during the call.
        unsafe Glibc.remove(path) == 0 ? 0 : errno
    }

    /// Removes an empty folder, such as a cgroup; zero or the error number.
    @discardableResult
    public static func removeFolder(_ path: String) -> Int32 {
        // SAFETY: as above.
        unsafe rmdir(path) == 0 ? 0 : errno
    }

    /// The folders below a folder, those deepest first, and itself last: the order in which cgroups are
    /// removed.
    public static func folders(below root: String) -> [String] {
        names(in: root).map { root + "/" + $0 }.filter { facts($0)?.isFolder ?? false }
            .flatMap { folders(below: $0) } + [root]
    }

    /// Removes a folder with all that is below it; never follows a link and never leaves the device it began
    /// on, so a mount that is still there keeps its files.
    public static func removeAll(_ path: String) {
        guard let device = facts(path)?.device else { return }
        removeAll(path, device: device)
    }

    private static func removeAll(_ path: String, device: UInt64) {
        guard let entry = facts(path), entry.device == device else { return }
        if entry.isFolder {
            for name in names(in: path) { removeAll(path + "/" + name, device: device) }
            removeFolder(path)
        } else {
            remove(path)
        }
    }

    private static func facts(_ path: String) -> (device: UInt64, isFolder: Bool)? {
        var facts = stat()
        // SAFETY: lstat(2) fills the struct that is passed for the time of the call.
        guard unsafe lstat(path, &facts) == 0 else { return nil }
        return (UInt64(facts.st_dev), facts.st_mode & S_IFMT == S_IFDIR)
    }

    /// Renames within one folder tree, replacing what was there.
    public static func rename(_ from: String, to: String) throws(LabError) {
        // SAFETY: both paths are NUL-terminated copies that live during the call.
        guard unsafe Glibc.rename(from, to) == 0 else {
            throw LabError("rename \(from) to \(to)", errorNumber: errno)
        }
    }

    /// The inode of a namespace file such as /proc/self/ns/pid, as text; nil when it cannot be read.
    public static func link(_ path: String) -> String? {
        var count = -1
        // SAFETY: readlink(2) writes at most 4096 bytes into the buffer of that capacity; `count` of them are
        // set.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
            count = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe text.baseAddress.map { unsafe readlink(path, $0, 4096) } ?? -1
            }
            initialized = max(0, count)
        }
        return count < 0 ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
