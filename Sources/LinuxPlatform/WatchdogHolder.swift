import CLinux

/// Who has a watchdog device open; for messages and the command line, on an ordinary thread.
public struct WatchdogHolder: Hashable, Sendable, CustomStringConvertible {
    /// The process.
    public let process: Int32
    /// Its name.
    public let name: String

    /// `systemd (1): RuntimeWatchdogSec= in /etc/systemd/system.conf`.
    public var description: String {
        let hint = WatchdogHolder.hints[name].map { ": " + $0 } ?? ""
        return "\(name) (process \(process))\(hint)"
    }

    private static let hints = [
        "systemd": "set RuntimeWatchdogSec=off in /etc/systemd/system.conf, then 'systemctl daemon-reexec'",
        "sbd": "another fencing agent; only one may own the watchdog",
        "wdmd": "sanlock's watchdog daemon; only one may own the watchdog",
        "watchdog-mux": "the host belongs to another HA stack",
        "watchdogd": "stop and disable it",
        "watchdog": "stop and disable it",
        "holdfastd": "another or a former daemon of Holdfast",
    ]

    /// The processes that hold the device at `path`, under whichever of its names; empty when none is seen.
    ///
    /// Looks at the descriptors of every process, which needs root.
    public static func all(of path: String) -> [WatchdogHolder] {
        guard let device = try? FileStatus.of(path), device.kind == .character else { return [] }
        var names = [device]
        // The first watchdog has two device nodes: /dev/watchdog and /dev/watchdog0.
        for other in ["/dev/watchdog", "/dev/watchdog0"] {
            guard let status = try? FileStatus.of(other), status.kind == .character else { continue }
            let isPair =
                WatchdogSysfs.isLegacy(device) || (WatchdogSysfs.isLegacy(status) && path == "/dev/watchdog0")
            if isPair { names.append(status) }
        }
        return (try? directory("/proc"))?.compactMap { Int32($0) }.filter { holds($0, names) }.map {
            WatchdogHolder(process: $0, name: SmallFile.firstLine(of: "/proc/\($0)/comm") ?? "unknown")
        } ?? []
    }

    /// Reads where the links lead, and looks only at those into /dev: what is open on a dead server
    /// is left alone.
    private static func holds(_ process: Int32, _ devices: [FileStatus]) -> Bool {
        let folder = "/proc/\(process)/fd"
        for name in (try? directory(folder)) ?? [] {
            guard let target = link(folder + "/" + name), target.hasPrefix("/dev/") else { continue }
            guard let status = try? FileStatus.of(target), status.kind == .character else { continue }
            if devices.contains(where: { $0.device == status.device }) { return true }
        }
        return false
    }

    private static func link(_ path: String) -> String? {
        var room = [CChar](repeating: 0, count: 256)
        // At most `count` characters are written.
        let length = unsafe hf_read_link(path, &room, room.count)
        guard length > 0 else { return nil }
        return String(decoding: room.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func directory(_ path: String) throws(SystemError) -> [String] {
        var error: Int32 = 0
        // The handle is used by this function alone and closed by it.
        guard let handle = unsafe hf_directory_open(path, &error) else {
            throw SystemError(call: "opendir", subject: path, code: error)
        }
        defer { unsafe hf_directory_close(handle) }
        var names: [String] = []
        var room = [CChar](repeating: 0, count: 256)
        while unsafe hf_directory_next(handle, &room, room.count) == 1 {
            names.append(
                String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            )
        }
        return names
    }
}
