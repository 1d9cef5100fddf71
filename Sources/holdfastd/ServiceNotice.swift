import FoundationEssentials

/// What systemd handed over at the start, as sd_listen_fds(3) tells it.
enum InheritedDescriptors {
    /// The first descriptor that systemd passes.
    static let first: Int32 = 3

    /// The number of the descriptor called `name` in the store; nil when there is none, or it is another
    /// process's.
    static func number(named name: String, in environment: [String: String], ownProcess: Int32) -> Int32? {
        guard environment["LISTEN_PID"] == "\(ownProcess)" else { return nil }
        guard let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), (1...1000).contains(count) else {
            return nil
        }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(
            separator: ":",
            omittingEmptySubsequences: false
        )
        guard let index = names.firstIndex(of: Substring(name)), index < Int(count) else { return nil }
        return first + Int32(index)
    }
}

/// Finds the number of an open descriptor by its file; for the descriptor store only, on an ordinary thread.
enum OpenDescriptors {
    /// The descriptor of this process whose file is `path`; nil when none is.
    static func number(of path: String) -> Int32? {
        let manager = FileManager.default
        guard let names = try? manager.contentsOfDirectory(atPath: "/proc/self/fd") else { return nil }
        for name in names.sorted() {
            guard let target = try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)") else {
                continue
            }
            if target == path { return Int32(name) }
        }
        return nil
    }
}
