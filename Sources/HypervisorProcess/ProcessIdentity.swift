import LinuxPlatform

/// A process by number and start time, so that another one that got the same number later is not taken for
/// it.
struct ProcessIdentity: Hashable, Sendable {
    /// The number.
    let pid: Int32
    /// When it started, in clock ticks since boot; field 22 of /proc/PID/stat, see proc(5).
    let startTicks: UInt64

    /// What the kernel says of a process at the moment.
    struct State: Hashable, Sendable {
        let startTicks: UInt64
        /// `R`, `S`, `D`, `T` for stopped, `Z` for ended and not yet reaped.
        let letter: Character
    }

    /// What the kernel says of `pid`; nil when there is no such process.
    static func state(of pid: Int32) -> State? {
        guard let bytes = try? SmallFile.read("/proc/\(pid)/stat") else { return nil }
        // The name in parentheses may hold anything; the fields begin after the last parenthesis.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let letter = fields[0].first, let ticks = UInt64(fields[19]) else {
            return nil
        }
        return State(startTicks: ticks, letter: letter)
    }

    /// Whether it still runs: there, the same, and not a zombie.
    var isRunning: Bool {
        guard let state = ProcessIdentity.state(of: pid), state.startTicks == startTicks else { return false }
        return state.letter != "Z" && state.letter != "X"
    }

    /// Whether one of the words that /proc shows of it, arguments or environment, is `word`.
    func shows(_ word: String, in file: String) -> Bool {
        guard let bytes = try? SmallFile.read("/proc/\(pid)/\(file)", limit: 1 << 20) else { return false }
        return bytes.split(separator: 0).contains { String(decoding: $0, as: UTF8.self) == word }
    }
}
